import { join } from 'node:path';
import { auditClaims } from '../../src/audit/audit-claims.js';
import { type AuditBook, compileAudit } from '../../src/audit/compile.js';
import { factsOf } from '../../src/audit/facts.js';
import type { Finding } from '../../src/audit/finding.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import { toYuan } from '../../src/kernel/money.js';
import type {
  KnowledgeBase,
  KnowledgePoint,
  LimitOf,
  SetId,
} from '../../src/knowledge/knowledge.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';

const root = join(import.meta.dirname, '../..');
const shipped = loadKnowledgeBase(join(root, 'knowledge'));
const book = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, shipped);

interface Setting {
  readonly knowledge?: KnowledgeBase;
  readonly settings?: Partial<AuditBook['settings']>;
  readonly dismissed?: readonly string[];
}

/** Judges the claims of one person by the shipped rules. */
export function audit(
  input: object,
  { knowledge = shipped, settings = {}, dismissed = [] }: Setting = {},
) {
  const each = ruleCaseSchema.parse({ name: 'vector', finds: 'nothing', ...input });
  const compiled = compileAudit(
    { ...book, settings: { ...book.settings, ...settings } },
    knowledge,
  );
  const scope = { months: null, dismissed: new Set(dismissed) };
  return auditClaims(compiled, claimsOfCase(each).map(factsOf), scope);
}

/** A knowledge point on item X1. */
export function point<S extends SetId>(
  set: S,
  limit: LimitOf[S],
  fields: Partial<KnowledgePoint> = {},
): KnowledgePoint {
  return {
    id: `test-${set}`,
    set,
    name: 'X1',
    codes: ['X1'],
    limit,
    effectiveFrom: null,
    effectiveUntil: null,
    ...fields,
  } as KnowledgePoint;
}

/** `rule role amount`, sorted. */
export const summary = (findings: readonly Finding[]) =>
  findings.map(({ rule, role, amountFen }) => `${rule.id} ${role} ${toYuan(amountFen)}`).sort();

import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decimal } from '../kernel/decimal.js';
import { toYuan } from '../kernel/money.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { auditPerson, EVERYTHING } from './audit-person.js';
import { type AuditBook, compileAudit } from './compile.js';
import { Coverage } from './coverage.js';
import { factsOf } from './facts.js';
import type { Rule } from './rule.js';
import { claimsOfCase, type RuleCase, ruleCaseSchema } from './rule-case.js';
import { loadAuditBook } from './rules.loader.js';

const root = join(import.meta.dirname, '../..');
const knowledge = loadKnowledgeBase(join(root, 'knowledge'));
const book = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, knowledge);

function run(rule: Rule, each: RuleCase) {
  const settings: AuditBook['settings'] =
    each.incisionRatio === undefined
      ? book.settings
      : { ...book.settings, incision: { ratio: decimal(each.incisionRatio), clause: 'local' } };
  const audit = compileAudit({ ...book, settings }, knowledge, new Set([rule.id]));
  const coverage = new Coverage(null);
  const findings = auditPerson(audit, claimsOfCase(each).map(factsOf), EVERYTHING, coverage);
  return { findings, coverage };
}

describe.each(book.rules)('$id $title', (rule) => {
  const cases = rule.cases.map((each) => ruleCaseSchema.parse(each));

  it.each(cases)('$name', (each) => {
    const { findings, coverage } = run(rule, each);
    if (Array.isArray(each.finds)) {
      expect(
        findings.map((finding) => ({
          class: finding.class,
          certainty: finding.certainty,
          amount: toYuan(finding.amountFen),
          facts: Object.fromEntries(Object.entries(finding.facts).map(([k, v]) => [k, String(v)])),
        })),
      ).toEqual(each.finds.map((expected) => expect.objectContaining(withFacts(expected))));
      expect(findings.map(({ message }) => message)).not.toContainEqual(
        expect.stringMatching(/[{}]/),
      );
      return;
    }
    expect(findings).toEqual([]);
    if (each.finds === 'nothing') return;
    const counted = coverage.rows().flatMap(({ notApplicable }) => [...notApplicable]);
    expect(counted).toEqual([[each.finds.notApplicable, each.finds.times]]);
  });
});

function withFacts<T extends { facts?: Record<string, string> | undefined }>(expected: T) {
  const { facts, ...rest } = expected;
  return facts === undefined ? rest : { ...rest, facts: expect.objectContaining(facts) };
}

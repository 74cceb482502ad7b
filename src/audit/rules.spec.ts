import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decimal } from '../kernel/decimal.js';
import { toYuan } from '../kernel/money.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { auditPerson, EVERYTHING } from './audit-person.js';
import { type AuditBook, compileAudit } from './compile.js';
import { Coverage } from './coverage.js';
import { factsOf } from './facts.js';
import { parseRow } from './local-table.js';
import { TABLES, tablesOf } from './local-tables.loader.js';
import type { Rule } from './rule.js';
import { claimsOfCase, type RuleCase, ruleCaseSchema } from './rule-case.js';
import { registersOfCase } from './rule-case-registers.js';
import { loadAuditBook } from './rules.loader.js';
import { reusedTraceCodes as reusedTraceCodesOf } from './trace-reuse.js';

const root = join(import.meta.dirname, '../..');
const knowledge = loadKnowledgeBase(join(root, 'knowledge'));
const book = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, knowledge);

function run(rule: Rule, each: RuleCase) {
  const settings: AuditBook['settings'] =
    each.incisionRatio === undefined
      ? book.settings
      : { ...book.settings, incision: { ratio: decimal(each.incisionRatio), clause: 'local' } };
  const { site, person } = registersOfCase(each.registers);
  const tables = tablesWith(each.tables);
  const audit = compileAudit({ ...book, settings, tables }, knowledge, new Set([rule.id]), site);
  const coverage = new Coverage(null);
  const claims = claimsOfCase(each).map(factsOf);
  const reusedTraceCodes = reusedTraceCodesOf(claims).get('P1') ?? [];
  const registered = { ...person, reusedTraceCodes };
  const findings = auditPerson(audit, claims, EVERYTHING, coverage, registered);
  return { findings, coverage: coverage.rows(audit.unavailable) };
}

/** The shipped tables, with those a case gives in the place of the shipped ones of that name. */
function tablesWith(given: RuleCase['tables']) {
  const rows = new Map(
    [...TABLES.values()].map((table) => [table.name, book.tables.get(table).rows]),
  );
  for (const [name, cells] of Object.entries(given)) {
    const table = TABLES.get(name);
    if (table === undefined) throw new Error(`no table ${name}`);
    rows.set(
      name,
      cells.map((each) => {
        const parsed = parseRow(table, each);
        if ('problems' in parsed) throw new Error(`${name}: ${parsed.problems.join('; ')}`);
        return parsed.row;
      }),
    );
  }
  return tablesOf(rows);
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
    const counted = coverage.flatMap(({ notApplicable }) => [...notApplicable]);
    expect(counted).toEqual([[each.finds.notApplicable, each.finds.times]]);
  });
});

function withFacts<T extends { facts?: Record<string, string> | undefined }>(expected: T) {
  const { facts, ...rest } = expected;
  return facts === undefined ? rest : { ...rest, facts: expect.objectContaining(facts) };
}

import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { toYuan } from '../kernel/money.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { auditClaims } from './audit-claims.js';
import { type AuditBook, compileAudit } from './compile.js';
import { factsOf } from './facts.js';
import type { Finding } from './finding.js';
import type { LocalTable } from './local-table.js';
import { parseRow } from './local-table.js';
import { TABLES, tablesOf } from './local-tables.loader.js';
import type { Rule } from './rule.js';
import { claimsOfCase, ruleCaseSchema } from './rule-case.js';
import { loadAuditBook } from './rules.loader.js';

/** Acceptance vectors on stays and packaged cases that span rules: overlap of case and line money, relations, order. */

const root = join(import.meta.dirname, '../..');
const knowledge = loadKnowledgeBase(join(root, 'knowledge'));
const book = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, knowledge);

type Rows = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;

/** Audits by the shipped rules, those named on trial put into force. */
function audit(
  claims: readonly object[],
  {
    active = [],
    tables = {},
  }: { readonly active?: readonly string[]; readonly tables?: Rows } = {},
): readonly Finding[] {
  const input = { name: 'vector', finds: 'nothing', claims };
  const compiled = compileAudit(
    { ...book, rules: book.rules.map((rule) => enforced(rule, active)), tables: filled(tables) },
    knowledge,
  );
  return auditClaims(compiled, claimsOfCase(ruleCaseSchema.parse(input)).map(factsOf)).findings;
}

function enforced(rule: Rule, active: readonly string[]): Rule {
  return active.includes(rule.id) ? { ...rule, status: 'ACTIVE' } : rule;
}

function filled(given: Rows): AuditBook['tables'] {
  const named = Object.entries(given).map(([name, rows]) => {
    const table = TABLES.get(name) as LocalTable<unknown>;
    const parsed = rows.map((cells) => parseRow(table, cells));
    return [name, parsed.flatMap((each) => ('row' in each ? [each.row] : []))] as const;
  });
  const shipped = [...TABLES.values()].map(
    (table) => [table.name, book.tables.get(table).rows] as const,
  );
  return tablesOf(new Map([...shipped, ...named]));
}

/** `rule role amount`, sorted; findings on trial left out. */
const summary = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ mode }) => mode === 'active')
    .map(({ rule, role, amountFen }) => `${rule.id} ${role} ${toYuan(amountFen)}`)
    .sort();

const STANDARDS: Rows = {
  'group-standard': [
    { group: 'GD25', standard: '8000.00', clause: '测试' },
    { group: 'GZ15', standard: '5000.00', clause: '测试' },
  ],
};

describe('a packaged case declared too high with an item charged too often', () => {
  const claim = (fund: string) => ({
    admitted: '2024-03-01',
    discharged: '2024-03-05',
    diagnoses: ['K35.800x001'],
    procedures: ['47.0100'],
    fund,
    lines: [
      { item: '001201000040000', on: '2024-03-02', quantity: '2', price: '50.00' },
      { item: 'X1', kind: 'drug', on: '2024-03-02', price: '3900.00' },
    ],
  });

  it('costs the line first, then the difference of the groups', () => {
    expect(summary(audit([claim('4000.00')], { tables: STANDARDS }))).toEqual([
      'CMX-01 primary 3000.00',
      'QTY-01 primary 50.00',
    ]);
  });

  it('never costs more than the fund paid for the case', () => {
    expect(summary(audit([claim('2000.00')], { tables: STANDARDS }))).toEqual([
      'CMX-01 primary 1975.00',
      'QTY-01 primary 25.00',
    ]);
  });
});

describe('an upcoded case whose group does not change', () => {
  it('is no hit', () => {
    const claim = {
      admitted: '2024-03-01',
      discharged: '2024-03-05',
      diagnoses: ['J18.000'],
      procedures: ['86.0400'],
      lines: [{ item: 'X1', kind: 'drug', on: '2024-03-02', price: '4000.00' }],
    };
    const tables = {
      'group-standard': [{ group: 'ES35', standard: '4000.00', clause: '测试' }],
    };
    expect(summary(audit([claim], { tables }))).toEqual([]);
  });
});

describe('a split stay whose second half is idle', () => {
  const first = { no: 'A', admitted: '2024-02-20', discharged: '2024-03-01', total: '900.00' };
  const second = {
    no: 'B',
    admitted: '2024-03-03',
    discharged: '2024-03-07',
    lines: [{ item: '001109000010000', on: '2024-03-03', until: '2024-03-06', price: '30.00' }],
  };

  it('is charged by the split alone: the idle days bear it out', () => {
    expect(summary(audit([first, second], { active: ['INP-04'] }))).toEqual([
      'INP-01 primary 0.00',
      'INP-04 corroboration 0.00',
    ]);
  });

  it('without the first stay costs the idle days', () => {
    expect(summary(audit([second], { active: ['INP-04'] }))).toEqual(['INP-04 primary 120.00']);
  });

  it('of idle days in part costs that part of the fund', () => {
    const drug = { item: 'X1', kind: 'drug', on: '2024-03-03', price: '80.00' };
    const partly = { ...second, lines: [...second.lines, drug] };
    expect(summary(audit([partly], { active: ['INP-04'] }))).toEqual(['INP-04 primary 150.00']);
  });
});

describe('stays that overlap and stays filed twice', () => {
  it('come before all other suspicions: what they claim nobody claims again', () => {
    const others = (name: Rule['class']) =>
      book.rules.filter((rule) => rule.class === name && !/^ELG-0[34]$/.test(rule.id));
    const strongest = (name: Rule['class']) =>
      Math.max(...others(name).map(({ severity }) => severity));
    for (const rule of book.rules.filter(({ id }) => /^ELG-0[34]$/.test(id)))
      expect([rule.id, rule.severity > strongest(rule.class)]).toEqual([rule.id, true]);
  });

  it('take the idle days of the later stay as bearing them out', () => {
    const stays = [
      { at: 'H1', admitted: '2024-03-01', discharged: '2024-03-06', total: '900.00' },
      {
        at: 'H2',
        admitted: '2024-03-04',
        discharged: '2024-03-08',
        lines: [
          { item: '001109000010000', on: '2024-03-04', until: '2024-03-07', price: '250.00' },
        ],
      },
    ];
    expect(summary(audit(stays, { active: ['INP-04'] }))).toEqual([
      'ELG-04 primary 500.00',
      'INP-04 corroboration 0.00',
    ]);
  });
});

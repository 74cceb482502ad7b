import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { toYuan } from '../kernel/money.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { auditClaims } from './audit-claims.js';
import { compileAudit } from './compile.js';
import { factsOf } from './facts.js';
import { parseRow } from './local-table.js';
import { TABLES, tablesOf } from './local-tables.loader.js';
import { claimsOfCase, ruleCaseSchema } from './rule-case.js';
import { loadAuditBook } from './rules.loader.js';

/** Window rules beside the others: what each of them blames on the same charges, and who gets the money. */

const root = join(import.meta.dirname, '../..');
const knowledge = loadKnowledgeBase(join(root, 'knowledge'));
const book = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, knowledge);
const WATCHED = new Set(['CHG-02', 'CHG-06', 'CHG-07', 'CHG-10', 'OPD-07', 'QTY-01', 'QTY-07']);

function audit(input: object, tables: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const rows = new Map([...TABLES.values()].map(({ name }) => [name, rowsOf(name)]));
  for (const [name, cells] of Object.entries(tables)) {
    const table = TABLES.get(name);
    const parsed = table === undefined ? { problems: [name] } : parseRow(table, cells);
    if ('problems' in parsed) throw new Error(parsed.problems.join('; '));
    rows.set(name, [parsed.row]);
  }
  const each = ruleCaseSchema.parse({ name: 'vector', finds: 'nothing', ...input });
  const compiled = compileAudit({ ...book, tables: tablesOf(rows) }, knowledge, WATCHED);
  const { findings } = auditClaims(compiled, claimsOfCase(each).map(factsOf));
  return findings
    .map(({ rule, role, amountFen }) => `${rule.id} ${role} ${toYuan(amountFen)}`)
    .sort();
}

function rowsOf(name: string) {
  const table = TABLES.get(name);
  return table === undefined ? [] : book.tables.get(table).rows;
}

const stay = { admitted: '2024-11-01T08:00:00', discharged: '2024-11-04T15:00:00' };
const daily = { item: '001201000040000', price: '20.00' };
const days = (...dates: string[]) => dates.map((on) => ({ ...daily, on }));

describe('charges that several window rules blame', () => {
  it('two nursing days on the last day are one too many of the stay: the daily limit stands beside', () => {
    const lines = [...days('2024-11-01', '2024-11-02', '2024-11-03', '2024-11-03')];
    expect(audit({ claims: [{ ...stay, lines }] }, {})).toEqual([
      'CHG-07 primary 20.00',
      'QTY-01 corroboration 0.00',
    ]);
  });

  it('two on a day within the days of the stay are the daily limit alone', () => {
    const lines = days('2024-11-01', '2024-11-03', '2024-11-03');
    expect(audit({ claims: [{ ...stay, lines }] }, {})).toEqual(['QTY-01 primary 20.00']);
  });

  it('a lump of days is too many only beyond the stay', () => {
    const bed = { item: '001109000010300', on: '2024-11-04', price: '40.00' };
    expect(audit({ claims: [{ ...stay, lines: [{ ...bed, quantity: '3' }] }] }, {})).toEqual([]);
    expect(audit({ claims: [{ ...stay, lines: [{ ...bed, quantity: '4' }] }] }, {})).toEqual([
      'CHG-06 primary 40.00',
    ]);
  });

  it('a cap takes only what the lines have left of the case', () => {
    const lines = [
      { item: 'P1', on: '2024-03-01', price: '20.00' },
      { item: 'S1', on: '2024-03-01', price: '80.00' },
    ];
    const tables = {
      panel: { items: 'P1', contained: 'S1', clause: '测试组套' },
      'visit-cap': { careType: 'outpatient', scope: 'visit', cap: '30', clause: '测试政策' },
    };
    // The panel holds 80 of 100; the cap asks for 70 and gets the 20 that are left.
    expect(audit({ claims: [{ lines }] }, tables)).toEqual([
      'OPD-07 primary 20.00',
      'QTY-07 primary 80.00',
    ]);
  });
});

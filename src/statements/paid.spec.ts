import { describe, expect, it } from '@jest/globals';
import { fen } from '../kernel/money.js';
import { buildStatement } from './build-statement.js';
import type { StatedFigure, StatementSource } from './source.js';
import type { Party } from './statement.js';

/** What a statement says is paid, by whom and to whom. */

const FIRST = 'H1';
const SECOND = 'H2';
const AGENCY: Party = { role: 'agency', code: 'agency', name: '医疗保障经办机构' };
const LEAD: Party = { role: 'lead', code: 'lead', name: '示范县人民医院' };
const OWN: Party = { role: 'member', code: FIRST, name: '第1卫生院' };

const moved = (voucher: string, account: string, amount: bigint) => {
  return { voucher, account, pool: 'resident' as const, amount: fen(amount) };
};

function figureOf(key: string, label: string): StatedFigure {
  const report = {
    ...{ id: `county.2024.resident.${key}`, label, amount: '0.00', unit: 'yuan' as const },
    ...{ clause: 'text §1', formula: label, inputs: [], trace: [] },
  };
  return { pool: 'resident', key, report };
}

const source: StatementSource = {
  run: {
    ...{ runId: '7', kind: 'year', period: '2024', version: 2, current: true },
    ...{ closed: true, region: 'sanya', day: '2025-05-20', resultDigest: 'abc' },
  },
  figures: [figureOf('final', '年度清算决算金额'), figureOf(`member.${FIRST}.net`, '应得')],
  postings: [],
  names: {
    ...{ consortium: '示范县紧密型县域医共体', region: '三亚', lead: LEAD.name },
    members: new Map([FIRST, SECOND].map((code, index) => [code, `第${index + 1}卫生院`])),
    clinics: new Map(),
  },
  ...{ documents: new Map(), choices: new Map(), tables: new Set(), clinicBookings: [] },
};

describe('what is paid, and by whom', () => {
  it('leaves out what the agency only puts into a reserve', () => {
    const postings = [
      ...[moved('final', 'agency', -500n), moved('final', 'lead', 500n)],
      ...[moved('risk', 'agency', -90n), moved('risk', 'reserve:risk-fund', 90n)],
    ];
    const statement = buildStatement({ ...source, postings }, AGENCY);
    expect(statement.amounts[0]?.amount).toBe(500n);
    const [flow] = buildStatement({ ...source, postings }, LEAD).overview;
    expect(flow?.rows).toContainEqual(['风险调剂金', '0.90', '0.00', '0.90']);
  });

  it('states money released as what the lead hospital pays its members', () => {
    const run = { ...source.run, kind: 'release' as const, period: '2024-03' };
    const postings = [
      moved('release.split', 'reserve:holdback', -300n),
      moved('release.split', `member:${FIRST}`, 180n),
      moved('release.split', `member:${SECOND}`, 110n),
      moved('release.split', 'reserve:assessment-cut', 10n),
    ];
    const { amounts, heading } = buildStatement({ ...source, run, postings }, LEAD);
    expect(amounts[0]?.amount).toBe(290n);
    expect(heading).toContainEqual(['拨付方', '示范县人民医院（牵头医院）']);
    expect(heading).toContainEqual(['收款方', '各成员单位']);
    expect(buildStatement({ ...source, run, postings }, OWN).amounts[0]?.amount).toBe(180n);
  });
});

describe('a member in the words of a figure', () => {
  it('stands by its name, without a gap before 的', () => {
    const label = `成员单位 ${FIRST} 的住院核定结算额`;
    const figures = [figureOf(`member.${FIRST}.net`, label)];
    const [table] = buildStatement({ ...source, figures }, LEAD).tables;
    expect(table?.lines[0]?.label).toBe('第1卫生院的住院核定结算额');
    const [own] = buildStatement({ ...source, figures }, OWN).tables;
    expect(own?.lines[0]?.label).toBe('住院核定结算额');
  });
});

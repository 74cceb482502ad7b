import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { POOLS } from '../claims/claim.js';
import { fen, sum, toYuan, yuan } from '../kernel/money.js';
import { buildDeductionSheet } from './build-deduction-sheet.js';
import type { SheetEntry, SheetSource } from './deduction-sheet.js';

const ENTRY: SheetEntry = {
  ...{ id: 'd1', kind: 'deduction', institution: 'T', settledBy: 'T', pool: 'resident' },
  ...{ personId: '460200199001011234', sex: 'female', settledOn: '2024-03-05', claimNo: 'c1' },
  ...{ items: ['血常规'], ruleId: 'QTY-01', ruleTitle: '超日频次', content: '超出 2 次' },
  speaksOf: ['T'],
  ...{ suspected: yuan('30.00'), proposed: yuan('30.00'), appealed: null },
  ...{ confirmed: yuan('20.00'), deducted: yuan('20.00') },
  ...{ first: { opinion: '拟扣', by: 'zhang' }, appeal: null, second: null },
  final: { opinion: '同意', by: 'li' },
  ...{ decidedAt: '2024-04-02 10:30', secondFeedback: '已确认', remark: '' },
};
const UNIT: SheetSource['party'] = { role: 'member', code: 'T', name: '镇卫生院' };
const LEAD: SheetSource['party'] = { role: 'lead', code: 'lead', name: '县医院' };

function sheet(entries: readonly SheetEntry[], party = UNIT, open = 0) {
  return buildDeductionSheet({
    ...{ party, month: '2024-03', consortium: '测试县', lead: '县医院', entries, open },
    names: new Map([
      ['T', '镇卫生院'],
      ['L', '县医院'],
      ['C', '村卫生室'],
    ]),
  });
}

describe('a deduction sheet', () => {
  it('masks the patient and says what each stage said', () => {
    const [row] = sheet([ENTRY]).rows;
    expect(row).toMatchObject({
      ...{ number: 1, institutionName: '镇卫生院', patient: '4602**********1234', sex: '女' },
      ...{ pool: '居民', item: '血常规', rule: '超日频次（QTY-01）', content: '超出 2 次' },
      ...{ suspected: '30.00', firstOpinion: '拟扣（zhang）', appealOpinion: '' },
      ...{ conclusion: '扣款', finalOpinion: '同意（li）', deducted: '20.00' },
    });
  });

  it('names two items and counts the rest; none is the case as a whole', () => {
    const items = (names: readonly string[]) => sheet([{ ...ENTRY, items: names }]).rows[0]?.item;
    expect(items(['甲', '乙'])).toBe('甲、乙');
    expect(items(['甲', '乙', '丙'])).toBe('甲、乙等 3 项');
    expect(items([])).toBe('整笔结算');
  });

  it('keeps a reversal as a negative row beside what it gives back', () => {
    const back: SheetEntry = { ...ENTRY, id: 'd1-r', kind: 'reversal', deducted: yuan('-20.00') };
    const { rows, byPool } = sheet([back, ENTRY]);
    expect(rows.map(({ conclusion, deducted }) => [conclusion, deducted])).toEqual([
      ['扣款', '20.00'],
      ['冲回', '-20.00'],
    ]);
    expect(byPool.at(-1)).toMatchObject({
      ...{ times: 1, reversals: 1, net: 0n, capitals: '零元整' },
      ...{ taken: yuan('20.00'), givenBack: yuan('-20.00'), suspected: yuan('30.00') },
    });
  });

  it('tells a unit nothing of another unit’s patients; the lead reads it all', () => {
    const entry = { ...ENTRY, speaksOf: ['L', 'T'] };
    expect(sheet([entry]).rows[0]?.content).not.toContain('超出 2 次');
    expect(sheet([entry], LEAD).rows[0]?.content).toBe('超出 2 次');
  });

  it('says how many findings are still under review', () => {
    const headings = (open: number) => sheet([], UNIT, open).heading.map(([label]) => label);
    expect(headings(0)).not.toContain('未列入');
    expect(headings(2)).toContain('未列入');
  });

  it('adds up by insurance type and by unit to the same net', () => {
    const entries = fc.array(
      fc.record({
        pool: fc.constantFrom(...POOLS),
        settledBy: fc.constantFrom('T', 'L'),
        amount: fc.integer({ min: 0, max: 1_000_000 }),
        kind: fc.constantFrom('deduction', 'reversal', 'dismissed'),
      }),
    );
    fc.assert(
      fc.property(entries, (given) => {
        const rows = given.map(({ pool, settledBy, amount, kind }, index): SheetEntry => {
          const deducted = fen({ deduction: amount, reversal: -amount, dismissed: 0 }[kind]);
          return { ...ENTRY, id: `${index}`, kind, pool, settledBy, deducted };
        });
        const { byPool, byUnit } = sheet(rows, LEAD);
        const net = sum(rows.map(({ deducted }) => deducted));
        expect(byPool.at(-1)?.net).toBe(net);
        expect(sum(byPool.slice(0, -1).map((total) => total.net))).toBe(net);
        expect(sum(byUnit.map((total) => total.net))).toBe(net);
      }),
    );
  });

  it('is the same for the same books, whatever the order of rows', () => {
    const other: SheetEntry = { ...ENTRY, id: 'd2', claimNo: 'c2' };
    expect(sheet([ENTRY, other]).digest).toBe(sheet([other, ENTRY]).digest);
    expect(sheet([ENTRY]).digest).not.toBe(sheet([other]).digest);
    expect(toYuan(sheet([]).byPool.at(-1)?.net ?? fen(1))).toBe('0.00');
  });
});

import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, sum, yuan } from '../../kernel/money.js';
import { UnspecifiedCodesError } from './errors.js';
import type { ExportedClaim, ExportedFinding, ExportedLine } from './exported-finding.js';
import { partsOf } from './judge-results.js';
import { codeListsOf, FORMS, type NationalObject } from './national-objects.js';
import { wireFaults } from './wire-table.js';
import { loadAgencyCodes, loadWireTable } from './wire-table.loader.js';

const configDir = join(import.meta.dirname, '../../../config');
const codes = loadAgencyCodes(configDir, 'hunan');

const CLAIM: ExportedClaim = {
  ...{
    institution: 'H46029900001',
    institutionName: '县医院',
    settledBy: 'H46029900001',
    claimNo: 'JS1',
    violating: true,
  },
  ...{ sex: 'female', pool: 'resident', admittedAt: '2024-03-01', dischargedAt: null },
  ...{ settledAt: '2024-03-09 10:00:00', principalDiagnosis: 'J18.900' },
};
const line = (other: Partial<ExportedLine>): ExportedLine => ({
  ...{ institution: 'H46029900001', claimNo: 'JS1', lineNo: '1', violating: true },
  ...{ chargedOn: '2024-03-02', itemCode: '002503010010000', itemName: '血常规' },
  ...{ quantity: '2.0000', amount: yuan('20.00') },
  ...other,
});
const FINDING: ExportedFinding = {
  ...{ findingId: 'f'.repeat(32), task: 'audit-run-7', foundAt: '2024-04-01 02:00:00' },
  ...{ ruleId: 'CHG-02', ruleTitle: '重复收费', official: 'GZ10000102012000', class: 'HARD' },
  ...{ certainty: 'core', computed: true, amount: yuan('10.01'), message: '重复收费' },
  ...{ evidence: '依据：regulation-735', personId: '460200199001011234', claims: [CLAIM] },
  lines: [
    line({}),
    line({ lineNo: '2', amount: yuan('10.00') }),
    line({ lineNo: '3', violating: false, amount: yuan('99.00') }),
  ],
  review: null,
};
const stage = { by: 'zhang', at: '2024-04-02 10:00:00', opinion: '核对后扣款', amount: null };
const REVIEWED: ExportedFinding = {
  ...FINDING,
  review: {
    ...{ upheld: true, first: stage, appeal: null, second: null, panel: null },
    ...{ confirmed: yuan('9.00'), deducted: yuan('9.00'), deductedAt: '2024-04-02 10:00:00' },
    compensated: fen(0),
  },
};

function made(object: NationalObject, finding: ExportedFinding) {
  const { table, node, rows } = FORMS[object];
  const all = rows([finding], { codes, moment: 'during' });
  const form = { table: loadWireTable(configDir, table), codes: codeListsOf(codes) };
  return { row: all[0] ?? {}, all, faults: wireFaults(node, all, form) };
}

describe('findings as national objects', () => {
  it('become a result with what is violated and what is involved', () => {
    const { row, faults } = made('3101', FINDING);
    expect(faults).toEqual([]);
    expect(row).toMatchObject({
      ...{ jr_id: FINDING.findingId, rule_id: 'GZ10000102012000', vola_amt: '10.01' },
      ...{ vola_amt_stas: '1', sev_deg: '1', vola_bhvr_type: '2', task_id: 'audit-run-7' },
      judge_result_detail_dtos: [
        { jrd_id: `${FINDING.findingId}-1`, rx_id: '1', vola_item_type: '1', vola_amt: '6.67' },
        { rx_id: '2', vola_item_type: '1', vola_amt: '3.34' },
        { rx_id: '3', vola_item_type: '2', vola_amt: '0.00' },
      ],
    });
    expect(made('3102', FINDING).row).toEqual(row);
  });

  it.each([
    ['SUSP', 'core', '2'],
    ['SUSP', 'watch', '3'],
    ['CLUE', 'core', '3'],
  ] as const)('say how grave a %s (%s) is: %s', (kind, certainty, severity) => {
    const { row } = made('3101', { ...FINDING, class: kind, certainty });
    expect(row['sev_deg']).toBe(severity);
  });

  it('speak of the visit where no line is at stake, and of an amount not computed', () => {
    const { row, faults } = made('3101', {
      ...{ ...FINDING, lines: [], computed: false, amount: fen(0) },
      claims: [CLAIM, { ...CLAIM, claimNo: 'JS0', violating: false }],
    });
    expect(faults).toEqual([]);
    expect(row).toMatchObject({ vola_bhvr_type: '1', vola_amt_stas: '0' });
    expect(row['judge_result_detail_dtos']).toMatchObject([
      { mdtrt_id: 'JS1', vola_item_type: '1' },
      { mdtrt_id: 'JS0', vola_item_type: '2' },
    ]);
  });

  it('cut a text to what the field holds, by characters', () => {
    const cont = made('3101', { ...FINDING, message: '𠀀'.repeat(501) }).row['vola_cont'] ?? '';
    expect([...cont]).toHaveLength(500);
    expect(made('3101', { ...FINDING, message: '一'.repeat(500) }).row['vola_cont']).not.toContain(
      '…',
    );
  });

  it('tell what was done about a warning once somebody decided', () => {
    expect(made('3103', FINDING).all).toEqual([]);
    const { row, faults } = made('3103', REVIEWED);
    expect(faults).toEqual([]);
    const warns = [{ warn_rslt_id: FINDING.findingId, dspo_way: '2', dspo_way_rea: '核对后扣款' }];
    expect(row).toEqual({ warn_type: '2', warns });
  });

  it('become documents with the chain of amounts', () => {
    expect(made('3701', FINDING).all).toEqual([]);
    const { row, faults } = made('3701', REVIEWED);
    expect(faults).toEqual([]);
    expect(row).toMatchObject({ docId: 'H46029900001-JS1', gend: '2', insutype: '390' });
    expect(row['docSusptDTOS']).toMatchObject([
      {
        ...{ checkoutSusptAmt: '10.01', chkVolaAmt: '10.01', cnfmVolaAmt: '9.00' },
        ...{ volaDetAmt: '9.00', chkOpnn: '核对后扣款', susptAddWay: '1' },
        violationDetailIds: [{ volaDetAmt: '6.00' }, { volaDetAmt: '3.00' }],
      },
    ]);
  });

  it('name what the agency would refuse, without its value', () => {
    const { faults } = made('3101', { ...FINDING, personId: '', ruleTitle: '' });
    expect(faults).toContainEqual({ at: 'result[1].patn_id', message: '参保人ID为必填，没有值' });
    const table = loadWireTable(configDir, '3101');
    const bad = [{ ...made('3101', FINDING).row, sev_deg: '9', extra: 'x' }];
    expect(wireFaults('result', bad, { table, codes: codeListsOf(codes) })).toEqual([
      { at: 'result[1].extra', message: '字段表中没有这个字段' },
      { at: 'result[1].sev_deg', message: '严重程度不在代码表 sev_deg 中' },
    ]);
    const detail = [{ ...made('3101', FINDING).row, judge_result_detail_dtos: [{}] }];
    expect(wireFaults('result', detail, { table, codes: codeListsOf(codes) })[0]?.at).toBe(
      'result[1].judge_result_detail_dtos[1].jrd_id',
    );
  });

  it('are refused for an agency whose codes nobody wrote down', () => {
    expect(() => loadAgencyCodes(configDir, 'jilin')).toThrow(UnspecifiedCodesError);
  });

  it('split an amount over violating lines to the fen, whatever they charge', () => {
    const amounts = fc.array(fc.bigInt(0n, 10n ** 9n), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 9n), amounts, (total, charged) => {
        const lines = charged.map((amount, index) =>
          line({ lineNo: `${index}`, amount: fen(amount) }),
        );
        expect(sum(partsOf(fen(total), lines).values())).toBe(total);
      }),
    );
  });
});

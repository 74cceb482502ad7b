import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listFaults } from './list-faults.js';
import { loadFieldTable, loadListKnowledge } from './list-tables.loader.js';
import {
  buildList,
  type ListCase,
  type ListConstants,
  type SettlementList,
} from './settlement-list.js';

const configDir = join(import.meta.dirname, '../../config');
const table = loadFieldTable({ configDir }, '4101A');
const { codes } = loadListKnowledge();

const constants: ListConstants = {
  dischargeWays: { ordered: '1' },
  paymentMethod: '3',
  unsubmitted: '0',
  westernDiagnosis: '1',
  principal: { yes: '1', no: '0' },
  procedureTypes: { main: '1', other: '2' },
  department: '医保科',
  person: '填报员',
};

const head = {
  ...{ ntly: 'CHN', prfs: '90', patn_rlts: '01', coner_addr: '示范县', coner_tel: '1' },
  ...{ dscg_caty: 'A03', bill_code: 'B', bill_no: 'N', biz_sn: 'S' },
};

const whole: ListCase = {
  claimNo: 'S1',
  personId: 'P1',
  settledAt: '2024-03-05T10:00:00',
  admittedAt: '2024-02-28T09:00:00',
  dischargedAt: '2024-03-05T08:30:00',
  dischargeMode: 'ordered',
  diagnoses: [
    { code: 'I10.x00', name: '特发性高血压', isPrincipal: true },
    { code: 'E11.900', name: '2型糖尿病', isPrincipal: false },
  ],
  procedures: [
    { code: '88.7200x00', name: '心脏超声', isPrincipal: true, performedOn: '2024-03-01' },
  ],
  supplement: {
    setlinfo: [head],
    diseinfo: [
      { diag_code: 'I10.x00', adm_cond_type: '1' },
      { diag_code: 'E11.900', adm_cond_type: '4' },
    ],
    oprninfo: [{ oprn_oprt_code: '88.7200x00', oper_dr_code: 'D1' }],
  },
};

const build = (facts: Partial<ListCase> = {}) =>
  buildList({ ...whole, ...facts }, table, constants);
const faults = (list: SettlementList) =>
  listFaults({ list, table, codes }).map(({ section, row, field }) => `${section}.${row}.${field}`);

describe('a settlement list', () => {
  it('is made of the books and what the hospital adds, and has no fault then', () => {
    const list = build();
    expect(list.setlinfo[0]).toMatchObject({
      ...{ psn_no: 'P1', setl_id: 'S1', adm_time: '2024-02-28 09:00:00', dscg_way: '1' },
      ...{ setl_begn_date: '2024-02-28', setl_end_date: '2024-03-05', medins_fill_psn: '填报员' },
    });
    expect(list.diseinfo.map((row) => row['maindiag_flag'])).toEqual(['1', '0']);
    expect(faults(list)).toEqual([]);
  });

  it('keeps what the books know, whatever the supplement says', () => {
    const supplement = {
      ...whole.supplement,
      setlinfo: [{ ...head, setl_end_date: '2020-01-01' }],
    };
    expect(build({ supplement }).setlinfo[0]?.['setl_end_date']).toBe('2024-03-05');
  });

  it('does not make an hour out of a date', () => {
    const [row] = build({ admittedAt: '2024-02-28' }).setlinfo;
    expect(row).not.toHaveProperty('adm_time');
    expect(row?.['setl_begn_date']).toBe('2024-02-28');
    expect(build().oprninfo[0]).not.toHaveProperty('oprn_oprt_begntime');
  });

  it('takes the hour from the supplement then', () => {
    const supplement = {
      ...whole.supplement,
      setlinfo: [{ ...head, adm_time: '2024-02-28 07:00:00' }],
    };
    const [row] = build({ admittedAt: '2024-02-28', supplement }).setlinfo;
    expect(row?.['adm_time']).toBe('2024-02-28 07:00:00');
  });

  it('names every field that nobody knows', () => {
    const list = build({ supplement: {} });
    expect(faults(list)).toEqual(
      [
        ...Object.keys(head).map((field) => `setlinfo.1.${field}`),
        'diseinfo.1.adm_cond_type',
        'diseinfo.2.adm_cond_type',
        'oprninfo.1.oper_dr_code',
      ].sort((a, b) => order(a) - order(b)),
    );
  });

  it('says nothing of a code that the national list does not name', () => {
    const [first] = whole.diagnoses;
    const list = build({
      diagnoses: [{ code: 'X99', name: null, isPrincipal: first !== undefined }],
    });
    expect(faults(list)).toContain('diseinfo.1.diag_name');
  });
});

const order = (key: string): number =>
  table.findIndex(({ section, field }) => key.startsWith(section) && key.endsWith(`.${field}`));

describe('faults across fields', () => {
  const altered = (change: (list: SettlementList) => Partial<SettlementList>) => {
    const list = build();
    return faults({ ...list, ...change(list) });
  };
  const withHead = (fields: Readonly<Record<string, string>>) =>
    altered(({ setlinfo }) => ({ setlinfo: [{ ...setlinfo[0], ...fields }] }));
  const icu = (from: string, to: string) =>
    altered(() => ({
      icuinfo: [
        {
          ...{ scs_cutd_ward_type: '1', scs_cutd_sum_dura: '1/2/3' },
          ...{ scs_cutd_inpool_time: from, scs_cutd_exit_time: to },
        },
      ],
    }));

  it('find a discharge before the admission, to the second', () => {
    expect(withHead({ dscg_time: '2024-02-28 09:00:00' })).toEqual([]);
    expect(withHead({ dscg_time: '2024-02-28 08:59:59' })).toEqual(['setlinfo.1.dscg_time']);
    expect(withHead({ setl_begn_date: '2024-03-06' })).toEqual(['setlinfo.1.setl_end_date']);
    expect(icu('2024-03-01 10:00:00', '2024-03-01 09:00:00')).toEqual([
      'icuinfo.1.scs_cutd_exit_time',
    ]);
    expect(icu('2024-03-01 09:00:00', '2024-03-01 09:00:00')).toEqual([]);
  });

  it('want exactly one principal diagnosis, and at most one main procedure', () => {
    const none = (list: SettlementList) => ({
      diseinfo: list.diseinfo.map((row) => ({ ...row, maindiag_flag: '0' })),
    });
    const two = (list: SettlementList) => ({
      diseinfo: list.diseinfo.map((row) => ({ ...row, maindiag_flag: '1' })),
    });
    expect(altered(none)).toEqual(['diseinfo.1.maindiag_flag']);
    expect(altered(two)).toEqual(['diseinfo.1.maindiag_flag']);
    expect(altered(() => ({ diseinfo: [] }))).toEqual(['diseinfo.1.maindiag_flag']);
    expect(altered(({ oprninfo }) => ({ oprninfo: [...oprninfo, ...oprninfo] }))).toEqual([
      'oprninfo.1.oprn_oprt_type',
    ]);
    expect(altered(() => ({ oprninfo: [] }))).toEqual([]);
  });

  it('allow as many days of nursing as the stay has, both ends counted', () => {
    expect(withHead({ lv1_nurscare_days: '3.5', scd_nurscare_days: '3.5' })).toEqual([]);
    expect(withHead({ lv1_nurscare_days: '3.5', scd_nurscare_days: '3.6' })).toEqual([
      'setlinfo.1.spga_nurscare_days',
    ]);
  });
});

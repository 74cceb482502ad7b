import { describe, expect, it } from '@jest/globals';
import type { ListField } from './field-table.js';
import { maskedList } from './masked-list.js';
import type { SettlementList } from './settlement-list.js';

const field = (name: string, more: Partial<ListField> = {}): ListField => ({
  ...{ section: 'setlinfo', field: name, label: name, type: 'text', length: 50, decimals: 0 },
  ...{ required: false, codelist: null, from: null },
  ...more,
});

const table = [
  field('psn_no', { from: 'person' }),
  field('setl_id', { from: 'claim' }),
  field('coner_name'),
  field('prfs', { codelist: 'prfs' }),
  field('nwb_bir_wt', { type: 'number', decimals: 2 }),
  field('adm_time', { type: 'date-time' }),
];
const codes = new Map([['prfs', new Set(['90'])]]);

const masked = (row: Readonly<Record<string, string>>) => {
  const none = { opspdiseinfo: [], diseinfo: [], oprninfo: [], icuinfo: [], bldinfo: [] };
  const list: SettlementList = { setlinfo: [row], ...none };
  return maskedList(list, { table, codes }).setlinfo[0];
};

describe('a list as it is shown', () => {
  it.each([
    ['psn_no', '460299197001011234', '4602**********1234'],
    ['setl_id', 'JS1', 'JS1'],
    ['coner_name', '王小明', '***'],
    ['prfs', '90', '90'],
    ['prfs', '王小明', '***'], // no code of the list: who knows what it is
    ['nwb_bir_wt', '3200.00', '3200.00'],
    ['nwb_bir_wt', '13800001234号', '***'],
    ['adm_time', '2024-03-02 09:00:00', '2024-03-02 09:00:00'],
    ['adm_time', '王小明', '***'],
    ['unknown_field', 'x', '***'],
  ])('shows %s %s as %s', (name, value, shown) => {
    expect(masked({ [name]: value })).toEqual({ [name]: shown });
  });
});

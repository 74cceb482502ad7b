import { daysBetween } from '../kernel/dates.js';
import {
  type CodeLists,
  type ListFault,
  type ListField,
  type ListSection,
  valueFault,
} from './field-table.js';
import type { ListRow, SettlementList } from './settlement-list.js';

/** A list and the tables it is judged by. */
interface Judged {
  readonly list: SettlementList;
  readonly table: readonly ListField[];
  readonly codes: CodeLists;
}

/** Everything the agency would refuse, field by field and across fields; empty when the list may be sent. */
export function listFaults(judged: Judged): readonly ListFault[] {
  const faults: ListFault[] = [];
  for (const field of judged.table) {
    for (const [index, row] of judged.list[field.section].entries()) {
      const message = fieldFault(field, row[field.field] ?? '', judged.codes);
      if (message !== null) faults.push(fault(field.section, index, field.field, message));
    }
  }
  return [...faults, ...ACROSS.flatMap((check) => check(judged.list))];
}

function fieldFault(field: ListField, value: string, codes: CodeLists): string | null {
  if (value === '') return field.required ? `${field.label}为必填，没有值` : null;
  const wrong = valueFault(field, value, codes);
  return wrong === null ? null : `${field.label}${wrong}`;
}

function fault(section: ListSection, index: number, field: string, message: string): ListFault {
  return { section, row: index + 1, field, message };
}

/** Checks over several fields, by their national names. */
const ACROSS: readonly ((list: SettlementList) => readonly ListFault[])[] = [
  ({ setlinfo }) =>
    inOrder('setlinfo', setlinfo, ['adm_time', 'dscg_time'], '出院时间早于入院时间'),
  ({ setlinfo }) =>
    inOrder('setlinfo', setlinfo, ['setl_begn_date', 'setl_end_date'], '结算结束日期早于开始日期'),
  ({ oprninfo }) =>
    inOrder(
      'oprninfo',
      oprninfo,
      ['oprn_oprt_begntime', 'oprn_oprt_endtime'],
      '手术结束时间早于开始时间',
    ),
  ({ oprninfo }) =>
    inOrder('oprninfo', oprninfo, ['anst_begntime', 'anst_endtime'], '麻醉结束时间早于开始时间'),
  ({ icuinfo }) =>
    inOrder(
      'icuinfo',
      icuinfo,
      ['scs_cutd_inpool_time', 'scs_cutd_exit_time'],
      '重症监护退出时间早于进入时间',
    ),
  ({ diseinfo }) => {
    const principal = diseinfo.filter(({ maindiag_flag: flag }) => flag === '1').length;
    return principal === 1
      ? []
      : [fault('diseinfo', 0, 'maindiag_flag', `主诊断应恰有一个，现有 ${principal} 个`)];
  },
  ({ oprninfo }) => {
    const main = oprninfo.filter(({ oprn_oprt_type: type }) => type === '1').length;
    return main <= 1
      ? []
      : [fault('oprninfo', 0, 'oprn_oprt_type', `主要手术及操作至多一个，现有 ${main} 个`)];
  },
  ({ setlinfo: [row = {}] }) => {
    const nursing = tenths(
      ['spga_nurscare_days', 'lv1_nurscare_days', 'scd_nurscare_days', 'lv3_nurscare_days'].map(
        (field) => row[field],
      ),
    );
    const { adm_time: from, dscg_time: to } = row;
    if (from === undefined || to === undefined || nursing === null) return [];
    return nursing > (daysBetween(from.slice(0, 10), to.slice(0, 10)) + 1) * 10
      ? [fault('setlinfo', 0, 'spga_nurscare_days', '各级护理天数之和超过住院天数')]
      : [];
  },
];

/** The sum in tenths of a day; null when a value is no number (which is a fault of its own). */
function tenths(days: readonly (string | undefined)[]): number | null {
  let sum = 0;
  for (const text of days) {
    if (text === undefined) continue;
    const match = /^(\d{1,4})(?:\.(\d))?$/.exec(text);
    if (match === null) return null;
    sum += Number(match[1]) * 10 + Number(match[2] ?? 0);
  }
  return sum;
}

function inOrder(
  section: ListSection,
  rows: readonly ListRow[],
  [from, to]: readonly [string, string],
  message: string,
): readonly ListFault[] {
  return rows.flatMap((row, index) => {
    const [begin, end] = [row[from], row[to]];
    return begin !== undefined && end !== undefined && end < begin
      ? [fault(section, index, to, message)]
      : [];
  });
}

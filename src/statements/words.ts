import type { Pool } from '../claims/claim.js';
import { parseDecimal, percent } from '../kernel/decimal.js';
import { parseYuan, toReadableYuan } from '../kernel/money.js';
import type { RunKind, StatedRun, StatementNames } from './source.js';
import type { PartyRole } from './statement.js';

/** Names of the insured groups as statements print them. */
export const POOL_WORDS: Readonly<Record<Pool, string>> = {
  employee: '职工基本医疗保险',
  resident: '城乡居民基本医疗保险',
};

const UNIT_WORDS: Readonly<Record<string, string>> = {
  yuan: '元',
  ratio: '',
  points: '分',
  'yuan-per-point': '元/分',
  count: '个',
};

export function unitWord(unit: string): string {
  return UNIT_WORDS[unit] ?? unit;
}

/** An amount with thousands separators, a ratio in per cent; anything else, a bound left open too, as it stands. */
export function shownValue(unit: string, value: string): string {
  const amount = unit === 'yuan' ? parseYuan(value) : null;
  if (amount !== null) return toReadableYuan(amount);
  const ratio = unit === 'ratio' ? parseDecimal(value) : null;
  return ratio === null ? value : percent(ratio);
}

const TITLES: Readonly<Record<RunKind, string>> = {
  start: '年初预付单',
  month: '月度结算单',
  release: '月度考核金拨付单',
  year: '年度清算单',
};

export function titleOf({ kind, period }: StatedRun, role: PartyRole): string {
  if (role === 'clinic') return `村卫生室${period.length === 4 ? '年度' : '月度'}记账情况告知单`;
  return role === 'member'
    ? `医共体成员单位${TITLES[kind]}`
    : `紧密型县域医共体医保基金${TITLES[kind]}`;
}

/** What is paid by a run of a kind. */
export const PAID: Readonly<Record<RunKind, string>> = {
  start: '年初预付金额',
  month: '月度应拨付金额',
  release: '月度考核金应拨付金额',
  year: '年度清算应拨付金额',
};

/** `2024 年 3 月`, `2024 年`. */
export function periodWords(period: string): string {
  const [year = '', month] = period.split('-');
  return month === undefined ? `${year} 年` : `${year} 年 ${Number(month)} 月`;
}

const RESERVES: Readonly<Record<string, string>> = {
  'assessment-cut': '考核扣减留存',
  deposit: '质量保证金',
  holdback: '月度考核金（待考核后拨付）',
  procurement: '集中采购货款',
  'risk-fund': '风险调剂金',
  'township-fund': '镇级医疗机构专项考核款',
};

/** An account of the ledger in words. */
export function accountWords(account: string, names: StatementNames): string {
  const [kind = '', whose = ''] = account.split(':');
  if (account === 'agency') return '医保经办机构';
  if (account === 'lead') return '牵头医院结算账户';
  if (kind === 'receivable')
    return whose === ''
      ? '应收：牵头医院待抵扣'
      : `应收：${names.members.get(whose) ?? whose}待抵扣`;
  if (kind === 'reserve') return RESERVES[whose] ?? whose;
  return names.members.get(whose) ?? account;
}

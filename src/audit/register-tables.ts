import { z } from 'zod';
import { isIsoDate, isIsoDateTime } from '../kernel/dates.js';
import { parseDecimal } from '../kernel/decimal.js';
import { claimKey } from './facts.js';
import { defineTable, type LocalTable } from './local-table.js';
import type { RegisterName } from './registers.js';

const text = z.string().min(1).max(64);
const personId = text;
const isMoment = (given: string): boolean => isIsoDate(given) || isIsoDateTime(given);
const PERSON = '参保人编号，与结算记录一致';

/** A register as it is filed: like a local table, found by person, doctor or claim. */
export interface RegisterTable {
  readonly table: LocalTable<unknown>;
  /** `span`: every row has `from`, and `until` when it has ended. `none`: it has neither. */
  readonly dates: 'span' | 'none';
}

function register<Row>(table: LocalTable<Row>, dates: RegisterTable['dates']): RegisterTable {
  return { table: defineTable(table) as LocalTable<unknown>, dates };
}

/** The registers by name, with their columns as `heyi registers import` and `heyi audit --registers` read them. */
export const REGISTER_TABLES: Readonly<Record<RegisterName, RegisterTable>> = {
  coverage: register(
    {
      name: 'coverage',
      title: '参保期间',
      columns: { personId: PERSON },
      schema: z.strictObject({ personId }),
      codesOf: (row) => [row.personId],
    },
    'span',
  ),
  deaths: register(
    {
      name: 'deaths',
      title: '死亡登记',
      columns: { personId: PERSON, diedAt: '死亡日期，或日期时间 2024-03-05T08:30:00' },
      schema: z.strictObject({
        personId,
        diedAt: z.string().refine(isMoment, '日期或时间不存在，或格式不对'),
      }),
      codesOf: (row) => [row.personId],
    },
    'none',
  ),
  'doctor-rights': register(
    {
      name: 'doctor-rights',
      title: '医师医保支付资格',
      columns: { doctor: '医师编码，与明细的 doctor 一致', document: '处理决定的文号' },
      schema: z.strictObject({ doctor: text, document: z.string().min(1).max(200) }),
      codesOf: (row) => [row.doctor],
    },
    'span',
  ),
  'chronic-approvals': register(
    {
      name: 'chronic-approvals',
      title: '门诊慢特病认定',
      columns: { personId: PERSON, disease: '病种编码，与 chronic-drug.csv 一致' },
      schema: z.strictObject({ personId, disease: text }),
      codesOf: (row) => [row.personId],
    },
    'span',
  ),
  orders: register(
    {
      name: 'orders',
      title: '医嘱',
      columns: {
        institution: '机构编号',
        claimNo: '结算单号',
        itemCode: '国家编码',
        on: '医嘱日期',
        quantity: '数量，按计价单位，至多四位小数',
      },
      schema: z.strictObject({
        institution: text,
        claimNo: text,
        itemCode: text,
        on: z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD'),
        quantity: z.string().refine(isQuantity, '应为 0 到一亿之间的数，至多四位小数'),
      }),
      codesOf: ({ institution, claimNo }) => [claimKey(institution, claimNo)],
    },
    'none',
  ),
};

function isQuantity(given: string): boolean {
  const quantity = parseDecimal(given);
  return (
    quantity?.decimalPlaces() !== undefined &&
    quantity.decimalPlaces() <= 4 &&
    quantity.greaterThanOrEqualTo(0) &&
    quantity.lessThanOrEqualTo(100_000_000)
  );
}

import { z } from 'zod';
import { type ExportColumn, exportFormat } from './export-format.js';
import { pageQuery, sortQuery } from './page.js';

const yuan = z.string().describe('元，两位小数 / yuan with two decimals');

const EXAMPLE = {
  institution: 'H46029900002',
  claimNo: 'JS20240311000123',
  settledOn: '2024-03-11',
  settledBy: 'H46029900002',
  period: '2024-03',
  version: 1,
  person: '4602********0123',
  sex: 'female',
  pool: 'resident',
  careType: 'inpatient',
  level: 'secondary',
  department: '内科',
  admittedAt: '2024-03-05',
  dischargedAt: '2024-03-11',
  refundOf: null,
  totalYuan: '4210.55',
  eligibleYuan: '3900.10',
  pooledFundYuan: '2730.07',
  fundYuan: '2730.07',
  accountYuan: '0.00',
  cashYuan: '1480.48',
  batchId: '812',
  rawRow: 17,
} as const;

const fields = z.object({
  institution: z.string(),
  claimNo: z.string(),
  settledOn: z.string(),
  settledBy: z.string().describe('结算单位 / who settles it'),
  period: z.string().describe('记账月份 / month it is booked in'),
  version: z.number(),
  person: z.string().describe('参保人编号，已遮盖 / insured person, masked'),
  sex: z.enum(['male', 'female', 'unknown']),
  pool: z.enum(['employee', 'resident']),
  careType: z.string(),
  level: z.string(),
  department: z.string().nullable(),
  admittedAt: z.string().nullable(),
  dischargedAt: z.string().nullable(),
  refundOf: z.string().nullable().describe('所退的结算号 / the claim it refunds'),
  totalYuan: yuan,
  eligibleYuan: yuan,
  pooledFundYuan: yuan,
  fundYuan: yuan,
  accountYuan: yuan,
  cashYuan: yuan,
  batchId: z.string(),
  rawRow: z.number().describe('批次内的行号 / row within the batch'),
});

export const claim = fields.meta({ example: EXAMPLE });

const LINE = {
  lineNo: '1',
  chargedOn: '2024-03-06',
  chargedTime: null,
  itemCode: 'A123',
  institutionItemCode: 'XM001',
  itemName: '血常规',
  itemKind: 'service',
  quantity: '1.0000',
  unitPrice: '20.000000',
  amountYuan: '20.00',
  eligibleYuan: '20.00',
  department: '检验科',
  batchId: '813',
  rawRow: 40,
};

export const claimDetail = fields
  .extend({
    lines: z.array(z.unknown()),
    diagnoses: z.array(z.unknown()),
    procedures: z.array(z.unknown()),
  })
  .meta({
    example: {
      ...EXAMPLE,
      lines: [LINE],
      diagnoses: [{ sequence: 1, code: 'J18.900', institutionCode: 'J18.9', isPrincipal: true }],
      procedures: [],
    },
  });

const filters = {
  institution: z.string().max(64).optional(),
  claimNo: z.string().max(128).optional(),
  from: z.iso.date().optional().describe('结算日起 / settled on or after'),
  to: z.iso.date().optional().describe('结算日早于 / settled before'),
  period: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  pool: fields.shape.pool.optional(),
  careType: z.string().max(64).optional(),
  batch: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  sort: sortQuery('total'),
};

export const claimQuery = pageQuery.extend(filters);
export const claimExport = z.strictObject({ ...filters, ...exportFormat });

export const CLAIM_COLUMNS: readonly ExportColumn[] = [
  ['机构', 'institution'],
  ['结算号', 'claimNo'],
  ['结算日', 'settledOn'],
  ['结算单位', 'settledBy'],
  ['记账月份', 'period'],
  ['参保人', 'person'],
  ['险种', 'pool'],
  ['类别', 'careType'],
  ['科室', 'department'],
  ['入院', 'admittedAt'],
  ['出院', 'dischargedAt'],
  ['所退结算号', 'refundOf'],
  ['总费用（元）', 'totalYuan', 'number'],
  ['政策范围内（元）', 'eligibleYuan', 'number'],
  ['统筹支付（元）', 'pooledFundYuan', 'number'],
  ['基金支付（元）', 'fundYuan', 'number'],
  ['个人账户（元）', 'accountYuan', 'number'],
  ['现金（元）', 'cashYuan', 'number'],
];

import { z } from 'zod';
import { DISMISSAL_CAUSES, ENTRY_STATES } from '../quarantine/entry.js';
import { type ExportColumn, exportFormat } from './export-format.js';
import type { Listing } from './listing.js';
import { pageQuery, sortQuery } from './page.js';
import { reason } from './requests.js';

export const held = z
  .object({
    quarantineId: z.string(),
    institution: z.string(),
    stream: z.string(),
    batchId: z.string(),
    rawRow: z.number(),
    stage: z.string(),
    rule: z.string(),
    field: z.string().nullable(),
    message: z.string(),
    remedy: z.string(),
    amountYuan: z.string().nullable(),
    state: z.enum(ENTRY_STATES),
    firstSeenAt: z.string(),
  })
  .meta({
    example: {
      quarantineId: '57',
      institution: 'H46029900107',
      stream: 'claims',
      batchId: '812',
      rawRow: 17,
      stage: 'validate',
      rule: 'amounts-add-up',
      field: 'totalFee',
      message: '各项支付之和与总费用不等',
      remedy: '请在来源系统更正后重传，或提出更正',
      amountYuan: '200.00',
      state: 'open',
      firstSeenAt: '2024-03-12 18:02:44+00',
    },
  });

const filters = {
  institution: z.string().max(64).optional(),
  stream: z.string().max(32).optional(),
  rule: z.string().max(64).optional(),
  field: z.string().max(64).optional(),
  state: held.shape.state.optional(),
  sort: sortQuery('amount', 'firstSeenAt'),
};

export const heldQuery = pageQuery.extend(filters);
export const heldExport = z.strictObject({ ...filters, ...exportFormat });
export const groupQuery = z.strictObject({
  institution: filters.institution,
  stream: filters.stream,
  rule: filters.rule,
});

/** Without the row's natural key: for persons that is their number. */
export const QUARANTINE: Listing = {
  select: `quarantine_id AS "quarantineId", institution, stream, batch_id AS "batchId", raw_row AS "rawRow",
           stage, rule, field, message, remedy, round(amount_fen / 100.0, 2) AS "amountYuan", state,
           first_seen_at AS "firstSeenAt"`,
  from: 'quarantine',
  consortium: 'consortium',
  institution: 'institution',
  key: [{ by: 'quarantine_id', type: 'bigint' }],
  sorts: {
    amount: { by: 'abs(amount_fen)', type: 'bigint' },
    firstSeenAt: { by: 'first_seen_at', type: 'timestamptz' },
  },
  filters: {
    institution: 'institution = ?',
    stream: 'stream = ?',
    rule: 'rule = ?',
    field: 'field = ?',
    state: 'state = ?',
  },
};

export const HELD_COLUMNS: readonly ExportColumn[] = [
  ['编号', 'quarantineId'],
  ['机构', 'institution'],
  ['数据流', 'stream'],
  ['批次', 'batchId'],
  ['行', 'rawRow'],
  ['规则', 'rule'],
  ['字段', 'field'],
  ['说明', 'message'],
  ['办法', 'remedy'],
  ['金额（元）', 'amountYuan', 'number'],
  ['状态', 'state'],
  ['首次出现', 'firstSeenAt'],
];

/** Column of the source or canonical field → the text the source should have given. */
const cells = z
  .record(z.string().min(1).max(128), z.string().max(4_000).nullable())
  .refine((given) => Object.keys(given).length > 0, '没有要更正的单元格');

export const correction = z
  .strictObject({ cells, reason })
  .meta({ example: { cells: { totalFee: '200.00' }, reason: '与收费处核对，漏录一位' } });

export const bulkCorrection = z
  .strictObject({
    institution: z.string().max(64),
    stream: z.string().max(32),
    rule: z.string().max(64),
    when: cells.describe('只更正现在是这些内容的行 / only rows whose cells read so now'),
    cells,
    reason,
  })
  .meta({
    example: {
      institution: 'H46029900107',
      stream: 'claims',
      rule: 'unknown-code',
      when: { pool: '城乡' },
      cells: { pool: 'resident' },
      reason: '卫生室用旧险种名称',
    },
  });

export const dismissal = z
  .strictObject({ cause: z.enum(DISMISSAL_CAUSES), reason })
  .meta({ example: { cause: 'test-record', reason: '卫生室安装时的测试数据' } });

export const approval = z
  .strictObject({
    entries: z
      .array(z.string().regex(/^\d{1,18}$/))
      .min(1)
      .max(500),
    reason: reason.optional(),
  })
  .meta({ example: { entries: ['57', '58'], reason: '已核对原始单据' } });

export const outcomes = z
  .array(
    z.object({
      entry: z.string(),
      ok: z.boolean(),
      decision: z.string().nullable(),
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  )
  .meta({ example: [{ entry: '57', ok: true, decision: '9', code: null, message: null }] });

/** `decision` is null where only the preview was asked for. */
export const proposed = z
  .object({ decision: z.string().nullable(), preview: z.unknown() })
  .meta({ example: { decision: '9', preview: { entry: '57', refusals: [], effect: 'new' } } });

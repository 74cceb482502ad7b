import { z } from 'zod';
import { CARE_TYPES } from '../claims/claim.js';
import { whole } from '../config/values.js';
import { type Decimal, parseDecimal } from '../kernel/decimal.js';
import { type Fen, parseYuan, yuan } from '../kernel/money.js';
import { FUNDS } from './facts.js';
import { reviewSettingsSchema } from './review-settings.js';
import { workerSettingsSchema } from './workers/worker-settings.js';

/** What an item-level finding inside a packaged case (DIP, DRG, per-diem, capitation) does to money. */
export const PACKAGED_ITEM_HITS = [
  'ITEM_FUND', // loss by item, capped by what the fund paid for the case
  'REGROUP_ONLY', // only a change of group moves money
  'RECORD_ONLY', // recorded for assessment
] as const;

const ratio = z
  .string()
  .refine((text) => {
    const value = parseDecimal(text);
    return value?.gt(0) === true && value.lt(1);
  }, '应为 0 与 1 之间的比例，例如 0.5')
  .transform((text): Decimal => parseDecimal(text) as Decimal);

const money = z
  .string()
  .refine((text) => (parseYuan(text) ?? -1n) >= 0n, '应为不小于 0 的元，例如 1.00')
  .transform((text): Fen => yuan(text));

/** A value only a local document can set: `unspecified: reason`, or the value with its source. */
const incision = z.union([
  z.strictObject({ unspecified: z.string() }),
  z.strictObject({ ratio, clause: z.string().min(2), sample: z.literal('true').optional() }),
]);

/** What packaged cases are grouped by: a DRG scheme of the knowledge folder, or a DIP package of the site. */
const grouping = z.union([
  z.strictObject({ unspecified: z.string() }),
  z.strictObject({ drg: z.string().regex(/^[a-z0-9.-]+$/) }),
  z.strictObject({ dip: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/) }),
]);

/** `config/audit/settings.yaml`, and what a site's `audit.yaml` may override. */
export const settingsSchema = z.strictObject({
  /** Findings on money smaller than this are not raised. */
  minAmount: money,
  /** Funds whose loss is counted. */
  funds: z.array(z.enum(FUNDS)).min(1),
  packagedCase: z.strictObject({
    careTypes: z.array(z.enum(CARE_TYPES)),
    itemHit: z.enum(PACKAGED_ITEM_HITS),
  }),
  /** Price of the second and later operation through one incision, as a part of the full price. */
  incision,
  grouping,
  /** How far back a run reads for rules that look at a person's history, in days. */
  lookbackDays: whole(0, 1100),
});
export type AuditSettings = z.infer<typeof settingsSchema>;

/** The file as shipped: what the engine goes by, what people who review go by, and how many work on one audit. */
export const settingsFileSchema = settingsSchema.extend({
  review: reviewSettingsSchema,
  workers: workerSettingsSchema,
});

/** A site may override any part; the rest stays as shipped. */
export const settingsOverlaySchema = z.strictObject({
  ...settingsSchema.partial().shape,
  review: reviewSettingsSchema.partial().optional(),
  workers: workerSettingsSchema.partial().optional(),
  /** Rules a site switches off or puts on trial, each with a reason. */
  rules: z
    .record(
      z.string(),
      z.strictObject({
        status: z.enum(['SHADOW', 'ACTIVE', 'SUSPENDED']).optional(),
        params: z.record(z.string(), z.unknown()).optional(),
        reason: z.string().min(2),
      }),
    )
    .default({}),
});
export type SettingsOverlay = z.infer<typeof settingsOverlaySchema>;

import { z } from 'zod';
import { POOLS } from '../claims/claim.js';
import { parseYuan } from '../kernel/money.js';
import { isMonth } from '../kernel/period.js';

/** What the messages of the outbox carry, in our own words; money as yuan text. */

const yuanText = z.string().refine((text) => parseYuan(text) !== null);
const month = z.string().refine(isMonth);

export const signInContent = z.strictObject({ day: z.iso.date() });

export const totalsContent = z.strictObject({
  month,
  pool: z.enum(POOLS),
  clearingType: z.string(),
  claims: z.int(),
  totalFee: yuanText,
  fundPaid: yuanText,
  accountPaid: yuanText,
});
export type TotalsContent = z.output<typeof totalsContent>;

/** The detail of one institution, month and clearing type: both pools, because the agency compares them together. */
const detailTotals = {
  institution: z.string(),
  month,
  clearingType: z.string(),
  claims: z.int(),
  totalFee: yuanText,
  fundPaid: yuanText,
  cashPaid: yuanText,
};

export const uploadContent = z.strictObject({
  ...detailTotals,
  fileName: z.string(),
  /** SHA-256 of the text before packing: what the agency cannot check, we can. */
  textDigest: z.string(),
  archiveBase64: z.base64(),
});
export type UploadContent = z.output<typeof uploadContent>;

export const detailContent = z.strictObject({ ...detailTotals, fileNumber: z.string() });
export type DetailContent = z.output<typeof detailContent>;

export const downloadContent = z.strictObject({
  institution: z.string(),
  month,
  clearingType: z.string(),
  fileNumber: z.string(),
  fileName: z.string(),
});
export type DownloadContent = z.output<typeof downloadContent>;

const listRow = z.record(z.string(), z.string());

/** What was done about warnings of the audit; codes as the agency has them. */
export const feedbackContent = z.strictObject({
  month,
  warningType: z.string(),
  warnings: z
    .array(z.strictObject({ findingId: z.string(), disposal: z.string(), reason: z.string() }))
    .min(1),
});
export type FeedbackContent = z.output<typeof feedbackContent>;

/** A settlement list as its field table has it: what goes over the wire is what was checked. */
export const listContent = z.strictObject({
  month,
  performedAt: z.string(),
  claimNo: z.string(),
  head: listRow,
  sections: z.record(z.string(), z.array(listRow)),
});
export type ListContent = z.output<typeof listContent>;

export const listStatusContent = z.strictObject({
  month,
  status: z.string(),
  lists: z
    .array(z.strictObject({ performedAt: z.string(), claimNo: z.string(), personId: z.string() }))
    .min(1),
});
export type ListStatusContent = z.output<typeof listStatusContent>;

export const listCountContent = z.strictObject({
  month,
  institution: z.string(),
  name: z.string(),
});
export type ListCountContent = z.output<typeof listCountContent>;

import { z } from 'zod';
import { whole, yesNo } from '../config/values.js';
import { type Fen, parseYuan, yuan } from '../kernel/money.js';

const money = z
  .string()
  .refine((text) => (parseYuan(text) ?? -1n) >= 0n, '应为不小于 0 的元，例如 1000.00')
  .transform((text): Fen => yuan(text));

const term = whole(1, 250);

/** Files a member may send in with an appeal. */
export const ATTACHMENT_KINDS = ['pdf', 'png', 'jpg', 'docx', 'xlsx'] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

/** How findings are reviewed (`review:` of `config/audit/settings.yaml` and of a site's `audit.yaml`). */
export const reviewSettingsSchema = z.strictObject({
  /** Findings of these classes get a case. */
  classes: z.array(z.enum(['HARD', 'SUSP', 'CLUE'])).min(1),
  /** Whether one person may decide at once, without the member being heard first (直接确认). */
  shortPath: yesNo,
  /** From this amount on, the first reviewer does not have the last word (yuan). */
  fourEyesFrom: money,
  panel: z.strictObject({
    /** Least number of voters. */
    voters: whole(3, 99),
    /** Amounts from here on go to a panel (yuan). */
    from: money,
  }),
  /** Working days for each stage, counted from the day after it began. */
  terms: z.strictObject({
    firstReview: term,
    notice: term,
    feedback: term,
    secondReview: term,
    panel: term,
    secondFeedback: term,
  }),
  attachments: z.strictObject({
    /** Of one appeal. */
    most: whole(0, 50),
    bytes: whole(1, 104_857_600),
    kinds: z.array(z.enum(ATTACHMENT_KINDS)).min(1),
  }),
});
export type ReviewSettings = z.infer<typeof reviewSettingsSchema>;

/** `config/audit/opinions.yaml`: reason codes with a text that reviewers may use as it stands. */
export const opinionsSchema = z.record(
  z.string().regex(/^[A-Z][A-Z0-9-]{1,29}$/),
  z.strictObject({ label: z.string().min(2), text: z.string().min(1) }),
);
export type Opinions = z.infer<typeof opinionsSchema>;

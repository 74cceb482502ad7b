import { z } from 'zod';
import { whole } from '../../config/values.js';
import { type Decimal, parseDecimal } from '../../kernel/decimal.js';
import type { RuleClass, RuleStatus } from '../rule.js';

export const ASPECTS = ['policy', 'clinical', 'engineering'] as const;
export type Aspect = (typeof ASPECTS)[number];

const share = z
  .string()
  .refine((text) => {
    const value = parseDecimal(text);
    return value?.gte(0) === true && value.lte(1);
  }, '应为 0 到 1 的比例')
  .transform((text): Decimal => parseDecimal(text) as Decimal);

/** `config/audit/lifecycle.yaml`. */
export const lifecycleSchema = z.strictObject({
  approvals: z.array(z.enum(ASPECTS)).min(1),
  promotion: z.strictObject({
    reviewedHits: whole(1, 1_000_000),
    months: whole(1, 60),
    precision: z.strictObject({ HARD: share, SUSP: share }),
  }),
  reopenAtUpheldAppeals: whole(1, 1000),
});
export type LifecycleSettings = z.output<typeof lifecycleSchema>;

/** Where a rule may go from where it stands. */
export const TRANSITIONS: Readonly<Record<RuleStatus, readonly RuleStatus[]>> = {
  DRAFT: ['REVIEW', 'RETIRED'],
  REVIEW: ['DRAFT', 'SHADOW', 'RETIRED'],
  SHADOW: ['ACTIVE', 'REVIEW', 'SUSPENDED', 'RETIRED'],
  ACTIVE: ['SHADOW', 'SUSPENDED', 'RETIRED'],
  SUSPENDED: ['REVIEW', 'SHADOW', 'ACTIVE', 'RETIRED'],
  RETIRED: [],
};

/** How a rule has done. */
export interface RuleRecord {
  readonly hits: number;
  readonly reviewed: number;
  readonly confirmed: number;
  readonly dismissed: number;
  readonly appealsUpheld: number;
}

/** Confirmed of those decided either way; null while nobody decided anything. */
export function precisionOf({ confirmed, dismissed }: RuleRecord): number | null {
  return confirmed + dismissed === 0 ? null : confirmed / (confirmed + dismissed);
}

export interface Standing {
  readonly class: RuleClass;
  readonly status: RuleStatus;
  readonly approvals: readonly { readonly aspect: Aspect; readonly by: string }[];
  /** Whole months since the trial began; null when nobody noted it. */
  readonly monthsOnTrial: number | null;
  readonly isReopened: boolean;
  readonly record: RuleRecord;
}

/** What still stands in the way of a status, in Chinese; empty: nothing. */
export function missingFor(
  target: RuleStatus,
  standing: Standing,
  settings: LifecycleSettings,
): readonly string[] {
  if (!TRANSITIONS[standing.status].includes(target))
    return [`不能从 ${standing.status} 转为 ${target}`];
  if (target === 'SHADOW' && standing.status === 'REVIEW')
    return missingApprovals(standing, settings);
  if (target !== 'ACTIVE') return [];
  const trial = standing.status === 'SHADOW' ? missingTrial(standing, settings) : [];
  return [...trial, ...reopened(standing)];
}

function missingApprovals({ approvals }: Standing, settings: LifecycleSettings): string[] {
  const absent = settings.approvals.filter(
    (aspect) => !approvals.some((each) => each.aspect === aspect),
  );
  const people = new Set(approvals.map(({ by }) => by));
  return [
    ...absent.map((aspect) => `缺少${ASPECT_LABELS[aspect]}同意`),
    ...(absent.length === 0 && people.size < settings.approvals.length
      ? ['各方面的同意须出自不同的人']
      : []),
  ];
}

function missingTrial(standing: Standing, { promotion }: LifecycleSettings): string[] {
  const { record, monthsOnTrial } = standing;
  const longEnough = monthsOnTrial !== null && monthsOnTrial >= promotion.months;
  const missing: string[] = [];
  if (record.reviewed < promotion.reviewedHits && !longEnough)
    missing.push(
      `已复核 ${record.reviewed} 条（须 ${promotion.reviewedHits} 条），试运行 ${monthsOnTrial ?? 0} 个月（或满 ${promotion.months} 个月）`,
    );
  const needed =
    standing.class === 'HARD' || standing.class === 'SUSP'
      ? promotion.precision[standing.class]
      : null;
  if (needed === null) return missing;
  const decided = record.confirmed + record.dismissed;
  if (needed.times(decided).gt(record.confirmed) || decided === 0)
    missing.push(
      `准确率 ${percent(precisionOf(record))}（${standing.class} 须达 ${percent(needed.toNumber())}）`,
    );
  return missing;
}

function reopened({ isReopened }: Standing): string[] {
  return isReopened ? ['申诉成立较多，重新评审尚未结束'] : [];
}

export function percent(value: number | null): string {
  return value === null ? '—' : `${(value * 100).toFixed(1)}%`;
}

export const ASPECT_LABELS: Readonly<Record<Aspect, string>> = {
  policy: '政策',
  clinical: '临床',
  engineering: '技术',
};

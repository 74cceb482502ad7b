import { z } from 'zod';
import { CARE_TYPES, INSTITUTION_LEVELS, POOLS } from '../claims/claim.js';
import { whole } from '../config/values.js';
import { isIsoDate } from '../kernel/dates.js';

/** Outcome classes: clear violation · suspicion, a person decides · clue, never money · reminder · bad data goes back. */
export const RULE_CLASSES = ['HARD', 'SUSP', 'CLUE', 'REMIND', 'RETURN'] as const;
export type RuleClass = (typeof RULE_CLASSES)[number];

/** SHADOW rules hit on trial: their findings are shown to rule owners and never carry money. */
export const RULE_STATUSES = [
  'DRAFT',
  'REVIEW',
  'SHADOW',
  'ACTIVE',
  'SUSPENDED',
  'RETIRED',
] as const;
export type RuleStatus = (typeof RULE_STATUSES)[number];

/** How much of what the fund paid is at stake. */
export const DEDUCTION_BASES = [
  'LINE_FULL', // the line
  'QTY_EXCESS', // the units beyond the limit, latest first
  'PRICE_EXCESS', // the part of the price above the ceiling
  'PAIR_SECONDARY', // the contained item of a pair
  'DISCOUNT_DIFF', // what a discount not given would have saved
  'DAYS_EXCESS', // the case's fund by day
  'CASE_FULL', // the whole case
  'GROUP_DIFF', // what the declared group stands for beyond the right one
  'CAP_EXCESS', // what the fund paid beyond a cap
  'MERGED_STAY', // two stays paid as one: what the standards differ by, else a panel sets the amount
  'NONE',
] as const;
export type DeductionBasis = (typeof DEDUCTION_BASES)[number];

const ruleId = z.string().regex(/^[A-Z]{2,3}-\d{2}$/, '规则编号形如 CAT-06');
const isoDate = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
/** `document §clause`; the clause is optional for a document that is one list. */
const citation = z
  .string()
  .regex(/^[a-z][a-z0-9.-]*( §.+)?$/, '写作“文件 §条款”，文件须列在 documents.yaml');

const relations = z
  .strictObject({
    /** Where both hit, the other's finding becomes corroboration of this one. */
    subsumes: z.array(ruleId).default([]),
    /** Only one of the two can be true: the weaker becomes corroboration. */
    mutuallyExclusive: z.array(ruleId).default([]),
    /** An older rule that this one replaces on the service dates it is in force. */
    supersedes: z.array(ruleId).default([]),
  })
  .prefault({});

/** A rule record (规则): one file of `config/audit/rules`. `params` and `cases` are checked by its template. */
export const ruleSchema = z.strictObject({
  id: ruleId,
  /** Immutable: a change of meaning is a new version. */
  version: z.string().regex(/^\d+\.\d+$/, '版本形如 1.0'),
  title: z.string().min(2),
  titleEn: z.string().min(2),
  template: z.string(),
  params: z.record(z.string(), z.unknown()).default({}),
  class: z.enum(RULE_CLASSES),
  status: z.enum(RULE_STATUSES),
  /** Care types it looks at; absent = all. */
  scenes: z.array(z.enum(CARE_TYPES)).min(1).optional(),
  pools: z.array(z.enum(POOLS)).min(1).optional(),
  /** Institutions it looks at; absent = all. */
  facility: z
    .strictObject({
      levels: z.array(z.enum(INSTITUTION_LEVELS)).min(1).optional(),
      institutions: z.array(z.string()).min(1).optional(),
    })
    .optional(),
  /** By service date: the fee date of a line, the discharge date of a stay. `until` is the first day no longer covered. */
  effective: z.strictObject({ from: isoDate, until: isoDate.optional() }),
  basis: z.array(citation).min(1),
  /** Limbs of the regulation's list of violations, when it is one. */
  legal: z.array(z.string().regex(/^REG(38_[1-7]|40)$/)).default([]),
  /** Code in the national framework; absent where the class has none yet. */
  official: z
    .string()
    .regex(/^(GZ|ZB)\d{14}$/)
    .nullable()
    .default(null),
  deduction: z.enum(DEDUCTION_BASES),
  /** Order among findings of one class; higher first. */
  severity: whole(0, 100).default(50),
  relations,
  /** Chinese sentence with `{fact}` placeholders. */
  message: z.string().min(4),
  /** Names in exemptions.yaml. */
  exempt: z.array(z.string()).default([]),
  /** For people, in Chinese: what it is about, when it fires, what it does not catch. */
  explain: z.strictObject({
    means: z.string().min(6),
    fires: z.string().min(6),
    misses: z.string().min(6),
  }),
  cases: z.array(z.unknown()).min(2),
});
export type Rule = z.infer<typeof ruleSchema>;

/** `CAT-06@1.0`: what a finding's id is made with. */
export function ruleVersion(rule: Pick<Rule, 'id' | 'version'>): string {
  return `${rule.id}@${rule.version}`;
}

export function isInForceOn({ effective }: Pick<Rule, 'effective'>, serviceDate: string): boolean {
  if (serviceDate < effective.from) return false;
  return effective.until === undefined || serviceDate < effective.until;
}

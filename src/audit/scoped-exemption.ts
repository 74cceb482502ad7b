import { z } from 'zod';
import { dateOf, type IsoDate, isIsoDate } from '../kernel/dates.js';
import { isMonth } from '../kernel/period.js';
import type { ClaimFacts, LineFacts } from './facts.js';
import type { Hit } from './template.js';

const day = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
const some = z.array(z.string().min(1)).min(1).optional();

/**
 * A locality's own exemption (专项豁免): which hits of which rules are legitimate here, for how long, by what document and who approved
 * it. What is absent does not narrow it; what is given must hold together.
 */
const scope = z.strictObject({
  rules: z.array(z.string().regex(/^[A-Z]{2,3}-\d{2}$/, '规则编号形如 CAT-06')).min(1),
  institutions: some,
  departments: some,
  persons: some,
  /** Beginnings of diagnosis codes; any diagnosis of the claim. */
  diagnoses: some,
  items: some,
  /** Accounting months of the claims. */
  months: z.array(z.string().refine(isMonth, '月份写作 2024-03')).min(1).optional(),
  /** Batches of national knowledge points that are not applied here yet. */
  batches: some,
  /** By service date; `until` is the first day on which it no longer holds. */
  from: day,
  until: day,
  reason: z.string().min(4),
  document: z.string().min(4),
});
const ENDS = { message: 'until 应晚于 from', path: ['until'] };
const endsLater = ({ from, until }: { readonly from: string; readonly until: string }): boolean =>
  from < until;

/** Before somebody else has approved it. */
export const proposedExemptionSchema = scope.refine(endsLater, ENDS);
export type ProposedExemption = z.output<typeof proposedExemptionSchema>;
export const scopedExemptionSchema = scope
  .extend({ approvedBy: z.string().min(1) })
  .refine(endsLater, ENDS);
export type ScopedExemption = z.output<typeof scopedExemptionSchema>;

/** `<site>/audit/exemptions.yaml`: by name. */
export const scopedExemptionsSchema = z.record(
  z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, '名称用小写英文短词，以连字符连接'),
  scopedExemptionSchema,
);

/** Whether everything a hit blames lies within the exemption; of a hit that lies in part outside, nothing is exempt. */
export function coversHit(exemption: ScopedExemption, hit: Hit): boolean {
  const { batches } = exemption;
  if (batches !== undefined && !(hit.point !== null && batches.includes(hit.point.batch)))
    return false;
  return (
    hit.violating.every(({ line }) => coversLine(exemption, line)) &&
    hit.violatingClaims.every(
      ({ claim }) =>
        exemption.items === undefined &&
        isWithin(exemption, dateOf(claim.dischargedAt ?? claim.settledOn)) &&
        coversClaim(exemption, claim, claim.department),
    )
  );
}

function coversLine(exemption: ScopedExemption, line: LineFacts): boolean {
  const { items } = exemption;
  if (items !== undefined && (line.itemCode === null || !items.includes(line.itemCode)))
    return false;
  return (
    isWithin(exemption, line.chargedOn) &&
    coversClaim(exemption, line.claim, line.department ?? line.claim.department)
  );
}

function coversClaim(
  { institutions, departments, persons, diagnoses, months }: ScopedExemption,
  claim: ClaimFacts,
  department: string | null,
): boolean {
  return (
    holds(institutions, (code) => code === claim.institution) &&
    holds(departments, (code) => code === department) &&
    holds(persons, (person) => person === claim.personId) &&
    holds(diagnoses, (stem) => claim.diagnoses.some((code) => code.startsWith(stem))) &&
    holds(months, (month) => month === claim.period)
  );
}

function holds(scope: readonly string[] | undefined, test: (each: string) => boolean): boolean {
  return scope === undefined || scope.some(test);
}

function isWithin({ from, until }: ScopedExemption, date: IsoDate): boolean {
  return date >= from && date < until;
}

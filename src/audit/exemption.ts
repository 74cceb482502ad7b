import { z } from 'zod';
import { DISCHARGE_MODES } from '../claims/claim.js';
import { whole, yesNo } from '../config/values.js';
import { dateOf, daysBetween } from '../kernel/dates.js';
import type { ClaimFacts } from './facts.js';

/**
 * Why a hit is legitimate after all (豁免). Any one condition is enough. `of` says whose claim is looked at: the violating one, or the
 * earlier claims a hit refers to.
 */
export const exemptionSchema = z.strictObject({
  label: z.string().min(2),
  labelEn: z.string().min(2),
  of: z.enum(['violating', 'involved', 'either']).default('violating'),
  /** Beginnings of diagnosis codes. */
  diagnoses: z.array(z.string().min(1)).default([]),
  /** Look at the principal diagnosis only. */
  principalOnly: yesNo.default(false),
  /** Beginnings of procedure codes. */
  procedures: z.array(z.string().min(1)).default([]),
  dischargeModes: z.array(z.enum(DISCHARGE_MODES)).default([]),
  /** Age in days at the start of the claim. */
  ageDaysAtMost: whole(0, 40_000).nullable().default(null),
});
/** `config/audit/exemptions.yaml`: by name. */
export const exemptionsSchema = z.record(z.string(), exemptionSchema);
export type Exemption = z.infer<typeof exemptionSchema>;

export function isExempt(
  exemption: Exemption,
  violating: readonly ClaimFacts[],
  involved: readonly ClaimFacts[],
): boolean {
  const asked =
    exemption.of === 'violating'
      ? violating
      : exemption.of === 'involved'
        ? involved
        : [...violating, ...involved];
  return asked.some((claim) => holds(exemption, claim));
}

function holds(exemption: Exemption, claim: ClaimFacts): boolean {
  const diagnoses = exemption.principalOnly ? [claim.principalDiagnosis] : claim.diagnoses;
  return (
    diagnoses.some((code) => code !== null && startsWithAny(code, exemption.diagnoses)) ||
    claim.procedures.some((code) => startsWithAny(code, exemption.procedures)) ||
    (claim.dischargeMode !== null && exemption.dischargeModes.includes(claim.dischargeMode)) ||
    isYoungerThan(claim, exemption.ageDaysAtMost)
  );
}

function startsWithAny(code: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => code.startsWith(beginning));
}

function isYoungerThan(
  { birthDate, admittedAt, settledOn }: ClaimFacts,
  days: number | null,
): boolean {
  if (days === null || birthDate === null) return false;
  return daysBetween(birthDate, dateOf(admittedAt ?? settledOn)) <= days;
}

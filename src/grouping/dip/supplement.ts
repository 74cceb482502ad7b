import { z } from 'zod';
import { DISCHARGE_MODES } from '../../claims/claim.js';
import { ageInYears, daysBetween, type IsoDate } from '../../kernel/dates.js';
import { type Decimal, parseDecimal } from '../../kernel/decimal.js';

/**
 * Supplementary directory (辅助目录): conditions of patient and stay, each with a factor on the points. Where several hold, the highest
 * alone counts; they are never multiplied.
 */

const count = z
  .string()
  .regex(/^\d{1,4}$/, '应为整数')
  .transform(Number);
const factor = z
  .string()
  .refine((text) => parseDecimal(text)?.gt(0) === true, '应为大于零的数字')
  .transform((text) => parseDecimal(text) as Decimal);

export const supplementSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    label: z.string().min(1).max(100),
    /** Completed years of age at admission, both ends counted. */
    ageFrom: count.optional(),
    ageTo: count.optional(),
    /** Days of age at admission, at most. */
    ageDaysTo: count.optional(),
    /** Nights of the stay, both ends counted. */
    stayFrom: count.optional(),
    stayTo: count.optional(),
    discharge: z.enum(DISCHARGE_MODES).optional(),
    /** Prefixes of other diagnoses, any of which is enough. */
    diagnoses: z.array(z.string().min(1).max(20)).min(1).max(5_000).optional(),
    factor,
  })
  .refine(({ id: _, label: __, factor: ___, ...conditions }) => hasAny(conditions), {
    message: '至少写一个条件',
  });
export type Supplement = Readonly<z.output<typeof supplementSchema>>;

/** What of a case the conditions look at; null: the source does not say. */
export interface CasePatient {
  readonly sex: string | null;
  readonly birthDate: IsoDate | null;
  readonly admitted: IsoDate | null;
  readonly discharged: IsoDate | null;
  readonly dischargeMode: string | null;
  readonly otherDiagnoses: readonly string[];
}

/** The condition with the highest factor that holds; null when none does. What is not known holds nothing. */
export function supplementOf(rows: readonly Supplement[], patient: CasePatient): Supplement | null {
  let best: Supplement | null = null;
  for (const row of rows)
    if (holds(row, patient) && (best === null || row.factor.gt(best.factor))) best = row;
  return best;
}

function holds(row: Supplement, patient: CasePatient): boolean {
  return (
    holdsAge(row, patient) &&
    holdsStay(row, patient) &&
    (row.discharge === undefined || row.discharge === patient.dischargeMode) &&
    (row.diagnoses === undefined || hasOther(row.diagnoses, patient.otherDiagnoses))
  );
}

function holdsAge(
  { ageFrom, ageTo, ageDaysTo }: Supplement,
  { birthDate, admitted }: CasePatient,
): boolean {
  if (ageFrom === undefined && ageTo === undefined && ageDaysTo === undefined) return true;
  if (birthDate === null || admitted === null || admitted < birthDate) return false;
  const years = ageInYears(birthDate, admitted);
  return (
    isWithin(years, ageFrom, ageTo) && isWithin(daysBetween(birthDate, admitted), 0, ageDaysTo)
  );
}

function holdsStay(
  { stayFrom, stayTo }: Supplement,
  { admitted, discharged }: CasePatient,
): boolean {
  if (stayFrom === undefined && stayTo === undefined) return true;
  if (admitted === null || discharged === null) return false;
  return isWithin(daysBetween(admitted, discharged), stayFrom, stayTo);
}

function isWithin(value: number, from: number = 0, to: number = Number.POSITIVE_INFINITY): boolean {
  return value >= from && value <= to;
}

function hasOther(prefixes: readonly string[], codes: readonly string[]): boolean {
  return codes.some((code) => prefixes.some((prefix) => code.startsWith(prefix)));
}

function hasAny(conditions: Readonly<Record<string, unknown>>): boolean {
  return Object.values(conditions).some((value) => value !== undefined);
}

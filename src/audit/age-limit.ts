import { addDays, ageInYears, daysBetween, type IsoDate } from '../kernel/dates.js';
import type { AgeLimit, KnowledgePoint } from '../knowledge/knowledge.js';
import type { LineFacts } from './facts.js';
import type { RowTest } from './screen/row-check.js';
import type { AttributeParams, Verdict } from './templates/attribute-mismatch.template.js';

type AgeBounds = Extract<AttributeParams, { attribute: 'age' }>;

/**
 * Whether the person's age on the service day fits the limit (限新生儿、婴儿、儿童、劳动年龄). Ages are completed and inclusive: a
 * child of "at most 14" stays one until the day before the 15th birthday.
 */
export function ageVerdict(
  { claim, chargedOn }: LineFacts,
  { limit }: KnowledgePoint<'drug-age' | 'item-age'>,
  bounds: AgeBounds,
): Verdict {
  const { birthDate } = claim;
  if (birthDate === null || birthDate > chargedOn) return { notApplicable: 'missing-birth-date' };
  if (limit.audience === 'newborn' && limit.maxYears === null) {
    const days = daysBetween(birthDate, chargedOn);
    if (days <= bounds.newbornDays) return null;
    return {
      mismatch: {
        limit: `出生 ${bounds.newbornDays} 天以内`,
        actual: ageText(birthDate, chargedOn),
      },
    };
  }
  const { min, max } = yearsOf(limit, bounds);
  const age = ageInYears(birthDate, chargedOn);
  const oldEnough =
    limit.minMonths === null || chargedOn >= monthsAfter(birthDate, limit.minMonths);
  if (age >= min && age <= max && oldEnough) return null;
  return {
    mismatch: {
      limit: rangeText(min, max, limit.minMonths),
      actual: ageText(birthDate, chargedOn),
    },
  };
}

/** The same limit as a test of a line: holds when the age is outside. */
export function ageTest(limit: AgeLimit, bounds: AgeBounds): RowTest {
  if (limit.audience === 'newborn' && limit.maxYears === null)
    return { kind: 'older-than-days', days: bounds.newbornDays };
  const { min, max } = yearsOf(limit, bounds);
  return { kind: 'age-outside', minYears: min, maxYears: max, minMonths: limit.minMonths };
}

function yearsOf(limit: AgeLimit, bounds: AgeBounds): { min: number; max: number } {
  const { min, max } = {
    newborn: { min: 0, max: 0 },
    infant: { min: 0, max: bounds.infantMaxYears },
    child: { min: 0, max: bounds.childMaxYears },
    'working-age': { min: bounds.workingMinYears, max: bounds.workingMaxYears },
  }[limit.audience];
  return { min: limit.minYears ?? min, max: limit.maxYears ?? max };
}

function monthsAfter(date: IsoDate, months: number): IsoDate {
  const total = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const month = `${Math.trunc(total / 12)}-${String((total % 12) + 1).padStart(2, '0')}`;
  return addDays(`${month}-01`, Number(date.slice(8, 10)) - 1);
}

function rangeText(min: number, max: number, minMonths: number | null): string {
  const low = minMonths === null ? `${min} 周岁` : `${minMonths} 月龄`;
  return `${low}至 ${max} 周岁`;
}

function ageText(birthDate: IsoDate, on: IsoDate): string {
  const years = ageInYears(birthDate, on);
  return years >= 1 ? `${years} 周岁` : `出生 ${daysBetween(birthDate, on)} 天`;
}

import type { Institution, Level } from '../county/institutions.js';
import type { Person } from '../county/people.js';
import type { CareType, DemoLine, Money } from './model.js';
import { sumFen } from './model.js';

/**
 * What the fictitious county's insurance pays on a claim. The numbers are invented sample benefits of a made-up place, not
 * policy: the gateway never computes a patient's benefit, it reads what the institution settled.
 */
interface Terms {
  /** Fen that the person bears before the fund pays. */
  readonly deductible: bigint;
  /** Permille of the rest that the pooled fund pays. */
  readonly rate: number;
}

const STAY_TERMS: Readonly<Record<Level, Terms>> = {
  village: { deductible: 0n, rate: 850 },
  primary: { deductible: 10_000n, rate: 850 },
  secondary: { deductible: 40_000n, rate: 780 },
  tertiary: { deductible: 60_000n, rate: 700 },
};
const VISIT_RATES: Readonly<Record<Level, number>> = {
  village: 600,
  primary: 600,
  secondary: 550,
  tertiary: 500,
};
const EMPLOYEE_BONUS = 100;
const CHRONIC_BONUS = 150;
/** Above this own burden the second fund pays: residents' critical illness, employees' large expense. */
const SECOND_FUND_FROM = 800_000n;
const SECOND_FUND_RATE = 600;

export interface BenefitCase {
  readonly institution: Institution;
  readonly person: Person;
  readonly careType: CareType;
  readonly lines: readonly DemoLine[];
}

export function settleBenefit(facts: BenefitCase): Money {
  const total = sumFen(facts.lines.map((line) => line.amount));
  const eligible = sumFen(facts.lines.map((line) => line.eligible));
  const terms = termsOf(facts);
  const deductible = terms.deductible < eligible ? terms.deductible : eligible;
  const pooled = permille(eligible - deductible, terms.rate);
  const burden = eligible - pooled;
  const second =
    burden > SECOND_FUND_FROM ? permille(burden - SECOND_FUND_FROM, SECOND_FUND_RATE) : 0n;
  const resident = facts.person.pool === 'resident';
  const medicalAid = facts.person.aided ? permille(burden - second, 500) : 0n;
  const fund = pooled + second + medicalAid;
  const rest = total - fund;
  const account = resident ? 0n : permille(rest, 550);
  return {
    total,
    eligible,
    deductible,
    pooled,
    criticalIllness: resident ? second : 0n,
    largeExpense: resident ? 0n : second,
    medicalAid,
    fund,
    account,
    cash: rest - account,
  };
}

function termsOf({ institution, person, careType }: BenefitCase): Terms {
  const bonus = person.pool === 'employee' ? EMPLOYEE_BONUS : 0;
  if (careType === 'inpatient') {
    const stay = STAY_TERMS[institution.level];
    return { deductible: stay.deductible, rate: stay.rate + bonus };
  }
  const chronic = careType === 'chronic' || careType === 'two-disease' ? CHRONIC_BONUS : 0;
  return { deductible: 0n, rate: VISIT_RATES[institution.level] + bonus + chronic };
}

function permille(amount: bigint, rate: number): bigint {
  return (amount * BigInt(rate) + 500n) / 1000n;
}

/** The money of the row that takes a claim back. */
export function negated(money: Money): Money {
  return {
    total: -money.total,
    eligible: -money.eligible,
    deductible: -money.deductible,
    pooled: -money.pooled,
    criticalIllness: -money.criticalIllness,
    largeExpense: -money.largeExpense,
    medicalAid: -money.medicalAid,
    fund: -money.fund,
    account: -money.account,
    cash: -money.cash,
  };
}

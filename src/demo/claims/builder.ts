import type { Institution } from '../county/institutions.js';
import type { Person } from '../county/people.js';
import type { Random } from '../county/random.js';
import { item } from '../items/catalogue.js';
import { amountOf, eligibleOf, type Item } from '../items/item.js';
import type { Charge, InpatientProfile, OutpatientProfile } from '../profiles/profile.js';
import { negated, settleBenefit } from './benefit.js';
import type { CareType, DemoClaim, DemoLine, Stay } from './model.js';

/** Items charged by the hour: they start at midnight, and only on days that the patient was present from end to end. */
const HOURLY = new Set(['ecg-monitor', 'oximetry', 'ventilator']);

export interface LineRequest {
  readonly item: Item;
  readonly day: number;
  readonly minute: number;
  readonly quantity: number;
  readonly prescription?: string;
}

export function makeLine(request: LineRequest, department: string): DemoLine {
  const amount = amountOf(request.item.price, request.quantity);
  return {
    lineNo: '',
    item: request.item,
    day: request.day,
    minute: request.minute,
    quantity: request.quantity,
    amount,
    eligible: eligibleOf(amount, request.item.selfPaidPermille),
    prescription: request.prescription ?? null,
    doctor: `${department}${request.item.key.length % 7}号医师`,
  };
}

export interface ClaimRequest {
  readonly institution: Institution;
  readonly person: Person;
  readonly careType: CareType;
  readonly profile: string;
  readonly department: string;
  readonly diagnoses: readonly string[];
  readonly procedures?: readonly string[];
  readonly settledDay: number;
  readonly settledMinute: number;
  readonly stay?: Stay;
  readonly lines: readonly LineRequest[];
  readonly channel?: 'direct' | 'manual';
  readonly cause?: 'ordinary' | 'public-health-emergency';
}

export function makeClaim(request: ClaimRequest): DemoClaim {
  const lines = request.lines.map((line) => makeLine(line, request.department));
  const { institution, person, careType } = request;
  return {
    claimNo: '',
    institution,
    person,
    careType,
    profile: request.profile,
    settledDay: request.settledDay,
    settledMinute: request.settledMinute,
    stay: request.stay ?? null,
    department: request.department,
    diagnoses: request.diagnoses,
    procedures: request.procedures ?? [],
    channel: request.channel ?? 'direct',
    cause: request.cause ?? 'ordinary',
    lines,
    money: settleBenefit({ institution, person, careType, lines }),
    refunds: null,
    dirt: null,
  };
}

/** Whether a charge may be given: the county's own bookkeeping of limited items. */
export type Allowed = (key: string, day: number) => boolean;

export function visitClaim(
  request: { institution: Institution; person: Person; day: number; allowed: Allowed },
  profile: OutpatientProfile,
  random: Random,
): DemoClaim {
  const minute = random.between(8 * 60, 17 * 60);
  const { institution, person, day, allowed } = request;
  const lines = drawn(profile.charges, random).flatMap(([key, quantity], index) =>
    allowed(key, day)
      ? [{ item: item(key), day, minute: minute + index, quantity, prescription: 'R1' }]
      : [],
  );
  return makeClaim({
    institution,
    person,
    careType: profile.careType,
    profile: profile.key,
    department: profile.department,
    diagnoses: [profile.diagnosis, ...profile.others],
    settledDay: day,
    settledMinute: minute + 25,
    lines,
  });
}

export interface StayRequest {
  readonly institution: Institution;
  readonly person: Person;
  /** Day of admission and days of stay. */
  readonly day: number;
  readonly days: number;
  readonly allowed: Allowed;
  readonly mode?: Stay['mode'];
}

export function stayClaim(
  request: StayRequest,
  profile: InpatientProfile,
  random: Random,
): DemoClaim {
  const { institution, person, day, days, allowed } = request;
  const admittedMinute = random.between(8 * 60, 16 * 60);
  const dischargedMinute = random.between(9 * 60, 11 * 60);
  const may = (charges: readonly Charge[]): readonly Charge[] =>
    charges.filter(([key]) => allowed(key, day));
  const [daily, once] = [may(profile.daily), may(profile.once)];
  const lines = Array.from({ length: days }, (_, offset) => {
    const charges = offset === 1 ? [...daily, ...once] : daily;
    return chargesOfDay(drawn(charges, random), { day, offset, admittedMinute });
  }).flat();
  return makeClaim({
    institution,
    person,
    careType: 'inpatient',
    profile: profile.key,
    department: profile.department,
    diagnoses: [profile.diagnosis, ...profile.others],
    procedures: profile.procedures,
    settledDay: day + days,
    settledMinute: dischargedMinute + 30,
    stay: {
      admittedDay: day,
      admittedMinute,
      dischargedDay: day + days,
      dischargedMinute,
      mode: request.mode ?? 'ordered',
    },
    lines,
  });
}

/** One day's charges. The day of admission is not whole, so nothing is charged by the hour on it. */
function chargesOfDay(
  charges: readonly (readonly [string, number])[],
  { day, offset, admittedMinute }: { day: number; offset: number; admittedMinute: number },
): LineRequest[] {
  return charges
    .filter(([key]) => offset > 0 || !HOURLY.has(key))
    .map(([key, quantity], index) => {
      const morning = offset === 0 ? admittedMinute + 20 : 9 * 60 + index;
      const minute = HOURLY.has(key) ? 0 : morning;
      return { item: item(key), day: day + offset, minute, quantity };
    });
}

function drawn(charges: readonly Charge[], random: Random): readonly [string, number][] {
  const chosen: [string, number][] = [];
  for (const [key, least, greatest, permille] of charges) {
    if (permille >= 1000 || random.chance(permille)) {
      chosen.push([key, random.between(least, greatest)]);
    }
  }
  return chosen;
}

/** A new negative row that takes a claim back, line by line. */
export function refundOf(claim: DemoClaim, settledDay: number): DemoClaim {
  return {
    ...claim,
    claimNo: '',
    settledDay,
    settledMinute: 16 * 60,
    lines: claim.lines.map((line) => ({
      ...line,
      lineNo: '',
      quantity: -line.quantity,
      amount: -line.amount,
      eligible: -line.eligible,
    })),
    money: negated(claim.money),
    refunds: claim,
    dirt: null,
  };
}

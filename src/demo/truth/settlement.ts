import { demoYear } from '../county/calendar.js';
import { INSTITUTIONS } from '../county/institutions.js';
import { yuanText } from '../sources/source-table.js';
import { greater, halfUp, lesser, part, shareOut, total } from './arithmetic.js';
import { bookedOf, bucketOf, type Entry } from './books.js';
import { casesOf, pointsOf } from './dip-points.js';
import type { PolicyInputs } from './policy-inputs.js';
import type { FigureTruth, ViolationTruth } from './truth.js';

const POOLS = ['employee', 'resident'] as const;
type Pool = (typeof POOLS)[number];
const OWN = ['outpatient', 'chronic', 'two-disease', 'inpatient'] as const;
const REGION = 'sanya';

/** Settling institutions in code order. */
export const MEMBERS: readonly string[] = [
  ...new Set(INSTITUTIONS.map(({ settledBy }) => settledBy)),
].sort();

/** Every month's prepayment and the year's clearing, each pool by itself. */
export function settlementTruth(
  books: readonly Entry[],
  violations: readonly ViolationTruth[],
  policy: PolicyInputs,
): FigureTruth[] {
  return POOLS.flatMap((pool) => {
    const own = books.filter(({ claim }) => claim.person.pool === pool);
    const months = monthsOfYear().map((month) => monthFigures(own, { month, pool, policy }));
    const prepaid = MEMBERS.map((_, index) =>
      total(months.map(({ shares }) => shares[index] ?? 0n)),
    );
    const audit = MEMBERS.map((member) => auditOf(violations, pool, member));
    return [
      ...months.flatMap(({ figures }) => figures),
      ...yearFigures(own, { pool, policy, prepaid, audit }),
    ];
  });
}

function monthsOfYear(): string[] {
  return Array.from(
    { length: 12 },
    (_, index) => `${demoYear()}-${String(index + 1).padStart(2, '0')}`,
  );
}

function bookedIn(entries: readonly Entry[], buckets: readonly string[], member?: string): bigint {
  return total(
    entries
      .filter(({ claim }) => member === undefined || claim.institution.settledBy === member)
      .map(({ claim }) => (buckets.includes(bucketOf(claim)) ? bookedOf(claim) : 0n)),
  );
}

function monthFigures(
  own: readonly Entry[],
  { month, pool, policy }: { month: string; pool: Pool; policy: PolicyInputs },
): { figures: FigureTruth[]; shares: readonly bigint[] } {
  const entries = own.filter(({ period }) => period === month);
  const booked = bookedIn(entries, OWN);
  const prepayment = part(booked, policy.prepaymentRate);
  const shares = shareOut(
    prepayment,
    MEMBERS.map((member) => bookedIn(entries, OWN, member)),
  );
  const figure = (key: string, amount: bigint): FigureTruth => ({
    id: `${REGION}.${month}.${pool}.${key}`,
    value: yuanText(amount),
  });
  return {
    shares,
    figures: [
      figure('booked', booked),
      figure('prepayment', prepayment),
      ...MEMBERS.map((member, index) => figure(`member.${member}.prepayment`, shares[index] ?? 0n)),
    ],
  };
}

/** Confirmed deductions of the year: what the audit finds beyond doubt. */
function auditOf(violations: readonly ViolationTruth[], pool: Pool, member: string): bigint {
  return total(
    violations
      .filter((one) => one.pool === pool && one.settledBy === member && one.amount !== null)
      .map(({ amount }) => BigInt((amount ?? '0').replace('.', ''))),
  );
}

interface YearContext {
  readonly pool: Pool;
  readonly policy: PolicyInputs;
  /** By member, in order. */
  readonly prepaid: readonly bigint[];
  readonly audit: readonly bigint[];
}

function yearFigures(own: readonly Entry[], context: YearContext): FigureTruth[] {
  const { pool, policy, prepaid, audit } = context;
  const inputs = policy.pools[pool];
  const { over, under } = inputs.growth;
  const budget = halfUp(inputs.base * (under + over), under) + inputs.adjustments;
  const line = (bucket: string): bigint => bookedIn(own, [bucket]);
  const services = line('outpatient') + line('chronic') + line('two-disease');
  const other = line('other') + inputs.otherLines;
  const dipPool = budget - services - other;
  const inpatient = line('inpatient');
  const members = scored(own, policy);
  const { borne, overspend, shareable } = overspent(
    { dipPool, inpatient, budget },
    members,
    policy,
  );
  const surplus = greater(dipPool - inpatient, 0n);
  const retained = part(surplus, policy.surplusRetention);
  const decision = surplus > 0n ? inpatient + retained : dipPool + borne;
  const booked = services + inpatient;
  const payable = services + decision;
  const withheld = halfUp(
    booked * policy.depositRate.over * policy.depositForfeit.over,
    policy.depositRate.under * policy.depositForfeit.under,
  );
  const final = payable - total(prepaid) - withheld - total(audit);
  const figures: Readonly<Record<string, bigint>> = {
    ...{
      budget,
      outpatient: line('outpatient'),
      chronic: line('chronic'),
      'two-disease': line('two-disease'),
    },
    ...{ inpatient, other, booked, prepaid: total(prepaid), 'dip-pool': dipPool, overspend },
    ...{
      'overspend-shareable': shareable,
      'overspend-borne': borne,
      surplus,
      'surplus-retained': retained,
    },
    ...{
      'dip-decision': decision,
      payable,
      'deposit-withheld': withheld,
      'audit-deductions': total(audit),
      final,
    },
  };
  const prefix = `${REGION}.${demoYear()}.${pool}`;
  return [
    ...Object.entries(figures).map(([key, amount]) => ({
      id: `${prefix}.${key}`,
      value: yuanText(amount),
    })),
    ...memberFigures(own, members, { context, dipPool, decision, withheld, prefix }),
  ];
}

interface Member {
  readonly code: string;
  /** Points in units of the package's last decimal. */
  readonly points: bigint;
  readonly paidAsBooked: bigint;
  readonly inpatient: bigint;
}

function scored(own: readonly Entry[], policy: PolicyInputs): Member[] {
  return MEMBERS.map((code) => {
    const claims = own
      .filter(
        ({ claim }) => claim.institution.settledBy === code && bucketOf(claim) === 'inpatient',
      )
      .map(({ claim }) => claim);
    const valued = casesOf(claims).map((one) => ({ ...one, points: pointsOf(one, policy.dip) }));
    return {
      code,
      points: total(valued.map(({ points }) => points ?? 0n)),
      paidAsBooked: total(valued.map(({ points, booked }) => (points === null ? booked : 0n))),
      inpatient: total(claims.map(bookedOf)),
    };
  });
}

/** Cases without a score first, the rest by points. */
function byPoints(amount: bigint, members: readonly Member[]): bigint[] {
  const rest = amount - total(members.map(({ paidAsBooked }) => paidAsBooked));
  const shares = shareOut(
    rest,
    members.map(({ points }) => points),
  );
  return members.map(({ paidAsBooked }, index) => paidAsBooked + (shares[index] ?? 0n));
}

function overspent(
  { dipPool, inpatient, budget }: { dipPool: bigint; inpatient: bigint; budget: bigint },
  members: readonly Member[],
  policy: PolicyInputs,
): { overspend: bigint; shareable: bigint; borne: bigint } {
  const overspend = greater(inpatient - dipPool, 0n);
  const shares = byPoints(dipPool, members);
  const barred = total(
    members.map((member, index) =>
      policy.sanctioned.includes(member.code)
        ? greater(member.inpatient - (shares[index] ?? 0n), 0n)
        : 0n,
    ),
  );
  const open = greater(overspend - barred, 0n);
  const shareable =
    policy.overspendCeiling === null ? open : lesser(open, part(budget, policy.overspendCeiling));
  return { overspend, shareable, borne: part(shareable, policy.overspendShare) };
}

function memberFigures(
  own: readonly Entry[],
  members: readonly Member[],
  year: {
    context: YearContext;
    dipPool: bigint;
    decision: bigint;
    withheld: bigint;
    prefix: string;
  },
): FigureTruth[] {
  const { prepaid, audit } = year.context;
  const pools = byPoints(year.dipPool, members);
  const decisions = byPoints(year.decision, members);
  const deposits = shareOut(
    year.withheld,
    members.map(({ code }) => bookedIn(own, OWN, code)),
  );
  return members.flatMap(({ code }, index) => {
    const service = bookedIn(own, ['outpatient', 'chronic', 'two-disease'], code);
    const decision = decisions[index] ?? 0n;
    const final =
      decision + service - (prepaid[index] ?? 0n) - (deposits[index] ?? 0n) - (audit[index] ?? 0n);
    const figures = {
      'pool-share': pools[index] ?? 0n,
      'dip-decision': decision,
      'fee-for-service': service,
      'deposit-withheld': deposits[index] ?? 0n,
      final,
    };
    return Object.entries(figures).map(([key, amount]) => ({
      id: `${year.prefix}.member.${code}.${key}`,
      value: yuanText(amount),
    }));
  });
}

import { type Fen, ZERO_FEN } from '../kernel/money.js';
import { byText } from '../kernel/order.js';
import type { OverlayRecord } from '../policy/policy-schema.js';
import {
  type Booked,
  type BudgetFacts,
  type Cited,
  type Facts,
  type Filings,
  type Growth,
  type MemberFacts,
  NOTHING_BOOKED,
  type PoolFacts,
  type Prepaid,
} from './facts.js';
import type { FactsFile, PoolFile } from './facts-schema.js';

/** A facts file as the plans take it. */
export function toFacts(region: string, file: FactsFile): Facts {
  const { plan, period, grade, pools } = file;
  return {
    region,
    plan,
    period,
    grade: grade === undefined ? null : { grade: grade.value, clause: grade.clause ?? null },
    pointValueDecimals: null,
    filings: toFilings(file.filings),
    ...(file.distribution === undefined ? {} : { distribution: file.distribution }),
    pools: {
      ...(pools.employee === undefined ? {} : { employee: toPool(pools.employee) }),
      ...(pools.resident === undefined ? {} : { resident: toPool(pools.resident) }),
    },
  };
}

/** What a facts file sets of the policy, as an overlay; null when it sets nothing. */
export function inlineOverlay(region: string, file: FactsFile): OverlayRecord | null {
  if (Object.keys(file.set).length === 0) return null;
  const { documents, set } = file;
  return { overlay: 'facts', region, sample: file.sample ?? 'false', documents, set };
}

function toPool(file: PoolFile): PoolFacts {
  return {
    budget: file.budget === undefined ? null : toBudget(file.budget),
    booked: file.booked === undefined ? null : toBooked(file.booked),
    otherLines: file.otherLines.map((line) => toCited(line, '其他支出')),
    prepaid: file.prepaid === undefined ? null : toPrepaid(file.prepaid),
    auditDeductions: file.auditDeductions ?? null,
    reasonableOverspend: optional(file.reasonableOverspend, '核定的合理超支'),
    ...ledgerFacts(file),
    ...(file.auditTaken === undefined ? {} : { auditTaken: file.auditTaken }),
    members: file.members.map(toMember).sort((a, b) => byText(a.institution, b.institution)),
    filings: toFilings(file.filings),
  };
}

function toBudget(budget: NonNullable<PoolFile['budget']>): BudgetFacts {
  return {
    base: optional(budget.base, '上年度范围内省内记账金额'),
    baseAllInProvince: optional(budget.baseAllInProvince, '上年度参保人省内全部记账金额'),
    priorBudget: optional(budget.priorBudget, '上年度总额预算'),
    growthRates: toGrowth(budget.growth),
    wholeFundGrowthRates: toGrowth(budget.wholeFundGrowth),
    cityBudget: toCity(budget.cityBudget),
    poolCityBudget: toCity(budget.poolCityBudget),
    approved: optional(budget.approved, '核准预算'),
    adjustments: budget.adjustments.map((each) => toCited(each, '经审定的调整')),
  };
}

function toMember(member: PoolFile['members'][number]): MemberFacts {
  return {
    institution: member.institution,
    level: member.level ?? null,
    booked: member.booked === undefined ? null : toBooked(member.booked),
    points: member.points ?? null,
    paidAtActual: member.paidAtActual ?? ZERO_FEN,
    prepaid: toPrepaid(member.prepaid),
    auditDeductions: member.auditDeductions ?? ZERO_FEN,
    sanctions: member.sanctions,
    ...(member.kind === undefined ? {} : { kind: member.kind }),
    ...ledgerFacts(member),
    ...(member.auditTaken === undefined ? {} : { auditTaken: member.auditTaken }),
    ...(member.procurement === undefined ? {} : { procurement: toPurchases(member.procurement) }),
    filings: toFilings(member.filings),
    methods: member.methods,
  };
}

/** What earlier settlements left over. */
function ledgerFacts({
  carriedReceivable,
  held,
}: {
  readonly carriedReceivable?: Fen | undefined;
  readonly held?: Fen | undefined;
}): Pick<PoolFacts, 'carried' | 'held'> {
  return {
    ...(carriedReceivable === undefined ? {} : { carried: carriedReceivable }),
    ...(held === undefined ? {} : { held }),
  };
}

function toPurchases(file: Fen | readonly CitedFile[]): readonly Cited[] {
  const label = '牵头医院代付采购款';
  if (typeof file === 'bigint') return [{ label, amount: file, clause: null }];
  return file.map((each) => toCited(each, label));
}

function toBooked(file: NonNullable<PoolFile['booked']>): Booked {
  return { ...NOTHING_BOOKED, ...file };
}

function toFilings(file: PoolFile['filings']): Filings {
  return Object.fromEntries(
    Object.entries(file).map(([name, { value, clause }]) => [
      name,
      { value, clause: clause ?? null },
    ]),
  );
}

type CitedFile = NonNullable<PoolFile['reasonableOverspend']>;

function toCited(file: CitedFile, fallback: string): Cited {
  return { label: file.label ?? fallback, amount: file.amount, clause: file.clause ?? null };
}

function optional(file: CitedFile | undefined, fallback: string): Cited | null {
  return file === undefined ? null : toCited(file, fallback);
}

function toGrowth(file: NonNullable<PoolFile['budget']>['growth']): Growth | null {
  return file === undefined ? null : { rates: file.rates, clause: file.clause ?? null };
}

function toCity(file: NonNullable<PoolFile['budget']>['cityBudget']) {
  return file === undefined ? null : { ...file, clause: file.clause ?? null };
}

function toPrepaid(file: Fen | Readonly<Record<string, Fen>> | undefined): readonly Prepaid[] {
  if (file === undefined) return [];
  if (typeof file === 'bigint') return [{ month: null, amount: file }];
  return Object.entries(file)
    .sort(([a], [b]) => byText(a, b))
    .map(([month, amount]) => ({ month, amount }));
}

import { z } from 'zod';
import {
  CARE_TYPES,
  type Claim,
  claimSchema,
  DISCHARGE_MODES,
  FEE_CLASSES,
  INSTITUTION_LEVELS,
  ITEM_KINDS,
  POOLS,
  SEXES,
} from '../claims/claim.js';
import { whole } from '../config/values.js';
import { addDays, dateOf } from '../kernel/dates.js';
import { decimal } from '../kernel/decimal.js';
import { fen, roundToFen, sum, toYuan, yuan } from '../kernel/money.js';
import { RULE_CLASSES } from './rule.js';
import { caseRegisters } from './rule-case-registers.js';

/** A boundary case of a rule, short enough to read: everything not said has an everyday default. */
const caseLine = z.strictObject({
  item: z.string(),
  name: z.string().optional(),
  /** Charged at: a date, or a time when the hour matters. */
  on: z.string(),
  /** Charged again every day up to and including this one. */
  until: z.string().optional(),
  quantity: z.string().default('1'),
  price: z.string().default('100.00'),
  kind: z.enum(ITEM_KINDS).default('service'),
  feeClass: z.enum(FEE_CLASSES).optional(),
  prescription: z.string().optional(),
  department: z.string().optional(),
  doctor: z.string().optional(),
  /** Days the drug lasts. */
  days: whole(1, 366).optional(),
  /** Trace codes, with a space between two. */
  trace: z.string().optional(),
  /** What of the amount is within the scope of insurance; all of it when absent. */
  eligible: z.string().optional(),
});

const caseClaim = z.strictObject({
  /** Claim number; numbered from 1 when absent. */
  no: z.string().optional(),
  /** Institution of treatment. */
  at: z.string().default('H1'),
  settledBy: z.string().optional(),
  level: z.enum(INSTITUTION_LEVELS).default('secondary'),
  pool: z.enum(POOLS).default('resident'),
  /** Inpatient when `admitted` is given, else outpatient. */
  care: z.enum(CARE_TYPES).optional(),
  admitted: z.string().optional(),
  discharged: z.string().optional(),
  mode: z.enum(DISCHARGE_MODES).optional(),
  settled: z.string().optional(),
  /** The first is the principal one. */
  diagnoses: z.array(z.string()).default(['I10.x00']),
  procedures: z.array(z.string()).default([]),
  refundOf: z.string().optional(),
  /** What the pooled fund paid; everything when absent. */
  fund: z.string().optional(),
  total: z.string().default('1000.00'),
  department: z.string().optional(),
  group: z.string().optional(),
  /** What the group stands for, yuan. */
  standard: z.string().optional(),
  lines: z.array(caseLine).default([]),
});

/** What a case must lead to; only what is given is compared. */
const expectedFinding = z.strictObject({
  class: z.enum(RULE_CLASSES).optional(),
  certainty: z.enum(['core', 'watch']).optional(),
  amount: z.string().optional(),
  facts: z.record(z.string(), z.string()).optional(),
});

export const ruleCaseSchema = z.strictObject({
  name: z.string().min(2),
  sex: z.enum(SEXES).default('female'),
  /** Birth date, or `unknown`. */
  born: z.string().default('1980-06-15'),
  incisionRatio: z.string().optional(),
  /** Rows of local tables, by table. */
  tables: z.record(z.string(), z.array(z.record(z.string(), z.string()))).default({}),
  registers: caseRegisters.optional(),
  claims: z.array(caseClaim).min(1),
  finds: z.union([
    z.literal('nothing'),
    z.array(expectedFinding).min(1),
    z.strictObject({ notApplicable: z.string(), times: whole(1, 99).default(1) }),
  ]),
});
export type RuleCase = z.infer<typeof ruleCaseSchema>;
type CaseClaim = RuleCase['claims'][number];

/** The claims of a case, complete and checked like any others. */
export function claimsOfCase({ claims, sex, born }: RuleCase): Claim[] {
  return claims.map((claim, index) => claimSchema.parse(claimOf(claim, index, { sex, born })));
}

function claimOf(
  claim: CaseClaim,
  index: number,
  { sex, born }: Pick<RuleCase, 'sex' | 'born'>,
): z.input<typeof claimSchema> {
  const lines = claim.lines.flatMap(everyDay).map((line, position) => lineOf(line, position));
  const day = claim.settled ?? claim.discharged ?? lines.at(-1)?.chargedAt ?? '2024-03-01';
  const { admitted = null, discharged = null, mode = null, refundOf = null } = claim;
  return {
    performedAt: claim.at,
    settledBy: claim.settledBy ?? claim.at,
    level: claim.level,
    claimNo: claim.no ?? String(index + 1),
    refundOf,
    personId: 'P1',
    sex,
    birthDate: born === 'unknown' ? null : born,
    pool: claim.pool,
    careType: claim.care ?? (admitted === null ? 'outpatient' : 'inpatient'),
    settledAt: day.length === 10 ? `${day}T18:00:00` : day,
    admittedAt: admitted,
    dischargedAt: discharged,
    dischargeMode: mode,
    department: claim.department ?? null,
    agencyGroupCode: claim.group ?? null,
    groupStandard: claim.standard ?? null,
    ...moneyOf(claim, lines),
    diagnoses: claim.diagnoses.map(codeAt),
    procedures: claim.procedures.map((code, position) => ({
      ...codeAt(code, position),
      performedOn: dateOf(day),
    })),
    lines,
  };
}

function codeAt(code: string, position: number) {
  return { sequence: position + 1, code, isPrincipal: position === 0 };
}

function moneyOf(claim: CaseClaim, lines: readonly { readonly lineAmount: string }[]) {
  const total =
    lines.length === 0 ? yuan(claim.total) : sum(lines.map(({ lineAmount }) => yuan(lineAmount)));
  const fund = claim.fund === undefined ? total : yuan(claim.fund);
  return {
    totalFee: toYuan(total),
    eligible: toYuan(total),
    deductible: '0.00',
    pooledFundPaid: toYuan(fund),
    fundPaid: toYuan(fund),
    accountPaid: '0.00',
    cashPaid: toYuan(fen(total - fund)),
  };
}

function everyDay(line: CaseClaim['lines'][number]): CaseClaim['lines'] {
  const { on, until = on, ...rest } = line;
  const days: CaseClaim['lines'] = [{ ...rest, on }];
  for (let day = addDays(dateOf(on), 1); day <= until; day = addDays(day, 1)) {
    days.push({ ...rest, on: day });
  }
  return days;
}

function lineOf(line: CaseClaim['lines'][number], position: number) {
  const amount = roundToFen(
    decimal(line.quantity).times(decimal(line.price)).times(100),
    'half-up',
  );
  return {
    lineNo: String(position + 1),
    chargedAt: line.on,
    itemCode: line.item,
    institutionItemCode: line.item,
    itemName: line.name ?? line.item,
    itemKind: line.kind,
    quantity: line.quantity,
    unitPrice: line.price,
    lineAmount: toYuan(amount),
    eligibleAmount: line.eligible ?? toYuan(amount),
    prescriptionNo: line.prescription ?? null,
    department: line.department ?? null,
    doctor: line.doctor ?? null,
    feeClass: line.feeClass ?? null,
    daysSupply: line.days ?? null,
    traceCodes: line.trace?.split(' ') ?? [],
  };
}

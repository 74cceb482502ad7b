import { z } from 'zod';
import type { FeeClass } from '../../claims/claim.js';
import { whole, yesNo } from '../../config/values.js';
import { dateOf, daysBetween } from '../../kernel/dates.js';
import { Decimal } from '../../kernel/decimal.js';
import { type Fen, sum, toDecimalFen } from '../../kernel/money.js';
import type { LineFacts, Stay } from '../facts.js';
import { feeClassOf } from '../fee-class.js';
import { boundsOf, declaredGroup, groupsWith, standardRow } from '../group-standards.js';
import type { LocalTables } from '../local-table.js';
import type { NotApplicableReason } from '../not-applicable.js';
import { feeClassesParam, ratioParam } from '../param-kinds.js';
import type { GroupStandard } from '../tables/group-standard.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

const params = z.strictObject({
  /** How many of the conditions must hold. */
  least: whole(1, 4),
  /** Condition: no more days than this. */
  maxDays: whole(1, 60),
  /** Condition: tests make up at least this part of the charges, care at most that. */
  tests: z.strictObject({ classes: feeClassesParam, atLeast: ratioParam }),
  care: z.strictObject({ classes: feeClassesParam, atMost: ratioParam }),
  /** Condition: no operation. */
  noOperation: yesNo.default(false),
  /** Condition: less than this part of the mean cost of the group. */
  belowMean: ratioParam.optional(),
});
type Params = z.infer<typeof params>;

/** What is known of a condition: it holds, it does not, or why that cannot be told. */
type Answer = boolean | NotApplicableReason;

interface Conditions {
  readonly short: Answer;
  readonly tests: Answer;
  readonly noOperation?: Answer;
  readonly cheap?: Answer;
}

const NAMES: Readonly<Record<keyof Conditions, string>> = {
  short: '住院天数少',
  tests: '以检查化验为主',
  noOperation: '无手术',
  cheap: '费用远低于病组例均',
};

/**
 * Stays that look as if an outpatient visit had been enough (低标准入院、体检式住院): so many of up to four conditions hold. Longer stays
 * are looked at only where the mean cost of the group is known. What the stay should have cost is for a panel.
 */
export const lowThreshold = defineTemplate<Params>({
  name: 'low-threshold',
  params,
  trigger: 'claims',
  codes: () => [],
  suspects: ({ maxDays, belowMean, tests, care }, tables) => ({
    query: 'stayOfTests',
    values: {
      atMost: maxDays,
      ...cheapFor(belowMean, tables),
      tests: tests.classes,
      testsShare: tests.atLeast.toString(),
      care: care.classes,
      careShare: care.atMost.toString(),
    },
  }),

  evaluate: ({ stays }, _lines, context) => stays.flatMap((stay) => judged(stay, context)),
});

/** Fen below which a stay of a group may be a cheap one. */
function cheapFor(belowMean: Decimal | undefined, tables: LocalTables) {
  const bound = ({ mean }: GroupStandard) =>
    mean === null || belowMean === undefined ? null : toDecimalFen(mean).times(belowMean);
  return boundsOf(tables, bound, 'below');
}

function judged(stay: Stay, context: EvaluationContext<Params>): Hit[] {
  const { params: limits, tables, notApplicable } = context;
  const days = Math.max(1, daysBetween(dateOf(stay.admittedAt), dateOf(stay.dischargedAt)));
  const mean = meanOf(stay, context);
  const short = days <= limits.maxDays;
  if (!short && mean === null) return [];
  if (stay.claim.lines.length === 0) {
    notApplicable('missing-lines', stay.claim);
    return [];
  }
  const classed = stay.claim.lines.map((line) => ({ line, feeClass: feeClassOf(line, tables) }));
  const shares = sharesOf(classed, limits);
  const conditions: Conditions = {
    short,
    tests: shares.answer,
    ...(limits.noOperation ? { noOperation: noOperation(stay, classed) } : {}),
    ...(limits.belowMean === undefined ? {} : { cheap: cheap(stay, mean, context) }),
  };
  const answers = Object.entries(conditions) as [keyof Conditions, Answer][];
  const held = answers.filter(([, answer]) => answer === true).map(([name]) => name);
  const open = answers.flatMap(([, answer]) => (typeof answer === 'string' ? [answer] : []));
  if (held.length >= limits.least) return [hitOf(stay, { days, held, ...shares })];
  if (held.length + open.length >= limits.least)
    notApplicable(open[0] ?? 'unknown-fee-class', stay.claim);
  return [];
}

function meanOf(
  { claim }: Stay,
  { params, tables, grouping }: EvaluationContext<Params>,
): Fen | null {
  if (params.belowMean === undefined) return null;
  const group = declaredGroup(claim, { tables, grouping });
  return group === null ? null : (standardRow(tables, group, claim)?.row.mean ?? null);
}

interface Classed {
  readonly line: LineFacts;
  readonly feeClass: FeeClass | null;
}

/** Shares of tests and care in percent, and whether the condition on them holds whatever class the unclassed lines have. */
function sharesOf(classed: readonly Classed[], { tests, care }: Params) {
  const amount = (wanted: (feeClass: FeeClass | null) => boolean): Decimal =>
    toDecimalFen(
      sum(classed.flatMap(({ line, feeClass }) => (wanted(feeClass) ? [line.amountFen] : []))),
    );
  const total = amount(() => true);
  const tested = amount((feeClass) => feeClass !== null && tests.classes.includes(feeClass));
  const cared = amount((feeClass) => feeClass !== null && care.classes.includes(feeClass));
  const open = amount((feeClass) => feeClass === null);
  const [least, most] = [total.times(tests.atLeast), total.times(care.atMost)];
  const surely = tested.gte(least) && cared.plus(open).lte(most);
  const possibly = tested.plus(open).gte(least) && cared.lte(most);
  const answer: Answer = surely ? total.gt(0) : possibly ? 'unknown-fee-class' : false;
  const percent = (part: Decimal): string =>
    total.gt(0)
      ? part.times(100).div(total).toDecimalPlaces(1, Decimal.ROUND_HALF_UP).toFixed(1)
      : '0.0';
  return { answer, tested: percent(tested), cared: percent(cared) };
}

function noOperation({ claim }: Stay, classed: readonly Classed[]): Answer {
  if (claim.procedures.length > 0) return false;
  if (classed.some(({ feeClass }) => feeClass === 'operation')) return false;
  const unmapped = classed.some(
    ({ line, feeClass }) => feeClass === null && line.itemCode === null,
  );
  return unmapped ? 'unmapped-items' : true;
}

/** Where the site holds no mean costs at all, the other conditions must do. */
function cheap(
  { claim }: Stay,
  mean: Fen | null,
  { params: { belowMean = new Decimal(0) }, tables }: EvaluationContext<Params>,
): Answer {
  if (mean === null) return groupsWith(tables, 'mean').length > 0 ? 'no-group-standard' : false;
  return toDecimalFen(claim.totalFeeFen).lt(toDecimalFen(mean).times(belowMean));
}

function hitOf(
  { claim, admittedAt, dischargedAt }: Stay,
  found: {
    readonly days: number;
    readonly held: readonly (keyof Conditions)[];
    readonly tested: string;
    readonly cared: string;
  },
): Hit {
  return {
    certainty: 'core',
    windowKey: claim.key,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: 1, ofDays: 1 }],
    involvedClaims: [],
    awaitsPanel: true,
    facts: {
      days: found.days,
      held: found.held.map((name) => NAMES[name]).join('、'),
      count: found.held.length,
      tested: found.tested,
      cared: found.cared,
      from: dateOf(admittedAt),
      to: dateOf(dischargedAt),
    },
    point: null,
  };
}

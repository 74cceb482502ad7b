import { z } from 'zod';
import { whole } from '../../config/values.js';
import { dateOf, daysBetween } from '../../kernel/dates.js';
import { Decimal } from '../../kernel/decimal.js';
import { minuteOf, type Stay } from '../facts.js';
import { boundsOf, declaredGroup, standardRow } from '../group-standards.js';
import type { LocalTables } from '../local-table.js';
import { ratioParam } from '../param-kinds.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

const params = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('long'),
    /** More days than this whatever the group. */
    days: whole(1, 1100),
    /** More than so many times the mean days of the group, where they are known. */
    timesMean: ratioParam,
  }),
  /** Fewer hours than this; not for those who died, were transferred or had an operation. */
  z.strictObject({ kind: z.literal('short'), hours: whole(1, 72) }),
]);
type Params = z.infer<typeof params>;
type Long = Extract<Params, { kind: 'long' }>;
type Short = Extract<Params, { kind: 'short' }>;

const HOURS_PER_DAY = 24;

/** Stays that are very long (超长住院), or over within hours (24 小时内出院). Money is for a panel. */
export const stayLength = defineTemplate<Params>({
  name: 'stay-length',
  params,
  trigger: 'claims',
  codes: () => [],
  suspects: (limits, tables) => ({
    query: 'staysOfLength',
    values:
      limits.kind === 'long'
        ? { atLeast: limits.days + 1, atMost: 100_000, ...longFor(limits, tables) }
        : { atLeast: 0, atMost: Math.ceil(limits.hours / HOURS_PER_DAY), groups: [], bounds: [] },
  }),

  evaluate({ stays }, _lines, context) {
    const { params: limits } = context;
    return stays.flatMap((stay) =>
      limits.kind === 'long'
        ? long(stay, { ...context, params: limits })
        : short(stay, { ...context, params: limits }),
    );
  },
});

/** Days that no stay of a group may go beyond. */
function longFor({ timesMean }: Long, tables: LocalTables) {
  return boundsOf(tables, ({ meanDays }) => meanDays?.times(timesMean) ?? null, 'above');
}

function long(stay: Stay, { params: limits, tables, grouping }: EvaluationContext<Long>): Hit[] {
  const days = Math.max(1, daysBetween(dateOf(stay.admittedAt), dateOf(stay.dischargedAt)));
  const group = declaredGroup(stay.claim, { tables, grouping });
  const row = group === null ? null : standardRow(tables, group, stay.claim);
  const mean = row?.row.meanDays ?? null;
  const overMean = mean !== null && new Decimal(days).gt(mean.times(limits.timesMean));
  if (days <= limits.days && !overMean) return [];
  return [hitOf(stay, { days, mean: mean?.toString() ?? '不详' })];
}

function short(stay: Stay, { params: limits, notApplicable }: EvaluationContext<Short>): Hit[] {
  const { claim, admittedAt, dischargedAt } = stay;
  if (claim.dischargeMode === 'died' || claim.dischargeMode === 'transfer') return [];
  const days = daysBetween(dateOf(admittedAt), dateOf(dischargedAt));
  if (claim.procedures.length > 0 || days * HOURS_PER_DAY >= limits.hours + HOURS_PER_DAY)
    return [];
  const [from, to] = [minuteOf(admittedAt), minuteOf(dischargedAt)];
  if (from === null || to === null) {
    notApplicable('missing-hour', claim);
    return [];
  }
  const minutes = days * HOURS_PER_DAY * 60 + to - from;
  if (minutes >= limits.hours * 60) return [];
  return [hitOf(stay, { hours: Math.floor(minutes / 60) })];
}

function hitOf({ claim, admittedAt, dischargedAt }: Stay, facts: Hit['facts']): Hit {
  return {
    certainty: 'core',
    windowKey: claim.key,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: 1, ofDays: 1 }],
    involvedClaims: [],
    awaitsPanel: true,
    facts: { from: dateOf(admittedAt), to: dateOf(dischargedAt), ...facts },
    point: null,
  };
}

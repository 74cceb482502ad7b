import { z } from 'zod';
import type { FeeClass } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { addDays, dateOf, daysBetween, type IsoDate } from '../../kernel/dates.js';
import type { LineFacts, Stay } from '../facts.js';
import { feeClassOf, prefixesOf } from '../fee-class.js';
import type { LocalTables } from '../local-table.js';
import { feeClassesParam } from '../param-kinds.js';
import { itemFeeClass } from '../tables/coding.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

const params = z.strictObject({
  /** So many days in a row on which nothing but automatic charges were made. */
  idleDays: whole(1, 60),
  /** What is charged every day whether anything is done or not. */
  automatic: feeClassesParam,
});
type Params = z.infer<typeof params>;

/** What the charges of one day say: something was done, nothing but automatic charges, or it cannot be told. */
type Day = 'active' | 'idle' | 'unknown';

interface Run {
  readonly from: IsoDate;
  readonly days: number;
}

/**
 * Stays with days in a row on which only bed, nursing and the like were charged (挂床住院). The day of discharge is not looked at; a day
 * without any charge says nothing, for sources may charge in lumps. The idle days' part of the case's fund is at stake.
 */
export const idleBed = defineTemplate<Params>({
  name: 'idle-bed',
  params,
  trigger: 'claims',
  codes: () => [],
  needs: () => ({ tables: [itemFeeClass] }),
  suspects: ({ idleDays, automatic }, tables) => ({
    query: 'idleStays',
    values: { idleDays, automatic, prefixes: prefixesOf(automatic, tables) },
  }),

  evaluate: ({ stays }, _lines, context) => stays.flatMap((stay) => judged(stay, context)),
});

function judged(
  stay: Stay,
  { params: limits, tables, notApplicable }: EvaluationContext<Params>,
): Hit[] {
  const [first, last] = [dateOf(stay.admittedAt), dateOf(stay.dischargedAt)];
  const ofDays = Math.max(1, daysBetween(first, last));
  if (ofDays < limits.idleDays) return [];
  const days = daysOf(stay.claim.lines, limits.automatic, tables);
  const runs = runsOf(days, { first, ofDays }, false).filter((run) => run.days >= limits.idleDays);
  if (runs.length > 0) return [hitOf(stay, runs, ofDays)];
  const might = runsOf(days, { first, ofDays }, true).some((run) => run.days >= limits.idleDays);
  if (might) notApplicable('unmapped-items', stay.claim);
  return [];
}

function daysOf(
  lines: readonly LineFacts[],
  automatic: readonly FeeClass[],
  tables: LocalTables,
): Map<IsoDate, Day> {
  const days = new Map<IsoDate, Day>();
  for (const line of lines) {
    const day = dayOf(line, automatic, tables);
    const known = days.get(line.chargedOn) ?? 'idle';
    days.set(line.chargedOn, known === 'active' ? known : day === 'idle' ? known : day);
  }
  return days;
}

/** A service with a national code that is no automatic charge was done, whatever class it has. */
function dayOf(line: LineFacts, automatic: readonly FeeClass[], tables: LocalTables): Day {
  const feeClass = feeClassOf(line, tables);
  if (feeClass !== null) return automatic.includes(feeClass) ? 'idle' : 'active';
  return line.itemCode === null ? 'unknown' : 'active';
}

/** Runs of idle days before the day of discharge; `orUnknown` with the days that cannot be told. */
function runsOf(
  days: ReadonlyMap<IsoDate, Day>,
  { first, ofDays }: { readonly first: IsoDate; readonly ofDays: number },
  orUnknown: boolean,
): Run[] {
  const runs: Run[] = [];
  let length = 0;
  for (let offset = 0; offset <= ofDays; offset += 1) {
    const day = offset < ofDays ? days.get(addDays(first, offset)) : undefined;
    if (day === 'idle' || (orUnknown && day === 'unknown')) length += 1;
    else {
      if (length > 0) runs.push({ from: addDays(first, offset - length), days: length });
      length = 0;
    }
  }
  return runs;
}

function hitOf(
  { claim, admittedAt, dischargedAt }: Stay,
  runs: readonly Run[],
  ofDays: number,
): Hit {
  const days = runs.reduce((total, run) => total + run.days, 0);
  return {
    certainty: 'core',
    windowKey: runs.map(({ from }) => from).join(' '),
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: Math.min(days, ofDays), ofDays }],
    involvedClaims: [],
    facts: {
      days,
      from: runs[0]?.from ?? '',
      admitted: dateOf(admittedAt),
      discharged: dateOf(dischargedAt),
      stayDays: ofDays,
      runs: runs.map((run) => `${run.from} 起 ${run.days} 天`).join('、'),
    },
    point: null,
  };
}

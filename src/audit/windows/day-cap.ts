import { addDays, type IsoDate } from '../../kernel/dates.js';
import type { KnowledgePoint, KnowledgeSet } from '../../knowledge/knowledge.js';
import type { LineFacts } from '../facts.js';
import { quantityText, UNIT } from '../scaled.js';
import { type Hit, lineHit, type UnitRange, WHOLE_PART } from '../template.js';
import { byPayment, groupLines } from './line-groups.js';

const MINUTES_PER_DAY = 1440;
/** No stay is longer than this many hours; a quantity beyond it is not spread over days. */
const MOST_HOURS = 24 * 366 * UNIT;

export interface DayCapParams {
  readonly unit: 'time' | 'hour';
  /** Whose charges are added up. */
  readonly groupBy: 'institution' | 'person';
  /** Hours: the admission and discharge day hold only the hours the patient was there, when the times are known. */
  readonly actualHours: boolean;
}

/** Units of one line that fall on one day. */
interface DayPart {
  readonly day: IsoDate;
  readonly range: UnitRange;
}

/**
 * More of an item in one calendar day than the limit (超日频次；按小时收费项目一日超过 24 小时). The units paid last are the excess, one
 * hit a claim.
 *
 * A line with an hour that counts hours runs from its charge time on and is split by the clock: 23:00 with 3 hours is one hour of that
 * day and two of the next. A line without an hour lies on its day as a whole.
 */
export function dayCapHits(
  lines: readonly LineFacts[],
  set: KnowledgeSet<'daily-frequency'>,
  params: DayCapParams,
): Hit[] {
  const hits: Hit[] = [];
  const groups = groupLines(
    lines,
    ({ itemCode, claim }) =>
      `${itemCode} ${params.groupBy === 'institution' ? claim.institution : ''}`,
  );
  for (const charged of groups.values()) {
    charged.sort(byPayment);
    for (const [day, parts] of byDay(charged, params.unit)) {
      const [first] = parts;
      const point = set
        .at(first?.range.line.itemCode ?? '', day)
        .find(({ limit }) => limit.unit === params.unit);
      if (point !== undefined) hits.push(...excessOf(day, parts, point, params));
    }
  }
  return hits;
}

function byDay(lines: readonly LineFacts[], unit: 'time' | 'hour'): Map<IsoDate, DayPart[]> {
  const days = new Map<IsoDate, DayPart[]>();
  for (const line of lines) {
    for (const part of unit === 'hour' ? hourParts(line) : [wholeDay(line)]) {
      const known = days.get(part.day);
      if (known === undefined) days.set(part.day, [part]);
      else known.push(part);
    }
  }
  return days;
}

function wholeDay(line: LineFacts): DayPart {
  return { day: line.chargedOn, range: { line, from: 0, to: line.quantity, part: WHOLE_PART } };
}

/** Splits the hours of a line by the clock, starting at its charge time. */
export function hourParts(line: LineFacts): DayPart[] {
  if (line.minute === null || line.quantity > MOST_HOURS) return [wholeDay(line)];
  const parts: DayPart[] = [];
  let from = 0;
  let left = Math.trunc(((MINUTES_PER_DAY - line.minute) * UNIT) / 60);
  for (let day = line.chargedOn; from < line.quantity; day = addDays(day, 1)) {
    const to = Math.min(line.quantity, from + left);
    parts.push({ day, range: { line, from, to, part: WHOLE_PART } });
    from = to;
    left = 24 * UNIT;
  }
  return parts;
}

function excessOf(
  day: IsoDate,
  parts: readonly DayPart[],
  point: KnowledgePoint<'daily-frequency'>,
  params: DayCapParams,
): Hit[] {
  const limit = limitOn(day, parts, point, params);
  const excess = latestUnits(parts, unitsOf(parts.map(({ range }) => range)) - limit);
  const claims = new Set(excess.map(({ line }) => line.claim));
  return [...claims].map((claim) => {
    const violating = excess.filter(({ line }) => line.claim === claim);
    const known = parts.filter(({ range }) => range.line.claim.period <= claim.period);
    const hit = new Set(violating.map(({ line }) => line));
    return lineHit({
      windowKey: `${point.id} ${day}`,
      violating,
      involvedLines: known.map(({ range }) => range.line).filter((line) => !hit.has(line)),
      facts: {
        item: parts[0]?.range.line.itemName ?? '',
        on: day,
        count: quantityText(unitsOf(known.map(({ range }) => range))),
        limit: quantityText(limit),
        excess: quantityText(unitsOf(violating)),
      },
      point,
    });
  });
}

function unitsOf(ranges: readonly UnitRange[]): number {
  return ranges.reduce((units, { from, to }) => units + to - from, 0);
}

/** The last `excess` units, walking back from the part paid last. */
function latestUnits(parts: readonly DayPart[], excess: number): UnitRange[] {
  const taken: UnitRange[] = [];
  let left = excess;
  for (const { range } of parts.toReversed()) {
    if (left <= 0) break;
    const units = Math.min(left, range.to - range.from);
    taken.push({ ...range, from: range.to - units });
    left -= units;
  }
  return taken;
}

function limitOn(
  day: IsoDate,
  parts: readonly DayPart[],
  { limit }: KnowledgePoint<'daily-frequency'>,
  { unit, actualHours }: DayCapParams,
): number {
  const published = limit.maxQuantity * UNIT;
  if (unit !== 'hour' || !actualHours) return published;
  const claims = new Set(parts.map(({ range }) => range.line.claim));
  const [claim] = claims;
  if (claim === undefined || claims.size > 1) return published;
  return Math.min(published, hoursPresent(day, claim.admittedAt, claim.dischargedAt) * UNIT);
}

/** Hours of the day between admission and discharge, a begun hour counting whole; 24 where a time is not known. */
function hoursPresent(
  day: IsoDate,
  admittedAt: string | null,
  dischargedAt: string | null,
): number {
  const from = hourOn(day, admittedAt, Math.floor) ?? 0;
  const to = hourOn(day, dischargedAt, Math.ceil) ?? 24;
  return Math.max(0, to - from);
}

function hourOn(
  day: IsoDate,
  moment: string | null,
  round: (hours: number) => number,
): number | null {
  if (moment === null || moment.length === 10 || !moment.startsWith(day)) return null;
  return round(Number(moment.slice(11, 13)) + Number(moment.slice(14, 16)) / 60);
}

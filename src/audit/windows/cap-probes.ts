import { endOfCode, type LinesProbe, type PersonLines } from '../pass/probe.js';
import { UNIT } from '../scaled.js';

/** A limit by code number, the strictest where several are in force at some time. 0 = none. */
export type LimitsByCode = Float64Array;

/** More units of one item in a day than its limit, wherever they were charged. */
export function dayTotalProbe(limits: LimitsByCode): LinesProbe {
  return (lines) => {
    const { count, code, day, quantity } = lines;
    let units = 0;
    for (let index = 0; index < count; index += 1) {
      const isSame = index > 0 && code[index] === code[index - 1] && day[index] === day[index - 1];
      units = (isSame ? units : 0) + (quantity[index] ?? 0);
      if (units > (limits[code[index] ?? 0] ?? 0)) return true;
    }
    return false;
  };
}

/**
 * More hours of one item than a day holds. Hours run over midnight, so a day holds at most those charged on it and on the day before; on
 * the first and last day of a stay it may be shorter.
 */
export function dayHoursProbe(limits: LimitsByCode, actualHours: boolean): LinesProbe {
  return (lines) => {
    for (let from = 0; from < lines.count; from = endOfCode(lines, from)) {
      const end = endOfCode(lines, from);
      for (let index = from; index < end; index += 1)
        if (isOverHours(lines, index, { from, end, limits, actualHours })) return true;
    }
    return false;
  };
}

interface HourRange {
  readonly from: number;
  readonly end: number;
  readonly limits: LimitsByCode;
  readonly actualHours: boolean;
}

function isOverHours(lines: PersonLines, index: number, range: HourRange): boolean {
  const limit = range.limits[lines.code[index] ?? 0] ?? 0;
  const day = lines.day[index] ?? 0;
  for (const on of [day, day + 1]) {
    const units = unitsBetween(lines, range, on - 1, on);
    const held = range.actualHours ? shorterDay(lines, index, on) : null;
    if (units > Math.min(limit, held ?? limit)) return true;
  }
  return false;
}

function unitsBetween(
  { day, quantity }: PersonLines,
  range: Pick<HourRange, 'from' | 'end'>,
  first: number,
  last: number,
): number {
  let units = 0;
  for (let index = range.from; index < range.end; index += 1) {
    const on = day[index] ?? 0;
    if (on > last) break;
    if (on >= first) units += quantity[index] ?? 0;
  }
  return units;
}

/** Units that a day on the edge of the line's stay holds; null for a whole day. */
function shorterDay(lines: PersonLines, index: number, on: number): number | null {
  const edges = lines.edgesOf(lines.claim[index] ?? 0);
  const isFirst = edges.admissionDay === on;
  const isLast = edges.dischargeDay === on;
  if (!isFirst && !isLast) return null;
  const missing =
    (isFirst ? 24 - edges.admissionHours : 0) + (isLast ? 24 - edges.dischargeHours : 0);
  return Math.max(0, 24 - missing) * UNIT;
}

/** More units than the limit within so many days before or after a charge. */
export function rollingProbe(limits: LimitsByCode, days: LimitsByCode): LinesProbe {
  return (lines) => {
    for (let from = 0; from < lines.count; from = endOfCode(lines, from)) {
      const end = endOfCode(lines, from);
      const code = lines.code[from] ?? 0;
      const cycle = { units: limits[code] ?? 0, days: days[code] ?? 0 };
      if (exceedsCycle(lines, { from, end }, cycle)) return true;
    }
    return false;
  };
}

function exceedsCycle(
  lines: PersonLines,
  range: Pick<HourRange, 'from' | 'end'>,
  { units, days }: { readonly units: number; readonly days: number },
): boolean {
  for (let index = range.from; index < range.end; index += 1) {
    const on = lines.day[index] ?? 0;
    if (unitsBetween(lines, range, on - days + 1, on + days - 1) > units) return true;
  }
  return false;
}

/** Charged on more different days than the limit. */
export function distinctDaysProbe(limits: LimitsByCode): LinesProbe {
  return (lines) => {
    for (let from = 0; from < lines.count; from = endOfCode(lines, from)) {
      const days = distinctDays(lines, from, endOfCode(lines, from));
      if (days > (limits[lines.code[from] ?? 0] ?? 0)) return true;
    }
    return false;
  };
}

function distinctDays({ day }: PersonLines, from: number, end: number): number {
  let days = 1;
  for (let index = from + 1; index < end; index += 1) if (day[index] !== day[index - 1]) days += 1;
  return days;
}

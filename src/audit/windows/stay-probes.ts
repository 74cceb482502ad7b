import type { LinesProbe, PersonLines } from '../pass/probe.js';
import { UNIT } from '../scaled.js';

/** Group by code number, from 1; 0 = none. */
export interface DailyGroups {
  readonly groupOf: Int32Array;
  readonly extraDays: number;
  readonly oneLevelPerDay: boolean;
}

/** More units of a group than a stay has days, a stay whose days are not known, or two items of a group on one day. */
export function stayDaysProbe(groups: DailyGroups): LinesProbe {
  return (lines) => {
    if (lines.count === 0) return false;
    return exceedsStay(lines, groups) || (groups.oneLevelPerDay && twoOfGroup(lines, groups));
  };
}

function exceedsStay(lines: PersonLines, { groupOf, extraDays }: DailyGroups): boolean {
  const units = new Map<number, number>();
  for (let index = 0; index < lines.count; index += 1) {
    const claim = lines.claim[index] ?? 0;
    const days = lines.stayDaysOf(claim);
    if (days === 0) return true;
    const key = claim * GROUPS + (groupOf[lines.code[index] ?? 0] ?? 0);
    const total = (units.get(key) ?? 0) + (lines.quantity[index] ?? 0);
    if (total > (days + extraDays) * UNIT) return true;
    units.set(key, total);
  }
  return false;
}

/** Lines come by code, so the same day under another code stands elsewhere. */
function twoOfGroup({ count, code, day, claim }: PersonLines, { groupOf }: DailyGroups): boolean {
  const codeOfDay = new Map<number, number>();
  for (let index = 0; index < count; index += 1) {
    const own = code[index] ?? 0;
    const place = (claim[index] ?? 0) * DAYS + (day[index] ?? 0) + FIRST_DAY;
    const key = place * GROUPS + (groupOf[own] ?? 0);
    const known = codeOfDay.get(key);
    if (known !== undefined && known !== own) return true;
    codeOfDay.set(key, own);
  }
  return false;
}

/** Days fit beside a claim's number in one exact number; those before 1970 stay positive. */
const DAYS = 2 ** 17;
const FIRST_DAY = 30_000;
/** More than there are. */
const GROUPS = 8;

/** More units in one claim than `units` (ten-thousandths), of whatever items. */
export function claimTotalProbe(units: number): LinesProbe {
  return ({ count, claim, quantity }) => {
    const totals = new Map<number, number>();
    for (let index = 0; index < count; index += 1) {
      const total = (totals.get(claim[index] ?? 0) ?? 0) + (quantity[index] ?? 0);
      if (total > units) return true;
      totals.set(claim[index] ?? 0, total);
    }
    return false;
  };
}

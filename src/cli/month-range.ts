import { addMonths, isMonth, type Month, monthsOf } from '../kernel/period.js';
import { UsageError } from './exit-code.js';

/** At most ten years: a longer range is a slip of the pen. */
const MOST = 120;

/** `2024-01..2024-03`, months with commas between, or a year. @throws UsageError */
export function monthRange(text: string): readonly Month[] {
  if (/^\d{4}$/.test(text)) return monthsOf(text);
  const [first = '', last] = text.split('..').map((each) => each.trim());
  const months =
    last === undefined ? text.split(',').map((each) => each.trim()) : between(first, last);
  if (months.length === 0 || months.some((month) => !isMonth(month)))
    throw new UsageError(`不是月份：${text}（写作 2024-01..2024-03、2024-01,2024-03 或 2024）`);
  return months;
}

function between(first: Month, last: Month): readonly Month[] {
  if (!isMonth(first) || !isMonth(last)) return [];
  const months: Month[] = [];
  for (let month = first; month <= last && months.length < MOST; month = addMonths(month, 1))
    months.push(month);
  return months;
}

import { type Month, nextMonth } from '../kernel/period.js';

/** The month itself, or the first one after it that is not closed. */
export function openMonth(month: Month, closed: ReadonlySet<Month>): Month {
  let open = month;
  while (closed.has(open)) open = nextMonth(open);
  return open;
}

/** When a source may be read, in the site's own time; `to` before `from` goes past midnight. `21:00`, half-open. */
export interface ReadingHours {
  readonly from: string;
  readonly to: string;
}

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;

/** The instant at which the source may be read again; null: now. */
export function opensAt(hours: ReadingHours | null, now: Date, timezone: string): Date | null {
  if (hours === null || hours.from === hours.to) return null;
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const minute = minutesOf(localTime(now, timezone).slice(11, 16));
  const isOpen = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (isOpen) return null;
  const wait = (from - minute + DAY_MINUTES) % DAY_MINUTES;
  const minuteStart = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  return new Date(minuteStart + wait * MINUTE_MS);
}

/** An instant on the clock of a place, `2024-12-05 13:07:00`. */
export function localTime(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(instant);
}

function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}

import type { IsoDate } from '../kernel/dates.js';
import { byText } from '../kernel/order.js';
import type { Records } from '../records/records.js';
import type { EventName } from './duties.js';

/** When something happened, and how that is known. */
export interface Event {
  readonly on: IsoDate;
  /** Chinese: who, or where it stands written. */
  readonly basis: string;
}

/** Why a clock does not run yet. */
export interface Waiting {
  readonly waitingFor: string;
}

/** What the books know of a period. */
export interface BookEvents {
  /** Members whose declarations of a month the agency accepted in full, with the day of the last. By month, then institution. */
  readonly declared: ReadonlyMap<string, ReadonlyMap<string, IsoDate>>;
  /** Days on which a year was closed. */
  readonly cleared: ReadonlyMap<string, IsoDate>;
}

export interface EventSources {
  readonly filings: Records['filings'];
  readonly books: BookEvents;
  /** Names of the members that declare, by code. */
  readonly members: ReadonlyMap<string, string>;
}

/** When an event of a period happened; a filing counts before the books, since a person signed it. */
export function eventOf(
  { filings, books, members }: EventSources,
  name: EventName,
  period: string,
): Event | Waiting {
  if (name === 'all-declared') return lastDeclared({ filings, books, members }, period);
  const filed = filings.find((entry) => entry.filing === name && entry.period === period);
  if (filed !== undefined) return { on: filed.value, basis: `申报事项 ${name}（${filed.clause}）` };
  const cleared = name === 'cleared.year' ? books.cleared.get(period) : undefined;
  if (cleared !== undefined) return { on: cleared, basis: `${period} 年度清算关账` };
  return { waitingFor: `${WORDS[name]}（申报事项 ${name}，${period}）` };
}

/**
 * The clock of a month's payment waits for the last member; which one is named.
 *
 * @source hunan-2024-31 §二(六)
 */
function lastDeclared({ filings, books, members }: EventSources, month: string): Event | Waiting {
  const declared = [...members].map(([institution, name]) => {
    const filed = filings.find(
      (entry) =>
        entry.filing === 'declared.month' &&
        entry.period === month &&
        entry.institution === institution,
    );
    return { name, on: filed?.value ?? books.declared.get(month)?.get(institution) };
  });
  const missing = declared.filter(({ on }) => on === undefined).map(({ name }) => name);
  if (missing.length > 0) return { waitingFor: `${missing.join('、')}完成申报` };
  const last = declared
    .flatMap(({ name, on }) => (on === undefined ? [] : [{ name, on }]))
    .sort((a, b) => byText(a.on, b.on))
    .at(-1);
  if (last === undefined) return { waitingFor: '成员单位名单' };
  return { on: last.on, basis: `最后完成申报：${last.name}` };
}

const WORDS: Readonly<Record<Exclude<EventName, 'all-declared'>, string>> = {
  'assessed.month': '月度考核结束',
  'cleared.year': '年度清算关账',
  'paid.month': '月度结算费用到账',
  'paid.start': '年初预付到账',
  'paid.year': '清算款到账',
  'passed_on.month': '转拨月度结算费用',
  'passed_on.release': '拨付月度考核金',
  'passed_on.start': '转拨年初预付',
  'passed_on.year': '转拨清算款',
  'scheme.started_on': '启动运行',
};

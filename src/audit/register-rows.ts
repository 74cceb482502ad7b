import { canonicalJson, digest } from '../kernel/hash.js';
import type { SheetRow } from '../tables/spreadsheet.js';
import type { ClaimFacts } from './facts.js';
import { parseRow, type TableCells } from './local-table.js';
import { REGISTER_TABLES } from './register-tables.js';
import {
  NOTHING_REGISTERED,
  type PersonRegister,
  type RegisterName,
  type SiteRegisters,
  type Span,
  type SuspendedRight,
} from './registers.js';
import { parseScaled } from './scaled.js';

/** A checked row of a register: whose it is (person, doctor or claim), and its cells. */
export interface RegisterRow {
  readonly name: RegisterName;
  readonly subject: string;
  readonly cells: TableCells;
}

/** What is said of a person whose claims these are. */
export type PersonRegisters = (history: readonly ClaimFacts[]) => PersonRegister;

/** A row that cannot be taken, with what is wrong with it: no value, since values may identify a person. */
export interface RegisterProblem {
  readonly row: number;
  readonly message: string;
}

export interface ParsedRegister {
  readonly rows: readonly RegisterRow[];
  readonly problems: readonly RegisterProblem[];
}

/** Checks a filed register: its head, every row, and that no row stands twice. */
export function parseRegister(name: RegisterName, sheet: readonly SheetRow[]): ParsedRegister {
  const [head, ...body] = sheet;
  const columns = head === undefined ? [] : head.cells.map(({ text }) => text);
  const message = headProblem(name, columns);
  if (message !== null) return { rows: [], problems: [{ row: 1, message }] };
  const seen = new Map<string, number>();
  const rows: RegisterRow[] = [];
  const problems: RegisterProblem[] = [];
  for (const { number, cells } of body) {
    const texts = cells.map(({ text }) => text);
    const given = Object.fromEntries(columns.map((column, at) => [column, texts[at] ?? '']));
    const parsed = texts.length > columns.length ? TOO_WIDE : rowOf(name, given);
    const before = firstSeen(seen, keyOf(name, given), number);
    if (before !== number) problems.push({ row: number, message: `与第 ${before} 行重复` });
    else if ('row' in parsed) rows.push(parsed.row);
    else problems.push(...parsed.problems.map((each) => ({ row: number, message: each })));
  }
  return { rows, problems };
}

const TOO_WIDE = { problems: ['单元格比列名多'] };

/** One row per death, whatever moment it gives; of other registers every row that differs. */
function keyOf(name: RegisterName, given: TableCells): string {
  return name === 'deaths' ? (given['personId'] ?? '') : JSON.stringify(given);
}

function firstSeen(seen: Map<string, number>, key: string, number: number): number {
  const before = seen.get(key) ?? number;
  seen.set(key, before);
  return before;
}

function headProblem(name: RegisterName, columns: readonly string[]): string | null {
  const { table, dates } = REGISTER_TABLES[name];
  const known = [...Object.keys(table.columns), ...(dates === 'span' ? ['from', 'until'] : [])];
  const optional = ['until'];
  const missing = known.filter((each) => !columns.includes(each) && !optional.includes(each));
  const unknown = columns.filter((each) => !known.includes(each));
  if (missing.length + unknown.length === 0 && new Set(columns).size === columns.length)
    return null;
  return `列名应为 ${known.join('、')}${unknown.length > 0 ? `；没有列 ${unknown.join('、')}` : ''}`;
}

function rowOf(
  name: RegisterName,
  given: TableCells,
): { readonly row: RegisterRow } | { readonly problems: readonly string[] } {
  const { table, dates } = REGISTER_TABLES[name];
  const parsed = parseRow(table, given);
  if ('problems' in parsed) return parsed;
  const { row, cells, from, until } = parsed.row;
  if (dates === 'span' && from === null) return { problems: ['from：没有起始日'] };
  if (from !== null && until !== null && until <= from) return { problems: ['until：应晚于 from'] };
  return { row: { name, subject: table.codesOf(row)[0] ?? '', cells } };
}

/** What rows of any registers say of the one person they are about. */
export function personRegisterOf(rows: readonly RegisterRow[]): PersonRegister {
  const of = (name: RegisterName): TableCells[] =>
    rows.filter((row) => row.name === name).map(({ cells }) => cells);
  return {
    ...NOTHING_REGISTERED,
    coverage: of('coverage').map(spanOf),
    diedAt: of('deaths')[0]?.['diedAt'] ?? null,
    chronicApprovals: of('chronic-approvals').map((cells) => ({
      ...spanOf(cells),
      disease: cells['disease'] ?? '',
    })),
    orders: of('orders').map((cells) => ({
      institution: cells['institution'] ?? '',
      claimNo: cells['claimNo'] ?? '',
      itemCode: cells['itemCode'] ?? '',
      on: cells['on'] ?? '',
      quantity: parseScaled(cells['quantity'] ?? '0', 4),
    })),
  };
}

/** What a site's registers are as a whole. @param digests  of each register held */
export function siteRegistersOf(
  digests: ReadonlyMap<RegisterName, string>,
  rights: readonly RegisterRow[],
): SiteRegisters {
  const suspendedRights = new Map<string, SuspendedRight[]>();
  for (const { subject: doctor, cells } of rights) {
    const right = { ...spanOf(cells), doctor, document: cells['document'] ?? '' };
    suspendedRights.set(doctor, [...(suspendedRights.get(doctor) ?? []), right]);
  }
  return {
    held: new Set(digests.keys()),
    suspendedRights,
    digest: digests.size === 0 ? null : digest(Object.fromEntries(digests)),
  };
}

/** Independent of the order of the rows. */
export function registerDigest(rows: readonly RegisterRow[]): string {
  return digest(rows.map(rowDigest).sort());
}

/** What a row says, in one text. */
export function rowDigest({ cells }: Pick<RegisterRow, 'cells'>): string {
  return canonicalJson(cells);
}

/** Registers at hand: whose rows they are is found by person, and by claim. */
export function registersByPerson(rows: readonly RegisterRow[]): PersonRegisters {
  const bySubject = new Map<string, RegisterRow[]>();
  for (const row of rows) {
    const key = subjectKey(row.name, row.subject);
    const known = bySubject.get(key);
    if (known === undefined) bySubject.set(key, [row]);
    else known.push(row);
  }
  return (history) => {
    const persons = new Set(history.map(({ personId }) => subjectKey('deaths', personId)));
    const claims = history.map(({ key }) => subjectKey('orders', key));
    return personRegisterOf([...persons, ...claims].flatMap((key) => bySubject.get(key) ?? []));
  };
}

/** Orders hang on claims, the others on persons. */
function subjectKey(name: RegisterName, subject: string): string {
  return `${name === 'orders' ? 'claim' : 'person'} ${subject}`;
}

function spanOf(cells: TableCells): Span {
  return { from: cells['from'] ?? '', until: cells['until'] ?? null };
}

import type { InstitutionScope } from '../access/roles.js';

export type SqlType = 'bigint' | 'date' | 'numeric' | 'text' | 'timestamptz';

export interface Column {
  /** SQL expression; never null. */
  readonly by: string;
  readonly type: SqlType;
}

/**
 * One list of the API. Everything in it is written by us, except the values, which travel as parameters. In every expression `$1` is the
 * consortium and `$2::text[]` the institutions the caller sees, null when all.
 */
export interface Listing {
  /** Columns as the caller sees them, e.g. `batch_id AS "batchId"`. */
  readonly select: string;
  readonly from: string;
  /** Expression of the consortium a row belongs to. */
  readonly consortium: string;
  /** Expression of the institution a row belongs to; null: rows speak of all, and only who sees all may have them. */
  readonly institution: string | null;
  /** Columns that are unique together: they break ties, and order where nothing else is asked for. */
  readonly key: readonly Column[];
  /** Of the key; newest first by default. */
  readonly order?: 'ASC' | 'DESC';
  /** Columns one may sort by. */
  readonly sorts?: Readonly<Record<string, Column>>;
  /** Condition of each filter, `?` standing for the value. */
  readonly filters: Readonly<Record<string, string>>;
}

/** A condition in the making: SQL with numbered parameters. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly parts: string[] = [];

  /** @param condition  each `?` is replaced by the parameter of the value */
  add(condition: string, value: unknown): void {
    const name = `$${this.values.push(value)}`;
    this.parts.push(`(${condition.replaceAll('?', name)})`);
  }

  text(): string {
    return `WHERE ${this.parts.join(' AND ')}`;
  }
}

export interface Viewer {
  readonly consortium: string;
  readonly institutions: InstitutionScope;
}

/**
 * What every reading of a list is bound by: consortium, the viewer's institutions, the filters given. Somebody bound to institutions
 * sees nothing of a list whose rows have none.
 */
export function bounds(
  { consortium, institution, filters }: Listing,
  viewer: Viewer,
  wanted: Readonly<Record<string, unknown>>,
): Conditions {
  const conditions = new Conditions();
  const own = institution === null ? '' : ` OR ${institution} = ANY(?::text[])`;
  conditions.add(`${consortium} = ?`, viewer.consortium);
  conditions.add(
    `?::text[] IS NULL${own}`,
    viewer.institutions === 'all' ? null : viewer.institutions,
  );
  for (const [name, condition] of Object.entries(filters)) {
    if (wanted[name] !== undefined) conditions.add(condition, wanted[name]);
  }
  return conditions;
}

export interface Order {
  /** As asked for: `-amount`; empty: by the key alone. */
  readonly sort: string;
  /** The sorted column, if any, then the key. */
  readonly columns: readonly Column[];
  readonly direction: 'ASC' | 'DESC';
}

/** @param sort  a name of `sorts`, with `-` before it for the largest first */
export function orderOf({ key, order = 'DESC', sorts = {} }: Listing, sort: unknown): Order {
  const name = typeof sort === 'string' ? sort : '';
  const column = sorts[name.replace(/^-/, '')];
  if (column === undefined) return { sort: '', columns: key, direction: order };
  const direction = name.startsWith('-') ? 'DESC' : 'ASC';
  return { sort: name, columns: [column, ...key], direction };
}

/** What PostgreSQL reads as such; a position that was tampered with is refused by us, not by it. */
const FORMATS: Readonly<Record<SqlType, RegExp>> = {
  bigint: /^-?\d{1,18}$/,
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  numeric: /^-?\d{1,40}(\.\d{1,40})?$/,
  text: /^[^\0]*$/,
  timestamptz: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00$/,
};

/** Whether the values may stand in the order's columns. */
export function fits({ columns }: Order, values: readonly string[]): boolean {
  return (
    columns.length === values.length &&
    columns.every(({ type }, index) => FORMATS[type].test(values[index] ?? ''))
  );
}

/** Condition of the rows behind a position; `?` stands for its values as a JSON array of text. */
export function beyond({ columns, direction }: Order): string {
  const ours = columns.map(({ by }) => by).join(', ');
  const theirs = columns.map(({ type }, index) => `(?::jsonb ->> ${index})::${type}`).join(', ');
  return `(${ours}) ${direction === 'DESC' ? '<' : '>'} (${theirs})`;
}

export function orderText({ columns, direction }: Order): string {
  return columns.map(({ by }) => `${by} ${direction}`).join(', ');
}

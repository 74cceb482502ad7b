import { BadRequestException, Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { type Page, type PageQuery, pageOf } from './page.js';

/** One list of the read API. Everything in it is written by us, except the values, which travel as parameters. */
export interface Listing {
  /** Columns as the caller sees them, e.g. `batch_id AS "batchId"`. */
  readonly select: string;
  readonly from: string;
  /** Unique expression that pages are cut by. */
  readonly key: string;
  /** What the key is; `number` by default. */
  readonly keyed?: 'number' | 'text';
  /** `DESC`, newest first, by default. */
  readonly order?: 'ASC' | 'DESC';
  /** SQL expression of each filter the caller may give. */
  readonly filters: Readonly<Record<string, string>>;
}

type Row = Readonly<Record<string, unknown>>;

/** Reads lists and single rows for the API. Nothing here writes. */
@Injectable()
export class ReadRepository {
  constructor(@Inject(DATABASE_POOL) private readonly pool: pg.Pool) {}

  /** @param query  page and filters; absent filters do not filter, unknown ones cannot be named */
  async page(
    { select, from, key, filters, keyed = 'number', order = 'DESC' }: Listing,
    { after, limit, ...wanted }: PageQuery & Readonly<Record<string, unknown>>,
  ): Promise<Page<Row>> {
    const values: unknown[] = [];
    const conditions = Object.entries(filters).flatMap(([name, expression]) => {
      const value = wanted[name];
      return value === undefined ? [] : [`${expression} = $${values.push(value)}`];
    });
    if (after !== undefined) {
      if (keyed === 'number' && !/^\d{1,18}$/.test(after))
        throw new BadRequestException('after 有误');
      const type = keyed === 'number' ? 'bigint' : 'text';
      const beyond = order === 'DESC' ? '<' : '>';
      conditions.push(`${key} ${beyond} $${values.push(after)}::${type}`);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const { rows } = await this.pool.query<Row & { page_key: string | number }>(
      `SELECT ${select}, ${key} AS page_key FROM ${from} ${where}
        ORDER BY ${key} ${order} LIMIT ${limit + 1}`,
      values,
    );
    const { items, next } = pageOf(rows, limit, (row) => String(row.page_key));
    return { items: items.map(({ page_key: _, ...row }) => row), next };
  }

  async rows(statement: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.pool.query<Row>(statement, [...values])).rows;
  }
}

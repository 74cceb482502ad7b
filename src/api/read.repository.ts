import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { type Page, type PageQuery, pageOf } from './page.js';

/** One list of the read API. Everything in it is written by us, except the values, which travel as parameters. */
export interface Listing {
  /** Columns as the caller sees them, e.g. `batch_id AS "batchId"`. */
  readonly select: string;
  readonly from: string;
  /** Unique ascending number that pages are cut by; newest first. */
  readonly key: string;
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
    { select, from, key, filters }: Listing,
    { after, limit, ...wanted }: PageQuery & Readonly<Record<string, unknown>>,
  ): Promise<Page<Row>> {
    const values: unknown[] = [];
    const conditions = Object.entries(filters).flatMap(([name, expression]) => {
      const value = wanted[name];
      return value === undefined ? [] : [`${expression} = $${values.push(value)}`];
    });
    if (after !== undefined) conditions.push(`${key} < $${values.push(after)}::bigint`);
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const { rows } = await this.pool.query<Row & { page_key: string }>(
      `SELECT ${select}, ${key} AS page_key FROM ${from} ${where}
        ORDER BY ${key} DESC LIMIT ${limit + 1}`,
      values,
    );
    const { items, next } = pageOf(rows, limit, (row) => row.page_key);
    return { items: items.map(({ page_key: _, ...row }) => row), next };
  }

  async rows(statement: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.pool.query<Row>(statement, [...values])).rows;
  }
}

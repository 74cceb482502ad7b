import { BadRequestException, Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { API_POOL, API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import { ExportTooLargeError } from './errors.js';
import {
  beyond,
  bounds,
  type Conditions,
  fits,
  type Listing,
  orderOf,
  orderText,
} from './listing.js';
import {
  DEFAULT_PAGE_ROWS,
  decodePosition,
  encodePosition,
  type Page,
  type PageQuery,
  pageOf,
} from './page.js';

export type Row = Readonly<Record<string, unknown>>;
type Wanted = Readonly<Record<string, unknown>>;

/** Reads lists and single rows for the API, within the caller's institutions. Nothing here writes. */
@Injectable()
export class ReadRepository {
  constructor(
    @Inject(API_POOL) private readonly pool: pg.Pool,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** @param query  page, order and filters; absent filters do not filter, unknown ones cannot be named */
  async page(
    listing: Listing,
    { after, limit = DEFAULT_PAGE_ROWS, count, ...wanted }: PageQuery & Wanted,
    caller: Caller,
  ): Promise<Page<Row>> {
    const { pageRows } = this.settings.limits;
    if (limit > pageRows) throw new BadRequestException(`limit 最大为 ${pageRows}`);
    const conditions = this.conditions(listing, wanted, caller);
    const total = count === 'true' ? await this.total(listing, conditions) : null;
    const order = orderOf(listing, wanted['sort']);
    if (after !== undefined) {
      const values = decodePosition(after, order.sort);
      if (values === null || !fits(order, values))
        throw new BadRequestException('after 不是上一页的 next，或排序不同');
      conditions.add(beyond(order), JSON.stringify(values));
    }
    const position = order.columns.map(({ by }) => `(${by})::text`).join(', ');
    const { rows } = await this.pool.query<Row & { page_position: string[] }>(
      `SELECT ${listing.select}, ARRAY[${position}] AS page_position
         FROM ${listing.from} ${conditions.text()}
        ORDER BY ${orderText(order)} LIMIT ${limit + 1}`,
      conditions.values,
    );
    const { items, next } = pageOf(rows, limit, (row) =>
      encodePosition(order.sort, row.page_position),
    );
    return { items: items.map(withoutPosition), next, ...(total !== null && { total }) };
  }

  /** Every row of a list. @throws ExportTooLargeError before anything is read when there are too many */
  async whole(listing: Listing, wanted: Wanted, caller: Caller): Promise<readonly Row[]> {
    const conditions = this.conditions(listing, wanted, caller);
    const total = await this.total(listing, conditions);
    const { exportRows } = this.settings.limits;
    if (total > exportRows) {
      throw new ExportTooLargeError(`共 ${total} 行，一次最多导出 ${exportRows} 行`, { total });
    }
    return this.rows(
      `SELECT ${listing.select} FROM ${listing.from} ${conditions.text()}
        ORDER BY ${orderText(orderOf(listing, wanted['sort']))} LIMIT ${exportRows}`,
      conditions.values,
    );
  }

  /** One row of a list by its filters, if the caller may see it. */
  async one(listing: Listing, wanted: Wanted, caller: Caller): Promise<Row | null> {
    const conditions = this.conditions(listing, wanted, caller);
    const [row] = await this.rows(
      `SELECT ${listing.select} FROM ${listing.from} ${conditions.text()}
        ORDER BY ${orderText(orderOf(listing, ''))} LIMIT 1`,
      conditions.values,
    );
    return row ?? null;
  }

  async rows(statement: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.pool.query<Row>(statement, [...values])).rows;
  }

  private conditions(listing: Listing, wanted: Wanted, { institutions }: Caller): Conditions {
    return bounds(listing, { consortium: this.settings.consortium, institutions }, wanted);
  }

  private async total({ from }: Listing, conditions: Conditions): Promise<number> {
    const [row] = await this.rows(
      `SELECT count(*) AS total FROM ${from} ${conditions.text()}`,
      conditions.values,
    );
    return Number(row?.['total'] ?? 0);
  }
}

function withoutPosition({ page_position: _, ...row }: Row): Row {
  return row;
}

import { z } from 'zod';

export const DEFAULT_PAGE_ROWS = 50;

/** Query parameters of every list: `after` is the `next` of the page before. */
export const pageQuery = z.strictObject({
  after: z
    .string()
    .regex(/^[\w-]{1,800}$/, '应为上一页的 next / the `next` of the page before')
    .optional()
    .describe('上一页的 next，不透明 / the `next` of the page before, opaque'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe(`一页行数，默认 ${DEFAULT_PAGE_ROWS} / rows of a page`),
  count: z
    .enum(['true', 'false'])
    .optional()
    .describe('true：另给出总行数 / also say how many rows there are in all'),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** The order of a list: one of its columns, `-` before it for the largest first. */
export function sortQuery<Name extends string>(...names: readonly [Name, ...Name[]]) {
  return z
    .enum(names.flatMap((name): readonly string[] => [name, `-${name}`]))
    .optional()
    .describe('排序列，前加 - 为降序 / column to sort by, `-` for descending');
}

export interface Page<Row> {
  readonly items: readonly Row[];
  /** Where the next page starts; null on the last. */
  readonly next: string | null;
  /** Rows of all pages; only when asked for. */
  readonly total?: number;
}

export function pageSchema<Row extends z.ZodType>(row: Row) {
  return z.object({
    items: z.array(row),
    next: z
      .string()
      .nullable()
      .describe('下一页从这里开始；最后一页为 null / null on the last page'),
    total: z.number().optional(),
  });
}

const position = z.tuple([z.string().max(64), z.array(z.string().max(256)).max(8)]);

/**
 * Where a page ended: in which order, at which values. Callers pass it on as it is; what is in it may change.
 *
 * @param sort  as asked for: `-amount`; empty: the list's own order
 */
export function encodePosition(sort: string, values: readonly string[]): string {
  return Buffer.from(JSON.stringify([sort, values])).toString('base64url');
}

/** Null when it is not one of ours, or belongs to another order. */
export function decodePosition(text: string, sort: string): readonly string[] | null {
  try {
    const parsed = position.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success && parsed.data[0] === sort ? parsed.data[1] : null;
  } catch {
    return null;
  }
}

/** @param rows  one more than asked for, if there are more */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => string,
): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? positionOf(last) : null };
}

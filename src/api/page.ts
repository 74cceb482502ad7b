import { z } from 'zod';

export const DEFAULT_PAGE_ROWS = 50;
export const MOST_PAGE_ROWS = 500;

/** Query parameters of every list: `after` is the `next` of the page before. */
export const pageQuery = z.object({
  after: z
    .string()
    .regex(/^[\w.-]{1,120}$/, '应为上一页的 next / the `next` of the page before')
    .optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PAGE_ROWS).default(DEFAULT_PAGE_ROWS),
});
export type PageQuery = z.infer<typeof pageQuery>;

export interface Page<Row> {
  readonly items: readonly Row[];
  /** Where the next page starts; null on the last. */
  readonly next: string | null;
}

/** @param rows  one more than asked for, if there are more */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  position: (row: Row) => string,
): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? position(last) : null };
}

export function pageSchema<Row extends z.ZodType>(row: Row) {
  return z.object({ items: z.array(row), next: z.string().nullable() });
}

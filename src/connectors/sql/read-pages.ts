import { parseYuan } from '../../kernel/money.js';
import type { ControlTotals, RawBatch, SourceLimits } from '../connector.js';
import { RowBudgetError, SourceRejectedError } from '../errors.js';

/** What reading, counting and resuming have in common whatever the database. */

export interface PagedRead {
  readonly limits: Pick<SourceLimits, 'windowRows' | 'pageRows'>;
  readonly after: string | undefined;
  /** Batches of at most `rows` rows in all, strictly after the row that the token names. */
  readonly page: (after: string | undefined, rows: number) => AsyncIterable<RawBatch>;
}

/**
 * A window in pages of bounded size: each is one statement, so that a slow reader never keeps one open at the source for long, and
 * the statement's time limit means the work of the source. Memory holds a batch, not a page.
 *
 * @throws RowBudgetError
 */
export async function* readPages({ limits, after, page }: PagedRead): AsyncGenerator<RawBatch> {
  let resume = after;
  for (let taken = 0; ; ) {
    const wanted = Math.min(limits.pageRows, limits.windowRows - taken + 1);
    const before = taken;
    for await (const batch of page(resume, wanted)) {
      taken += (batch.count ?? batch.rows.length) + (batch.unreadable?.length ?? 0);
      assertBudget(taken, limits.windowRows);
      resume = batch.cursor ?? undefined;
      yield batch;
    }
    if (taken - before < wanted) return;
  }
}

/** @throws RowBudgetError */
export function assertBudget(taken: number, windowRows: number): void {
  if (taken <= windowRows) return;
  throw new RowBudgetError(`本次读取超过 ${windowRows} 行的上限`, { windowRows });
}

/** Cursor and key of a row as the text to resume after. @throws SourceRejectedError when one is missing in the row */
export function resumeToken(
  row: readonly (string | null)[] | undefined,
  orderAt: readonly number[],
): string {
  const parts = orderAt.map((position) => row?.[position] ?? null);
  if (parts.includes(null)) {
    throw new SourceRejectedError(
      '来源有 cursor 或 key 为空的行，无法按序续读',
      '请在 query 中排除这些行，或改用不会为空的列作 key。',
    );
  }
  return JSON.stringify(parts);
}

export function resumeParts(token: string): readonly string[] {
  return JSON.parse(token) as readonly string[];
}

/** Count and sum as the source wrote them; the sum in yuan. */
export function totalsOf([count, sum, hashes]: readonly (string | null)[] = []): ControlTotals {
  const amountFen = sum == null ? null : parseYuan(sum);
  if (sum != null && amountFen === null) {
    throw new SourceRejectedError(`来源的金额合计不是金额：${sum}`, '请核对 amount 所指的列。');
  }
  const totals = { rows: Number(count), amountFen };
  return hashes == null ? totals : { ...totals, contentDigest: `${count}:${hashes}` };
}

import type pg from 'pg';
import { parseYuan } from '../kernel/money.js';
import type { Posting } from './postings.js';
import type { FigureReport } from './result.js';

/** Figures and postings of a run as rows. */

export async function storeFigures(
  client: pg.ClientBase,
  runId: string,
  figures: readonly FigureReport[],
): Promise<void> {
  const rows = figures.map((figure, index) => {
    const [pool = '', ...key] = figure.id.split('.').slice(2);
    const amount = figure.unit === 'yuan' ? parseYuan(figure.amount) : null;
    return {
      ...{
        figure_id: figure.id,
        position: index + 1,
        pool,
        key: key.join('.'),
        label: figure.label,
      },
      ...{ unit: figure.unit, amount_fen: amount?.toString() ?? null, value: figure.amount },
      ...{ clause: figure.clause, content: figure },
    };
  });
  await client.query(
    `INSERT INTO figure (run_id, figure_id, position, pool, key, label, unit, amount_fen, value, clause, content)
     SELECT $1, f.* FROM jsonb_to_recordset($2::jsonb) AS f(figure_id text, position int, pool text, key text,
       label text, unit text, amount_fen bigint, value text, clause text, content jsonb)`,
    [runId, JSON.stringify(rows)],
  );
}

export async function storePostings(
  client: pg.ClientBase,
  runId: string,
  postings: readonly Posting[],
): Promise<void> {
  await client.query(
    `INSERT INTO posting (run_id, voucher, account, pool, fund, amount_fen)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])`,
    [
      runId,
      postings.map(({ voucher }) => voucher),
      postings.map(({ account }) => account),
      postings.map(({ pool }) => pool),
      postings.map(({ fund }) => fund),
      postings.map(({ amount }) => amount.toString()),
    ],
  );
}

/** Takes back what a run posted, under the run that comes after it: each voucher with its amounts turned round. */
export async function reversePostings(
  client: pg.ClientBase,
  { by, of }: { readonly by: string; readonly of: string },
): Promise<void> {
  await client.query(
    `INSERT INTO posting (run_id, voucher, account, pool, fund, amount_fen, reverses)
     SELECT $1, 'reversal.' || run_id || '.' || voucher, account, pool, fund, -amount_fen, run_id
     FROM posting WHERE run_id = $2 AND reverses IS NULL`,
    [by, of],
  );
}

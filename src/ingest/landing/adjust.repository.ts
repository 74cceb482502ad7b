import type pg from 'pg';
import {
  ANY_CLOSED,
  type AttachedStream,
  bookAnew,
  CLEAR_CLOSED,
  CREATE_CLOSED,
  EDIT_BOOKING,
  FIND_CLAIMS,
  findAttached,
  REVERSE,
  record,
  redirect,
  refuseOrphans,
  TAKE_STAGED_CLAIMS,
} from './adjust-statements.js';
import { type Landing, runFor } from './landing-statement.repository.js';
import {
  BURY_CLAIMS,
  buryAttached,
  type ComparedStream,
  FIND_WITHDRAWN,
} from './withdraw-statements.js';

/** What became of staged rows that concern closed months. */
export interface Adjusted {
  /** Whether staging changed. */
  readonly found: boolean;
  /** Records written. */
  readonly adjustments: number;
  /** Claims taken out of staging because they are dealt with, and how many of them had changed. */
  readonly taken: number;
  readonly changed: number;
  /** Rows of claims that the source itself has deleted. */
  readonly orphans: pg.QueryResult | null;
}

const NONE: Adjusted = { found: false, adjustments: 0, taken: 0, changed: 0, orphans: null };

/**
 * Turns staged changes of closed months into reversals and new bookings in the next open month. What stays in staging afterwards may be
 * merged in place. The same rows again change nothing.
 *
 * @param from  first day, or month, whose books may be concerned; null: nothing is staged
 */
export async function adjustClosed(
  client: pg.PoolClient,
  landing: Landing,
  from: string | null,
): Promise<Adjusted> {
  const { stream, consortium } = landing;
  if (stream === 'persons' || from === null) return NONE;
  const { rows } = await client.query<{ closed: boolean }>(ANY_CLOSED, [consortium, from]);
  if (rows[0]?.closed !== true) return NONE;
  await client.query(CREATE_CLOSED);
  await client.query(CLEAR_CLOSED);
  return stream === 'claims'
    ? adjustClaims(client, landing)
    : adjustAttached(client, landing, stream);
}

async function adjustClaims(client: pg.PoolClient, landing: Landing): Promise<Adjusted> {
  const found = (await runFor(client, FIND_CLAIMS, landing)).rowCount ?? 0;
  if (found === 0) return NONE;
  const adjustments = (await runFor(client, record('staged'), landing)).rowCount ?? 0;
  if (adjustments > 0) {
    for (const statement of [...REVERSE, ...bookAnew('staged'), ...EDIT_BOOKING])
      await runFor(client, statement, landing);
  }
  const taken = (await runFor(client, TAKE_STAGED_CLAIMS, landing)).rowCount ?? 0;
  return { found: true, adjustments, taken, changed: adjustments, orphans: null };
}

async function adjustAttached(
  client: pg.PoolClient,
  landing: Landing,
  stream: AttachedStream,
): Promise<Adjusted> {
  const found = (await runFor(client, findAttached(stream), landing)).rowCount ?? 0;
  if (found === 0) return NONE;
  const orphans = await runFor(client, refuseOrphans(stream), landing);
  const adjustments = await bookCopies(client, landing);
  await runFor(client, redirect(stream), landing);
  return { found: true, adjustments, taken: 0, changed: 0, orphans };
}

/** Puts a copy in an open month in the place of every closed claim whose rows are about to change. */
async function bookCopies(client: pg.PoolClient, landing: Landing): Promise<number> {
  const adjustments = (await runFor(client, record('copied'), landing)).rowCount ?? 0;
  if (adjustments > 0) {
    for (const statement of [...REVERSE, ...bookAnew('copied')])
      await runFor(client, statement, landing);
  }
  return adjustments;
}

/**
 * Takes rows out of the books that the source no longer has; `staging_missing` names them. Rows of open months are buried, closed
 * months are reversed in the next open one.
 *
 * @returns how many adjustments of closed months that took
 */
export async function withdrawMissing(
  client: pg.PoolClient,
  landing: Landing & { readonly stream: ComparedStream },
): Promise<number> {
  const { stream } = landing;
  await client.query(CREATE_CLOSED);
  await client.query(CLEAR_CLOSED);
  await runFor(client, FIND_WITHDRAWN, landing);
  if (stream !== 'claims') {
    const adjustments = await bookCopies(client, landing);
    await runFor(client, buryAttached(stream), landing);
    return adjustments;
  }
  const adjustments = (await runFor(client, record('none'), landing)).rowCount ?? 0;
  for (const statement of [...REVERSE, ...BURY_CLAIMS]) await runFor(client, statement, landing);
  return adjustments;
}

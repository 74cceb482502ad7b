import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Stream } from '../fields.js';

/** Whose rows they are; the same for every row of a batch. */
export interface Landing {
  readonly consortium: string;
  readonly institution: string;
  readonly settledBy: string;
  readonly level: string;
  readonly batchId: string;
  readonly stream: Stream;
  /** Place in the consortium's list of members: of two that disagree about a person the first is believed. Absent: after all of them. */
  readonly rank?: number;
}

const LAST = 1_000_000;

/** Statements name the landing's parameters by number ($1 consortium … $6 rank); those used are bound. */
export function runFor(
  client: pg.PoolClient,
  text: string,
  landing: Landing,
): Promise<pg.QueryResult> {
  const all = [
    landing.consortium,
    landing.institution,
    landing.batchId,
    landing.settledBy,
    landing.level,
    landing.rank ?? LAST,
  ];
  const used = [...new Set([...text.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))];
  const bound = text.replace(/\$(\d)/g, (_, number) => `$${used.indexOf(Number(number)) + 1}`);
  const values = used.map((number) => all[number - 1]);
  // What names no days is the same for every batch: planned once a connection.
  if (bound.includes("DATE '")) return client.query(bound, values);
  return client.query({ name: createHash('md5').update(bound).digest('hex'), text: bound, values });
}

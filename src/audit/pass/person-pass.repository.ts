import pg from 'pg';
import { copyBytes, copyLines } from '../../database/copy.client.js';
import { lastDay } from '../../kernel/period.js';
import { CLAIM_COLUMNS } from '../claim-cells.js';
import {
  type Bucket,
  firstDayRead,
  type HistoryRequest,
  lastMonth,
  selectionOf,
} from '../claim-history.repository.js';
import { SCANNED_COLUMNS } from './line-scanner.js';
import type { PersonPass } from './person-pass.js';

export type PassRequest = Omit<HistoryRequest, 'whose'> & { readonly whose: Bucket };

interface PassOptions {
  readonly signal: AbortSignal;
  /** For a sink that has to wait now and then. */
  readonly afterChunk?: () => Promise<void>;
}

/** Sends the claims, then the lines, of a bucket of persons through a pass. Only claims are sorted; lines come as they lie. */
export async function readPass(
  client: pg.PoolClient,
  request: PassRequest,
  pass: PersonPass,
  { signal, afterChunk }: PassOptions,
): Promise<void> {
  const selection = selectionOf(request);
  const claims = `SELECT ${CLAIM_COLUMNS} ${selection} ORDER BY c.person_id COLLATE "C"`;
  for await (const lines of copyLines(client, claims, signal))
    for (const line of lines) pass.claims.add(line);
  for await (const chunk of copyBytes(client, linesQuery(request, selection), signal)) {
    pass.scanner.feed(chunk);
    await afterChunk?.();
  }
}

/** Of all persons, lines are read without a join: what belongs to nobody asked for is dropped by its key. */
function linesQuery(request: PassRequest, selection: string): string {
  if (request.whose.buckets > 1)
    return `SELECT ${SCANNED_COLUMNS} FROM claim_line l JOIN (SELECT c.consortium, c.settled_on, c.institution, c.claim_no ${selection}) s
      USING (consortium, settled_on, institution, claim_no)`;
  return `SELECT ${SCANNED_COLUMNS} FROM claim_line l WHERE l.consortium = ${pg.escapeLiteral(request.consortium)}
    AND l.settled_on >= ${pg.escapeLiteral(firstDayRead(request))} AND l.settled_on <= ${pg.escapeLiteral(lastDay(lastMonth(request)))}`;
}

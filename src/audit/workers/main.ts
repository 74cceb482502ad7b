import { parentPort, workerData } from 'node:worker_threads';
import type pg from 'pg';
import { ConfigError } from '../../config/errors.js';
import { createPool } from '../../database/pool.client.js';
import { auditBooks } from '../audit-books.repository.js';
import { type CompiledAudit, compileAudit } from '../compile.js';
import { SiteBooks } from '../site-book.repository.js';
import { inSnapshot } from '../snapshot.repository.js';
import { carried, type ShareAnswer, type ShareOrder } from './share.js';

/** A thread that audits its share of the persons on a connection of its own. Any message to it means: stop. */

async function answerTo(order: ShareOrder, signal: AbortSignal): Promise<ShareAnswer> {
  const pool = createPool(order.url, 1);
  try {
    const books = new SiteBooks(order.folders);
    return await inSnapshot(
      pool,
      async (client): Promise<ShareAnswer> => {
        const audit = await sameRules(client, books, order);
        if (audit === null) return { kind: 'other-rules' };
        return { kind: 'audited', books: await auditBooks(client, audit, order.request, signal) };
      },
      order.snapshot,
    );
  } catch (error) {
    return { kind: 'failed', error: carried(error) };
  } finally {
    await pool.end();
  }
}

/** The rules in force, compiled once more: what is compiled cannot be handed over. Null: not those that were ordered. */
async function sameRules(
  client: pg.ClientBase,
  books: SiteBooks,
  { request, rulesDigest, knowledgeRelease }: ShareOrder,
): Promise<CompiledAudit | null> {
  try {
    const { book, knowledge, registers } = await books.read(client, request.consortium);
    const audit = compileAudit(book, knowledge, null, registers);
    return audit.rulesDigest === rulesDigest && audit.knowledgeRelease === knowledgeRelease
      ? audit
      : null;
  } catch (error) {
    if (error instanceof ConfigError) return null; // broken since they were read
    throw error;
  }
}

const stop = new AbortController();
parentPort?.on('message', () => stop.abort()).unref();
parentPort?.postMessage(await answerTo(workerData as ShareOrder, stop.signal));

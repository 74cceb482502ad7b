import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type pg from 'pg';
import { type AuditedBooks, auditBooks, type BooksRequest } from '../audit-books.repository.js';
import type { CompiledAudit } from '../compile.js';
import type { BookFolders } from '../rules.loader.js';
import { exportSnapshot, inSnapshot } from '../snapshot.repository.js';
import { mergeShares, raised, type ShareAnswer, type ShareOrder } from './share.js';

/** As this file: compiled beside compiled, source beside source. */
const THREAD = new URL(`./main${extname(import.meta.url)}`, import.meta.url);

export interface SharedRequest {
  readonly request: BooksRequest;
  readonly folders: BookFolders;
  /** How many share the work; whoever calls is one of them. */
  readonly workers: number;
  /** How threads are started, where it is not as this process was. */
  readonly thread?: Pick<WorkerOptions, 'execArgv'>;
}

export interface SharedBooks extends AuditedBooks {
  /** How many it was in the end. */
  readonly workers: number;
}

/** The rules of a thread are not ours: nothing is wrong, but nothing can be shared. */
class OtherRules extends Error {}

/**
 * Audits the books in one snapshot by several workers, each its share of the persons: one here, the others in threads. The first that
 * fails stops the others. Where a thread would go by other rules than these, the work is done by one after all.
 */
export async function auditShared(
  pool: pg.Pool,
  audit: CompiledAudit,
  shared: SharedRequest,
  signal: AbortSignal,
): Promise<SharedBooks> {
  const alone = async () => {
    const books = await inSnapshot(pool, (client) =>
      auditBooks(client, audit, shared.request, signal),
    );
    return { ...books, workers: 1 };
  };
  if (shared.workers < 2) return alone();
  try {
    return { ...(await together(pool, audit, shared, signal)), workers: shared.workers };
  } catch (error) {
    if (error instanceof OtherRules) return alone();
    throw error;
  }
}

async function together(
  pool: pg.Pool,
  audit: CompiledAudit,
  shared: SharedRequest,
  signal: AbortSignal,
): Promise<AuditedBooks> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const { rulesDigest, knowledgeRelease } = audit;
  const { folders, workers } = shared;
  const url = pool.options.connectionString ?? '';
  return inSnapshot(pool, async (client) => {
    const snapshot = await exportSnapshot(client);
    const order = { url, folders, snapshot, rulesDigest, knowledgeRelease };
    const settled = await Promise.allSettled(
      Array.from({ length: workers }, (_, part) => {
        const request = { ...shared.request, share: { part, of: workers } };
        const work =
          part === 0
            ? auditBooks(client, audit, request, stop)
            : inThread({ ...order, request }, shared.thread, stop);
        return work.catch((error: unknown) => {
          failed.abort(error);
          throw error;
        });
      }),
    );
    stop.throwIfAborted();
    return mergeShares(
      settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    );
  });
}

/** Ends when the thread has: whether it is through, failed or was told to stop. */
async function inThread(
  order: ShareOrder,
  options: WorkerOptions | undefined,
  signal: AbortSignal,
): Promise<AuditedBooks> {
  signal.throwIfAborted();
  const thread = new Worker(THREAD, { ...options, workerData: order });
  const ended = once(thread, 'exit'); // fails with what the thread died of
  const stop = () => thread.postMessage('stop');
  signal.addEventListener('abort', stop);
  const answers: ShareAnswer[] = [];
  thread.on('message', (answer: ShareAnswer) => answers.push(answer));
  try {
    const [code] = await ended;
    return booksOf(answers[0], code);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function booksOf(answer: ShareAnswer | undefined, exitCode: number): AuditedBooks {
  if (answer === undefined) throw new Error(`A thread of the audit ended with ${exitCode}`);
  if (answer.kind === 'failed') throw raised(answer.error);
  if (answer.kind === 'other-rules') throw new OtherRules();
  return answer.books;
}

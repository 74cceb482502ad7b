import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { API_POOL, API_SETTINGS, type ApiSettings } from './api-settings.js';
import type { Caller } from './caller.js';
import type { HttpRequest } from './http.js';

export interface Outcome {
  readonly outcome: 'done' | 'refused';
  /** Code of the error; absent when done. */
  readonly code?: string;
}

const MOST_REASON_CHARACTERS = 500;
const MOST_SUBJECT_CHARACTERS = 300;

/** The operator log (操作日志): who asked for which change, or to see whom, and what came of it. It is part of the journal. */
@Injectable()
export class OperatorLog {
  constructor(
    @Inject(API_POOL) private readonly pool: pg.Pool,
    private readonly journal: JournalService,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async append(
    caller: Caller,
    request: HttpRequest,
    result: Outcome,
    client: pg.PoolClient | null = null,
  ): Promise<void> {
    if (client === null) {
      await withTransaction(this.pool, (own) => this.append(caller, request, result, own));
      return;
    }
    const requestId = request.res.getHeader('X-Request-Id');
    await this.journal.append(client, {
      consortium: this.settings.consortium,
      kind: 'operation',
      subject: decodeURI(request.path).slice(0, MOST_SUBJECT_CHARACTERS),
      content: {
        operation: `${request.method} ${request.route?.path ?? request.path}`,
        by: caller.username,
        byRoles: [...caller.roles],
        address: caller.address,
        ...result,
        ...reasonOf(request.body),
        ...(isPreview(request.query) && { preview: true }),
        ...(typeof requestId === 'string' && { requestId }),
      },
    });
  }
}

function isPreview(query: unknown): boolean {
  return (
    typeof query === 'object' && query !== null && 'preview' in query && query.preview === 'true'
  );
}

function reasonOf(body: unknown): { readonly reason?: string } {
  const reason = typeof body === 'object' && body !== null && 'reason' in body ? body.reason : null;
  return typeof reason === 'string' ? { reason: reason.slice(0, MOST_REASON_CHARACTERS) } : {};
}

import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import type { Canonical } from '../kernel/hash.js';
import {
  IncompleteResponseError,
  ResponseStateError,
  UnknownDisputeError,
  UnknownLineError,
} from './errors.js';
import { requireAcknowledgeable, requireDisputable } from './response.js';
import {
  insertResponse,
  type ListedResponse,
  listResponses,
  lockResponses,
  type NewResponse,
  type ResponseKey,
  readDispute,
  readState,
} from './response.repository.js';
import type { RunChoice } from './run-choice.js';
import type { Statement } from './statement.js';
import { StatementService } from './statement.service.js';

interface Signed {
  readonly consortium: string;
  /** Who stands for it: a signed-in name. */
  readonly by: string;
}

export interface AcknowledgeRequest extends Signed {
  readonly choice: RunChoice;
  readonly institution: string;
  readonly remark?: string;
}

export interface DisputeRequest extends Signed {
  readonly choice: RunChoice;
  readonly institution: string;
  /** Number of the line in the member's statement, or the figure's id. */
  readonly line: string;
  readonly reason: string;
}

export interface AnswerRequest extends Signed {
  readonly responseId: string;
  readonly outcome: 'accepted' | 'refused';
  readonly reason: string;
}

/** A member's word on its statement, and the lead's answer. Every one is kept, and goes into the journal. */
@Injectable()
export class ResponseService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly statements: StatementService,
    private readonly journal: JournalService,
  ) {}

  list(request: {
    readonly consortium: string;
    readonly period: string | null;
  }): Promise<readonly ListedResponse[]> {
    return listResponses(this.pool, request);
  }

  /** @throws UnknownRunError, UnknownPartyError, ResponseStateError, IncompleteResponseError */
  async acknowledge(request: AcknowledgeRequest): Promise<string> {
    requirePerson(request);
    if (request.remark !== undefined) requireReason({ reason: request.remark });
    const { statement, key } = await this.stated(request);
    return this.record(key, async (client) => {
      requireAcknowledgeable(await readState(client, key));
      const reason = request.remark ?? null;
      const { digest } = statement;
      return { ...key, kind: 'acknowledgement', digest, reason, by: request.by };
    });
  }

  /** @throws as acknowledge; UnknownLineError */
  async dispute(request: DisputeRequest): Promise<string> {
    requirePerson(request);
    requireReason(request);
    const { statement, key } = await this.stated(request);
    const figureId = lineOf(statement, request.line);
    return this.record(key, async (client) => {
      requireDisputable(await readState(client, key), figureId);
      const { by, reason } = request;
      return { ...key, kind: 'dispute', digest: statement.digest, figureId, reason, by };
    });
  }

  /** The lead's answer to a dispute. @throws UnknownDisputeError, ResponseStateError, IncompleteResponseError */
  async answer({ consortium, responseId, outcome, reason, by }: AnswerRequest): Promise<string> {
    requirePerson({ by });
    requireReason({ reason });
    const found = await withTransaction(this.pool, (client) =>
      readDispute(client, { consortium, responseId }),
    );
    if (found === null) throw new UnknownDisputeError(`没有编号为 ${responseId} 的异议`);
    const key = { consortium, runId: found.runId, institution: found.institution };
    return this.record(key, async (client) => {
      const dispute = await readDispute(client, { consortium, responseId });
      if (dispute?.answered !== false) throw new ResponseStateError('该异议已经答复');
      return { ...key, kind: 'answer', answers: responseId, outcome, reason, by };
    });
  }

  /** The member's statement of a run that still counts. */
  private async stated({
    consortium,
    choice,
    institution,
  }: AcknowledgeRequest | DisputeRequest): Promise<{ statement: Statement; key: ResponseKey }> {
    const { statement, run } = await this.statements.stated({
      consortium,
      choice,
      for: institution,
    });
    if (statement.party.role !== 'member')
      throw new ResponseStateError(`${statement.party.name}不单独结算，没有可确认的结算单`);
    if (!run.current)
      throw new ResponseStateError('该结算运行已被后来的版本取代，请对现行版本表态');
    return { statement, key: { consortium, runId: run.runId, institution } };
  }

  private record(
    key: ResponseKey,
    decide: (client: pg.PoolClient) => Promise<NewResponse>,
  ): Promise<string> {
    return withTransaction(this.pool, async (client) => {
      await lockResponses(client, key);
      const response = await decide(client);
      const responseId = await insertResponse(client, response);
      await this.journal.append(client, {
        consortium: key.consortium,
        kind: 'decision',
        subject: `statement:${key.runId}:${key.institution}`,
        content: { responseId, ...(response as unknown as { readonly [name: string]: Canonical }) },
      });
      return responseId;
    });
  }
}

function requirePerson({ by }: Pick<Signed, 'by'>): void {
  if (by.trim() === '') throw new IncompleteResponseError('没有写明经办人');
}

function requireReason({ reason }: { readonly reason: string }): void {
  const { length } = reason.trim();
  if (length < 2 || length > 500) throw new IncompleteResponseError('理由应为 2–500 个字');
}

/** The figure behind a line, by its number or its id. @throws UnknownLineError */
function lineOf({ tables }: Statement, line: string): string {
  const lines = tables.flatMap((table) => table.lines);
  const found = lines.find(({ number, figureId }) => String(number) === line || figureId === line);
  if (found === undefined) throw new UnknownLineError(`本机构的结算单没有第 ${line} 项`);
  return found.figureId;
}

import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { loadLimits } from '../config/limits.loader.js';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { digest } from '../kernel/hash.js';
import type { Month } from '../kernel/period.js';
import { type Declaration, declarationsOf, totalsContentOf } from './declaration.js';
import { claimTotals } from './detail.repository.js';
import { type DispatchResult, DispatchService } from './dispatch.service.js';
import { MessageNotUnknownError } from './errors.js';
import { enqueueUpload, followUpByPerson } from './follow-up.repository.js';
import {
  listMessages,
  type MessageView,
  rejectedDetails,
  resolveMessage,
} from './message.repository.js';
import type { NewMessage } from './outbox.js';
import { type Enqueued, enqueue } from './outbox.repository.js';
import type { AgencySettings } from './profile.js';
import { loadAgencySettings } from './settings.loader.js';

export interface DeclareRequest {
  readonly consortium: string;
  readonly month: Month;
  /** Also repeat what the agency rejected, under a new message id: a rejected message had no effect. */
  readonly again?: boolean;
}

export interface DeclareResult {
  readonly consortium: string;
  readonly month: Month;
  /** Messages written into the outbox by this call. */
  readonly enqueued: number;
  readonly unchanged: number;
  /** Totals changed, but an earlier message is still on its way; declare again once it has ended. */
  readonly waiting: number;
  /** Over everything declared for the month. */
  readonly digest: string;
}

export interface ResolveRequest {
  readonly outboxId: string;
  readonly outcome: 'accepted' | 'rejected';
  readonly decidedBy: string;
  readonly reason: string;
}

/** What the gateway tells the agency (医保经办机构), and what it hears back. Messages wait in an outbox until `dispatch`. */
@Injectable()
export class AgencyService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly dispatcher: DispatchService,
    private readonly journal: JournalService,
  ) {}

  /**
   * Writes down the totals of a month for the agency to compare (3201): settlement unit × pool × clearing type. Repeating it with
   * unchanged books writes nothing.
   *
   * @throws UnknownSettlementUnitError, UnmappedCareTypeError, ConfigError
   */
  async declareMonth({ consortium, month, again = false }: DeclareRequest): Promise<DeclareResult> {
    const settings = loadAgencySettings(this.site);
    return withTransaction(this.pool, async (client) => {
      const declarations = declarationsOf(await claimTotals(client, consortium, month), settings);
      const contents = declarations.map((each) => totalsContentOf(month, each));
      const messages = declarations.map((each): NewMessage => {
        const { institution, pool, clearingType } = each;
        const content = totalsContentOf(month, each);
        return {
          ...{ consortium, institution, month, clearingType, content, transactionCode: '3201' },
          about: [pool, clearingType],
          contentDigest: digest(content),
          parentId: null,
        };
      });
      const done = await enqueue(client, messages, again);
      await saveDeclarations(client, { consortium, month }, { declarations, done });
      const repeated = again
        ? await this.repeatDetails(client, { consortium, month }, settings)
        : 0;
      const count = (wanted: (each: Enqueued) => boolean) => done.filter(wanted).length;
      const result = {
        consortium,
        month,
        enqueued: count(({ decision }) => decision === 'new' || decision === 'replace') + repeated,
        unchanged: count(({ decision }) => decision === 'unchanged'),
        waiting: count(({ decision }) => decision === 'waiting'),
        digest: digest(
          contents.map((content, index) => [declarations[index]?.institution, content]),
        ),
      };
      if (result.enqueued > 0) await this.note(client, result);
      return result;
    });
  }

  dispatch(request: { readonly consortium: string }, signal: AbortSignal): Promise<DispatchResult> {
    return this.dispatcher.dispatch(request, signal);
  }

  messages(request: {
    readonly consortium: string;
    readonly month?: Month;
    readonly open?: boolean;
  }): Promise<readonly MessageView[]> {
    return listMessages(this.pool, request);
  }

  /**
   * A person settles an unknown outcome after asking the agency another way. Settlement lists go on from there; no other message follows.
   *
   * @throws MessageNotUnknownError
   */
  async resolve({ outboxId, outcome, decidedBy, reason }: ResolveRequest): Promise<void> {
    await withTransaction(this.pool, async (client) => {
      const consortium = await resolveMessage(client, outboxId, outcome);
      if (consortium === null) {
        throw new MessageNotUnknownError(`报文 ${outboxId} 不存在或结果并非未知`, { outboxId });
      }
      if (outcome === 'accepted') await followUpByPerson(client, outboxId);
      await this.journal.append(client, {
        consortium,
        kind: 'decision',
        subject: `message:${outboxId}`,
        content: { event: 'resolve', outcome, decidedBy, reason },
      });
    });
  }

  /** Details that ended in a rejection start over with a fresh file. */
  private async repeatDetails(
    client: pg.PoolClient,
    { consortium, month }: { readonly consortium: string; readonly month: Month },
    { profile }: AgencySettings,
  ): Promise<number> {
    const groups = await rejectedDetails(client, consortium, month);
    const mostRows = loadLimits(this.site.configDir).agency.fileRows;
    for (const group of groups) {
      const message = { ...group, consortium, month };
      await enqueueUpload(client, message, { profile, mostRows, again: true });
    }
    return groups.length;
  }

  private async note(client: pg.PoolClient, result: DeclareResult): Promise<void> {
    const { consortium, month, enqueued } = result;
    await this.journal.append(client, {
      consortium,
      kind: 'push',
      subject: `declaration:${month}`,
      content: { event: 'declare', enqueued, digest: result.digest },
    });
  }
}

async function saveDeclarations(
  client: pg.PoolClient,
  { consortium, month }: { readonly consortium: string; readonly month: Month },
  { declarations, done }: { declarations: readonly Declaration[]; done: readonly Enqueued[] },
): Promise<void> {
  const rows = declarations.flatMap((declaration, index) => {
    const { decision = 'waiting', outboxId } = done[index] ?? {};
    return decision === 'new' || decision === 'replace'
      ? [{ outboxId, ...asText(declaration) }]
      : [];
  });
  await client.query(
    `INSERT INTO agency_declaration (outbox_id, consortium, institution, month, pool, clearing_type, claims,
       total_fee_fen, fund_paid_fen, account_paid_fen)
     SELECT "outboxId", $1, institution, $2, pool, "clearingType", claims, "totalFeeFen", "fundPaidFen", "accountPaidFen"
     FROM jsonb_to_recordset($3::jsonb) AS entry("outboxId" bigint, institution text, pool text, "clearingType" text,
       claims int, "totalFeeFen" bigint, "fundPaidFen" bigint, "accountPaidFen" bigint)
     ON CONFLICT (outbox_id) DO UPDATE SET claims = excluded.claims, total_fee_fen = excluded.total_fee_fen,
       fund_paid_fen = excluded.fund_paid_fen, account_paid_fen = excluded.account_paid_fen`,
    [consortium, month, JSON.stringify(rows)],
  );
}

function asText({ totalFeeFen, fundPaidFen, accountPaidFen, ...rest }: Declaration): object {
  return {
    ...rest,
    totalFeeFen: totalFeeFen.toString(),
    fundPaidFen: fundPaidFen.toString(),
    accountPaidFen: accountPaidFen.toString(),
  };
}

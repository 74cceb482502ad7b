import type pg from 'pg';
import { digest } from '../kernel/hash.js';
import { detailContent, downloadContent, signInContent, uploadContent } from './content.js';
import type { SentMessage } from './delivery.repository.js';
import { buildDetailFile } from './detail.repository.js';
import { enqueue } from './outbox.repository.js';
import type { AgencyProfile } from './profile.js';
import type { TransactionResult, UnbalancedRow } from './transaction.js';

export interface FollowUpContext {
  readonly profile: AgencyProfile;
  readonly operator: string;
  readonly mostRows: number;
}

/** A message in its new state, and what it told us. */
interface Told {
  readonly message: SentMessage;
  readonly result: TransactionResult;
}

/** What accepted messages bring about, in the transaction that records their acceptance. */
export async function followUps(
  client: pg.PoolClient,
  told: readonly Told[],
  context: FollowUpContext,
): Promise<void> {
  const taken: { readonly outboxId: string; readonly listId: string }[] = [];
  for (const { message, result } of told) {
    if (result.kind !== 'list-taken') await followUp(client, message, { result, context });
    else taken.push({ outboxId: message.outboxId, listId: result.listId });
  }
  if (taken.length > 0) await client.query(LISTS_TAKEN, [JSON.stringify(taken)]);
}

type OneByOne = Exclude<TransactionResult, { kind: 'list-taken' }>;

/**
 * Totals that do not balance lead to the
 * detail: upload (9101) → comparison (3202) → download (9102) → rows.
 */
async function followUp(
  client: pg.PoolClient,
  message: SentMessage,
  { result, context }: { readonly result: OneByOne; readonly context: FollowUpContext },
): Promise<void> {
  switch (result.kind) {
    case 'signed-in':
      return saveSession(client, message, { ...result, operator: context.operator });
    case 'totals-compared':
      await client.query('UPDATE agency_declaration SET balanced = $2 WHERE outbox_id = $1', [
        message.outboxId,
        result.balanced,
      ]);
      if (!result.balanced) await enqueueUpload(client, message, context);
      return;
    case 'file-taken':
      return enqueueComparison(client, message, result.fileNumber);
    case 'detail-compared':
      return enqueueDownload(client, message, result);
    case 'feedback-taken':
      return;
    case 'lists-marked':
      await client.query(LISTS_SUBMITTED, [message.outboxId]);
      return;
    case 'lists-counted':
      await client.query(LISTS_COUNTED, [message.outboxId, result.needed, result.uploaded]);
      return;
    case 'detail':
      return saveUnbalanced(client, message.outboxId, result.unbalanced);
  }
}

const LISTS_TAKEN = `
  UPDATE settlement_list list SET list_id = taken."listId", status = 'taken'
  FROM jsonb_to_recordset($1::jsonb) AS taken("outboxId" bigint, "listId" text) WHERE list.outbox_id = taken."outboxId"`;

/** A list that was changed and sent again meanwhile stays to be submitted. */
const LISTS_SUBMITTED = `
  UPDATE settlement_list SET status = 'submitted' WHERE submit_outbox_id = $1 AND status = 'taken'`;

const LISTS_COUNTED = `
  INSERT INTO settlement_list_count (outbox_id, consortium, institution, month, needed, uploaded)
  SELECT outbox_id, consortium, institution, month, $2, $3 FROM outbox_message WHERE outbox_id = $1
  ON CONFLICT (outbox_id) DO NOTHING`;

/**
 * What follows when a person knows that a message was accepted although no answer could be read: a list counts as taken (its number at
 * the agency stays unknown), submitted lists as submitted. For other messages nothing follows.
 */
export async function followUpByPerson(client: pg.PoolClient, outboxId: string): Promise<void> {
  await client.query(
    `UPDATE settlement_list SET status = 'taken' WHERE outbox_id = $1 AND status = 'made'`,
    [outboxId],
  );
  await client.query(LISTS_SUBMITTED, [outboxId]);
}

async function saveSession(
  client: pg.PoolClient,
  message: SentMessage,
  { signInNo, operator }: { readonly signInNo: string; readonly operator: string },
): Promise<void> {
  const { day } = signInContent.parse(message.content);
  await client.query(
    `INSERT INTO agency_session (consortium, institution, operator, day, sign_in_no) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (consortium, institution, operator, day) DO UPDATE SET sign_in_no = excluded.sign_in_no`,
    [message.consortium, message.institution, operator, day, signInNo],
  );
}

/** Both pools of the clearing type go into one file: the agency compares them together. */
export async function enqueueUpload(
  client: pg.PoolClient,
  message: Pick<SentMessage, 'consortium' | 'institution' | 'month' | 'clearingType'> & {
    readonly outboxId: string | null;
  },
  { profile, mostRows, again = false }: Omit<FollowUpContext, 'operator'> & { again?: boolean },
): Promise<void> {
  const { consortium, institution } = message;
  const [month, clearingType] = [message.month ?? '', message.clearingType ?? ''];
  const content = await buildDetailFile(
    client,
    { consortium, institution, month, clearingType },
    { profile, mostRows },
  );
  const { archiveBase64: _, ...business } = content;
  await enqueue(
    client,
    [
      {
        ...{ consortium, institution, month, clearingType, content, transactionCode: '9101' },
        about: [clearingType],
        contentDigest: digest(again ? { ...business, again: message.outboxId } : business),
        parentId: message.outboxId,
      },
    ],
    again,
  );
}

async function enqueueComparison(
  client: pg.PoolClient,
  message: SentMessage,
  fileNumber: string,
): Promise<void> {
  const uploaded = uploadContent.parse(message.content);
  const { fileName: _, textDigest: __, archiveBase64: ___, ...totals } = uploaded;
  await enqueueNext(client, message, {
    transactionCode: '3202',
    content: { ...totals, fileNumber },
  });
}

async function enqueueDownload(
  client: pg.PoolClient,
  message: SentMessage,
  { fileNumber, fileName }: { readonly fileNumber: string; readonly fileName: string },
): Promise<void> {
  const { institution, month, clearingType } = detailContent.parse(message.content);
  const content = downloadContent.parse({ institution, month, clearingType, fileNumber, fileName });
  await enqueueNext(client, message, { transactionCode: '9102', content });
}

async function enqueueNext(
  client: pg.PoolClient,
  parent: SentMessage,
  { transactionCode, content }: { readonly transactionCode: string; readonly content: object },
): Promise<void> {
  const { consortium, institution, month, clearingType, outboxId } = parent;
  await enqueue(client, [
    {
      ...{ consortium, institution, month, clearingType, transactionCode, content },
      about: [clearingType ?? ''],
      contentDigest: digest({ ...content, parent: outboxId }),
      parentId: outboxId,
    },
  ]);
}

async function saveUnbalanced(
  client: pg.PoolClient,
  outboxId: string,
  rows: readonly UnbalancedRow[],
): Promise<void> {
  const numbered = rows.map((row, index) => ({
    ...row,
    rowNo: index + 1,
    totalFeeFen: row.totalFeeFen?.toString() ?? null,
    fundPaidFen: row.fundPaidFen?.toString() ?? null,
    accountPaidFen: row.accountPaidFen?.toString() ?? null,
  }));
  await client.query(
    `INSERT INTO agency_unbalanced_row (outbox_id, row_no, person_id, claim_no, sender_message_id, is_refund, memo,
       total_fee_fen, fund_paid_fen, account_paid_fen)
     SELECT $1, "rowNo", "personId", "claimNo", "senderMessageId", "isRefund", memo,
       "totalFeeFen", "fundPaidFen", "accountPaidFen"
     FROM jsonb_to_recordset($2::jsonb) AS entry("rowNo" int, "personId" text, "claimNo" text, "senderMessageId" text,
       "isRefund" boolean, memo text, "totalFeeFen" bigint, "fundPaidFen" bigint, "accountPaidFen" bigint)`,
    [outboxId, JSON.stringify(numbered)],
  );
}

import type { z } from 'zod';
import type { Fen } from '../kernel/money.js';
import type { NationalInput } from './national-names.js';
import type { AgencySettings } from './profile.js';

/** A row of the detail result that does not balance. Amounts are the agency's; null when it has no such row. */
export interface UnbalancedRow {
  readonly personId: string;
  /** Null: the agency has it, we do not. */
  readonly claimNo: string | null;
  /** The message that brought the claim to the agency; null: the agency has no such claim. */
  readonly senderMessageId: string | null;
  readonly isRefund: boolean;
  readonly memo: string | null;
  readonly totalFeeFen: Fen | null;
  readonly fundPaidFen: Fen | null;
  readonly accountPaidFen: Fen | null;
}

/** What an accepted message told us, in our own words. */
export type TransactionResult =
  | { readonly kind: 'signed-in'; readonly signInNo: string }
  | { readonly kind: 'totals-compared'; readonly balanced: boolean; readonly text: string }
  | { readonly kind: 'file-taken'; readonly fileNumber: string; readonly fileName: string }
  | { readonly kind: 'detail-compared'; readonly fileNumber: string; readonly fileName: string }
  | { readonly kind: 'list-taken'; readonly listId: string }
  | { readonly kind: 'lists-marked' }
  | { readonly kind: 'feedback-taken' }
  | { readonly kind: 'lists-counted'; readonly needed: number; readonly uploaded: number }
  | {
      readonly kind: 'detail';
      readonly rows: number;
      readonly unbalanced: readonly UnbalancedRow[];
    };

/** An answer with result code 0. */
export interface Answered {
  readonly body: Readonly<Record<string, unknown>>;
  /** The bytes of a download; null for a JSON answer. */
  readonly file: Uint8Array | null;
}

export interface Transaction<Content> {
  readonly code: string;
  /** What it does, as people call it. */
  readonly title: string;
  /** The content of a message in our own words, as the outbox keeps it. */
  readonly content: z.ZodType<Content>;
  input(content: Content, settings: AgencySettings): NationalInput;
  /** Null when the node that proves success is missing, whatever the result code says. */
  result(answered: Answered, settings: AgencySettings): TransactionResult | null;
}

/** A transaction whose content type is known to itself only: content is checked before it is used. */
export interface RegisteredTransaction {
  readonly code: string;
  readonly title: string;
  input(content: unknown, settings: AgencySettings): NationalInput;
  result(answered: Answered, settings: AgencySettings): TransactionResult | null;
}

export function defineTransaction<Content>(
  transaction: Transaction<Content>,
): RegisteredTransaction {
  return {
    code: transaction.code,
    title: transaction.title,
    input: (content, settings) => transaction.input(transaction.content.parse(content), settings),
    result: (answered, settings) => transaction.result(answered, settings),
  };
}

/** A node of an answer's output as text fields; null when it is absent or no object. */
export function outputNode(
  { body }: Answered,
  name: string,
): Readonly<Partial<Record<string, string>>> | null {
  const output = body['output'];
  return fieldsOf(isRecord(output) ? output[name] : undefined);
}

/** An object's scalar fields as text. */
export function fieldsOf(value: unknown): Readonly<Partial<Record<string, string>>> | null {
  if (!isRecord(value)) return null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => typeof field === 'string' || typeof field === 'number')
      .map(([name, field]) => [name, String(field)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

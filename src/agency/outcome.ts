import { GatewayError } from '../kernel/errors.js';
import type { Delivery } from './agency.client.js';
import { type Reply, readReply } from './envelope.js';
import type { MessageEvent } from './message-state.js';
import type { AgencySettings } from './profile.js';
import type { RegisteredTransaction, TransactionResult } from './transaction.js';

/** What one sending came to. */
export interface Outcome {
  readonly event: Exclude<MessageEvent, 'send'>;
  readonly code: string;
  readonly text: string;
  readonly result: TransactionResult | null;
}

/**
 * Success is result code 0 **and** the output node that proves it; the agency is known to hide errors behind code 0. A text beside
 * success is a warning. Who asks again under the same id and is told that it came before knows one thing only: it arrived. That is
 * no refusal, and a new id would make the effect twice.
 */
export function outcomeOf(
  delivery: Delivery,
  transaction: RegisteredTransaction,
  { settings, askedAgain }: { readonly settings: AgencySettings; readonly askedAgain: boolean },
): Outcome {
  if (delivery.kind === 'not-delivered') return without('return', '', delivery.text);
  if (delivery.kind === 'lost') return without('lose', '', delivery.text);
  const reply = readReply(delivery.answer);
  switch (reply.kind) {
    case 'busy':
      return without('return', 'HTTP 429', '经办机构繁忙');
    case 'unreadable':
      return without('lose', '', reply.text);
    case 'refused':
      return askedAgain && saysRepeated(reply.text, settings)
        ? without('lose', reply.code, `经办机构称此报文先前已收到，结果待核实：${reply.text}`)
        : without('reject', reply.code, reply.text);
    default:
      return accepted(reply, transaction, settings);
  }
}

const saysRepeated = (text: string, { profile }: AgencySettings): boolean =>
  profile.repeatedTexts.some((known) => text.includes(known));

function accepted(
  reply: Extract<Reply, { kind: 'answered' | 'file' }>,
  transaction: RegisteredTransaction,
  settings: AgencySettings,
): Outcome {
  const text = reply.kind === 'file' ? '' : reply.text;
  try {
    const answered =
      reply.kind === 'file' ? { body: {}, file: reply.bytes } : { body: reply.body, file: null };
    const result = transaction.result(answered, settings);
    if (result !== null) return { event: 'accept', code: '0', text, result };
    return without('reject', '0', text === '' ? '应答成功但缺少输出' : text);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return without('reject', '0', error.message);
  }
}

function without(event: Outcome['event'], code: string, text: string): Outcome {
  return { event, code, text, result: null };
}

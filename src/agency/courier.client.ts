import type { Limits } from '../config/limits.js';
import type { Clock } from '../kernel/clock.js';
import { post } from './agency.client.js';
import type { SentMessage } from './delivery.repository.js';
import { envelopeOf } from './envelope.js';
import { type Outcome, outcomeOf } from './outcome.js';
import type { AgencySettings } from './profile.js';
import { hunanHeaders } from './signing.js';
import type { RegisteredTransaction } from './transaction.js';
import * as registry from './transactions/index.js';

const TRANSACTIONS: ReadonlyMap<string, RegisteredTransaction> = new Map(
  Object.values(registry).map((transaction) => [transaction.code, transaction]),
);

/** What a transaction is called; its code when it is none of ours. */
export function titleOf(transactionCode: string): string {
  return TRANSACTIONS.get(transactionCode)?.title ?? transactionCode;
}

/** Carries one message to the agency and back. */
export class Courier {
  constructor(
    readonly settings: AgencySettings,
    readonly limits: Limits['agency'],
    private readonly clock: Clock,
  ) {}

  /** Never throws for what the wire or the agency does: that is the outcome. */
  async send(message: SentMessage, signInNo: string): Promise<Outcome> {
    const transaction = TRANSACTIONS.get(message.transactionCode);
    if (transaction === undefined) {
      throw new RangeError(`no transaction ${message.transactionCode}`);
    }
    const at = this.clock.now();
    const { institution, messageId, transactionCode } = message;
    const input = transaction.input(message.content, this.settings);
    const envelope = envelopeOf(
      { transactionCode, institution, messageId, signInNo, at, input },
      this.settings,
    );
    const body = JSON.stringify(envelope);
    if (body.length > this.limits.messageBytes) {
      const text = `报文超过 ${this.limits.messageBytes} 字节，未发送`;
      return { event: 'reject', code: '', text, result: null };
    }
    const delivery = await post({
      url: `${this.settings.site.connection.url}${this.settings.profile.path}`,
      headers: this.headers(transactionCode, at),
      body,
      timeoutMs: this.settings.site.connection.timeoutMs ?? this.limits.timeoutMs,
      mostAnswerBytes: this.limits.messageBytes,
    });
    const askedAgain = message.state === 'UNKNOWN';
    return outcomeOf(delivery, transaction, { settings: this.settings, askedAgain });
  }

  private headers(transactionCode: string, at: Date): Readonly<Record<string, string>> {
    const { profile, site } = this.settings;
    if (profile.signing === 'none') return {};
    const { accessKey = '', secretKey = '' } = site.connection;
    return hunanHeaders({
      ...{ transactionCode, at, accessKey, secretKey },
      version: profile.interfaceVersion,
    });
  }
}

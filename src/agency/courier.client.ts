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

const KEPT_BACK: Outcome = { event: 'return', code: '', text: '未发送', result: null };

/** Carries messages to the agency and their answers back. */
export class Courier {
  constructor(
    readonly settings: AgencySettings,
    readonly limits: Limits['agency'],
    private readonly clock: Clock,
  ) {}

  /**
   * Carries messages side by side, so many at once, and returns their outcomes in order. What is not yet on its way when the signal
   * aborts, or when as many as travel at once found nobody who answers, does not leave the house.
   */
  async sendAll(
    messages: readonly SentMessage[],
    signInNumbers: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    const outcomes = messages.map(() => KEPT_BACK);
    let next = 0;
    const { messagesAtOnce } = this.limits;
    let answered = false;
    const mayGo = () => !signal.aborted && (answered || next < messagesAtOnce);
    const lane = async (): Promise<void> => {
      while (next < messages.length && mayGo()) {
        const index = next++;
        const message = messages[index];
        if (message === undefined) return;
        const outcome = await this.send(message, signInNumbers.get(message.institution) ?? '');
        outcomes[index] = outcome;
        answered ||= outcome.event === 'accept' || outcome.event === 'reject';
      }
    };
    await Promise.all(Array.from({ length: messagesAtOnce }, lane));
    return outcomes;
  }

  /** Never throws for what the wire or the agency does: that is the outcome. */
  private async send(message: SentMessage, signInNo: string): Promise<Outcome> {
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

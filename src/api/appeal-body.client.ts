import type { IncomingMessage } from 'node:http';
import type { SessionService } from '../access/session.service.js';
import { sessionTokenOf } from './cookies.js';
import type { HttpRequest, HttpResponse } from './http.js';

const isJson = (type: unknown): boolean =>
  typeof type === 'string' && /^application\/json\b/i.test(type);

/**
 * Appeals come with files, as JSON: larger than any other body. Bodies are read before anybody is asked who they are, so that this
 * looks first: only somebody signed in may send so much, others are held to what holds for all.
 *
 * @param prefix  of the API's addresses
 */
export class AppealBodies {
  private readonly known = new WeakSet<IncomingMessage>();
  private readonly address: RegExp;

  constructor(
    private readonly sessions: SessionService,
    prefix: string,
  ) {
    this.address = new RegExp(`^/${prefix}/reviews/[^/?]{1,300}/appeal(\\?|$)`);
  }

  /** To stand before the parsers. */
  readonly look = (request: HttpRequest, _: HttpResponse, next: () => void): void => {
    this.note(request).then(next, next.bind(null));
  };

  /** Which bodies the parser of appeals takes. */
  readonly take = (request: IncomingMessage): boolean => this.known.has(request);

  private async note(request: HttpRequest): Promise<void> {
    if (request.method !== 'POST' || !this.address.test(request.originalUrl)) return;
    const token = sessionTokenOf(request.get('cookie'), request.secure);
    if (token === null || !isJson(request.headers['content-type'])) return;
    const account = await this.sessions.holder(token, { isUse: false });
    if (account !== null) this.known.add(request as unknown as IncomingMessage);
  }
}

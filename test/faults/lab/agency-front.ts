import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What the door does with the next messages instead of passing them on, or with the answers. */
export type FrontMood =
  | { readonly kind: 'open' }
  /** Answers so without asking the agency. */
  | { readonly kind: 'answers'; readonly status: number; readonly body: string }
  /** Passes the message on and answers so all the same: the effect is there, the answer lies. */
  | { readonly kind: 'distorts'; readonly status: number; readonly body: string }
  /** Remembers message ids and answers a repeated one so, without asking the agency. */
  | { readonly kind: 'refuses-repeats'; readonly status: number; readonly body: string };

/** A door before the stand-in agency, for misbehaviour of the network and of gateways in between. */
export class AgencyFront {
  private mood: FrontMood = { kind: 'open' };
  private times = 0;
  private transaction: string | null = null;
  private met = 0;
  private readonly heard = new Set<string>();

  private constructor(
    private readonly server: Server,
    private readonly target: string,
    readonly url: string,
  ) {}

  static open(target: string): Promise<AgencyFront> {
    const server = createServer();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        const front = new AgencyFront(server, target, `http://127.0.0.1:${port}`);
        server.on('request', (request, response) => {
          front.handle(request, response).catch(() => response.destroy());
        });
        resolve(front);
      });
    });
  }

  /** How many messages met the mood. */
  get encounters(): number {
    return this.met;
  }

  /** The next `times` messages of a transaction meet this mood. */
  become(
    mood: FrontMood,
    { times, infno }: { readonly times: number; readonly infno: string },
  ): void {
    this.mood = mood;
    this.times = times;
    this.transaction = infno;
  }

  /** Faults that the agency itself knows. */
  async misbehave(rules: readonly object[]): Promise<void> {
    await fetch(`${this.target}/control/faults`, { method: 'PUT', body: JSON.stringify(rules) });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const mood = this.moodFor(body);
    if (mood.kind === 'answers' || mood.kind === 'refuses-repeats') {
      send(response, mood);
      return;
    }
    const answer = await fetch(`${this.target}${request.url ?? '/'}`, {
      method: request.method ?? 'POST',
      headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      body,
    });
    const content = Buffer.from(await answer.arrayBuffer());
    if (mood.kind === 'distorts') send(response, mood);
    else {
      const type = answer.headers.get('content-type') ?? 'application/json';
      response.writeHead(answer.status, { 'content-type': type }).end(content);
    }
  }

  private isRepeated(body: Buffer): boolean {
    const msgid = /"msgid":"([^"]+)"/.exec(body.toString('utf8'))?.[1] ?? '';
    const known = this.heard.has(msgid);
    this.heard.add(msgid);
    return known;
  }

  private moodFor(body: Buffer): FrontMood {
    const wanted = this.transaction !== null && body.includes(`"infno":"${this.transaction}"`);
    const repeated = this.isRepeated(body);
    if (!wanted || this.times === 0) return { kind: 'open' };
    if (this.mood.kind === 'refuses-repeats' && !repeated) return { kind: 'open' };
    this.times -= 1;
    this.met += 1;
    return this.mood;
  }
}

function send(
  response: ServerResponse,
  { status, body }: { readonly status: number; readonly body: string },
): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' }).end(body);
}

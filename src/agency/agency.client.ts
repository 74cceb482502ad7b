import type { WireAnswer } from './envelope.js';

/** How a request ended, as far as the wire can tell. */
export type Delivery =
  | { readonly kind: 'answer'; readonly answer: WireAnswer }
  /** No connection was made: nothing left the house. */
  | { readonly kind: 'not-delivered'; readonly text: string }
  /** It left, and no answer came: it may have taken effect. */
  | { readonly kind: 'lost'; readonly text: string };

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** An answer above this is not read to its end. */
  readonly mostAnswerBytes: number;
}

const NEVER_CONNECTED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
  'bad port', // refused by fetch itself
]);

/** Posts JSON and never throws for what the network does. Redirects are not followed: a message goes where it was meant to go. */
export async function post(request: PostRequest): Promise<Delivery> {
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json;charset=UTF-8', ...request.headers },
      body: request.body,
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    const bytes = await limitedBytes(response, request.mostAnswerBytes);
    const contentType = response.headers.get('content-type') ?? '';
    return { kind: 'answer', answer: { status: response.status, contentType, bytes } };
  } catch (error) {
    const code = codeOf(error);
    return NEVER_CONNECTED.has(code)
      ? { kind: 'not-delivered', text: `未能连接经办机构（${String(code)}）` }
      : { kind: 'lost', text: `已发出，未收到应答（${String(code)}）` };
  }
}

async function limitedBytes(response: Response, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > mostBytes) throw new RangeError('answer too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The system's error code, which fetch hides in the cause; else the cause's words, or the error's name. */
function codeOf(error: unknown): unknown {
  const { name, cause } = error as {
    name?: unknown;
    cause?: { code?: unknown; message?: unknown };
  };
  return cause?.code ?? cause?.message ?? name;
}

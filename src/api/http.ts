/** What we use of Express's requests and responses. */
export interface HttpRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly originalUrl: string;
  readonly protocol: string;
  /** Over TLS, by itself or as a trusted proxy says. */
  readonly secure: boolean;
  /** The client's address, as far as proxies are trusted. */
  readonly ip?: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly route?: { readonly path: string };
  readonly res: HttpResponse;
  get(header: string): string | undefined;
}

export interface HttpResponse {
  readonly headersSent: boolean;
  readonly statusCode: number;
  status(code: number): this;
  type(media: string): this;
  send(body: string | Uint8Array): void;
  setHeader(name: string, value: string | number): void;
  getHeader(name: string): number | string | readonly string[] | undefined;
  write(chunk: string): boolean;
  flushHeaders(): void;
  end(): void;
  destroy(): void;
  on(event: 'close', listener: () => void): void;
}

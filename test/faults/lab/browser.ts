import type { Scene } from './scene.js';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly seconds: number;
}

/** Somebody at the API: signed in, with the cookie and the token that go with it. */
export class Browser {
  private cookie = '';
  private token = '';

  constructor(private readonly url: string) {}

  /** An account made on the command line, its first password changed at the first sign-in, as every user does. */
  static async signedIn(
    scene: Scene,
    { url, role }: { readonly url: string; readonly role: string },
  ): Promise<Browser> {
    const username = `lab-${role}`;
    const told = await scene.heyi(['user', 'create', username, '--roles', role, '--json']);
    const { password } = JSON.parse(told.slice(told.indexOf('{'))) as { readonly password: string };
    const browser = new Browser(url);
    await browser.session('POST', '/session', { username, password });
    const next = `Neues-Wort-${scene.choices.seed}-laboratory`;
    await browser.session('PUT', '/session/password', { current: password, next });
    return browser;
  }

  get(path: string): Promise<Answer> {
    return this.ask('GET', path);
  }

  post(path: string, body: object, idempotencyKey: string): Promise<Answer> {
    return this.ask('POST', path, { body, headers: { 'idempotency-key': idempotencyKey } });
  }

  private async session(method: string, path: string, body: object): Promise<void> {
    const response = await fetch(`${this.url}/api/v1${path}`, this.request(method, { body }));
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    this.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    const { csrfToken } = JSON.parse(text) as { readonly csrfToken: string };
    this.token = csrfToken;
  }

  private async ask(method: string, path: string, more: Asked = {}): Promise<Answer> {
    const began = performance.now();
    const response = await fetch(`${this.url}/api/v1${path}`, this.request(method, more));
    const text = await response.text();
    return { status: response.status, text, seconds: (performance.now() - began) / 1000 };
  }

  private request(method: string, { body, headers = {} }: Asked): RequestInit {
    return {
      method,
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(this.token === '' || method === 'GET' ? {} : { 'x-csrf-token': this.token }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
  }
}

interface Asked {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

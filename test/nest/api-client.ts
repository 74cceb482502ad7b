import { join } from 'node:path';
import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AccessRole, InstitutionScope } from '../../src/access/roles.js';
import { UserService } from '../../src/access/user.service.js';
import { serveApi } from '../../src/api/api.launcher.js';
import { ApiModule } from '../../src/api/api.module.js';
import type { Limits } from '../../src/config/limits.js';
import { loadLimits } from '../../src/config/limits.loader.js';
import { type Site, siteOf } from '../../src/config/site.js';
import { SiteModule } from '../../src/config/site.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import type { TestDatabase } from '../support/test-database.js';

export const CONSORTIUM = 'demo-county';
export const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/demo' });

export const LIMITS = loadLimits(site.configDir);

export interface RunningApi {
  readonly app: INestApplication;
  readonly url: string;
  readonly users: UserService;
}

/** What the files of the demo site name. */
Object.assign(process.env, {
  HEYI_AGENCY_URL: 'http://127.0.0.1:1',
  HEYI_CERTIFICATE_KEY: 'k'.repeat(32),
  HEYI_DEMO_DATABASES: 'demo',
  HEYI_DEMO_DROPS: '/nowhere',
  HEYI_DEMO_SOURCE_HOST: '127.0.0.1',
  HEYI_DEMO_SOURCE_PASSWORD: 'x',
  HEYI_DEMO_SOURCE_PORT: '1',
});

/** @param imports  modules served beside the API's own */
export async function startApi(
  database: TestDatabase,
  {
    imports = [],
    api = {},
    site: of = site,
  }: {
    readonly imports?: NonNullable<ModuleMetadata['imports']>;
    readonly api?: Partial<Limits['api']>;
    readonly site?: Site;
  } = {},
): Promise<RunningApi> {
  class Root {}
  const { pool } = database;
  const jobs = JobsModule.on({ pool, limits: LIMITS.jobs });
  Module({
    imports: [
      DatabaseModule.forPool(pool),
      SiteModule.forSite(of),
      jobs,
      ApiModule.on({ pool, site: of, jobs, limits: { ...LIMITS, api: { ...LIMITS.api, ...api } } }),
      ...imports,
    ],
  })(Root);
  const app = await NestFactory.create(Root, { logger: false, abortOnError: false });
  const { url } = await serveApi(app, 0);
  return { app, url, users: app.get(UserService, { strict: false }) };
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown> & { items: Record<string, unknown>[] };
}

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One browser: keeps its cookie and the token that goes with it. */
export class Client {
  cookie = '';
  token = '';

  constructor(readonly url: string) {}

  async ask(path: string, { method = 'GET', body, headers = {} }: Asked = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(this.cookie !== '' && { cookie: this.cookie }),
        ...(this.token !== '' && method !== 'GET' && { 'x-csrf-token': this.token }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const parsed = type.includes('json') ? (JSON.parse(text) as Answer['body']) : { items: [] };
    return { status: response.status, type, headers: response.headers, text, body: parsed };
  }

  get(path: string): Promise<Answer> {
    return this.ask(`/api/v1${path}`);
  }

  send(method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
    return this.ask(`/api/v1${path}`, { method, body, headers });
  }

  async signIn(username: string, password: string): Promise<Answer> {
    this.token = '';
    const answer = await this.send('POST', '/session', { username, password });
    if (answer.status === 200) this.keep(answer);
    return answer;
  }

  /** Takes over a new session from its answer. */
  keep(answer: Answer): void {
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    this.token = String(answer.body['csrfToken']);
  }
}

const BY_TEST = { username: 'test', roles: [], address: 'cli' };

/** An account that need not change its password, signed in. */
export async function signedIn(
  { url, users }: RunningApi,
  grant: {
    readonly username: string;
    readonly roles: readonly AccessRole[];
    readonly institutions?: InstitutionScope;
  },
): Promise<Client> {
  const { institutions = 'all', ...rest } = grant;
  const { username, password } = await users.create({ ...rest, institutions }, BY_TEST, {
    mustChangePassword: false,
  });
  const client = new Client(url);
  const answer = await client.signIn(username, password);
  if (answer.status !== 200) throw new Error(`cannot sign in: ${answer.text}`);
  return client;
}

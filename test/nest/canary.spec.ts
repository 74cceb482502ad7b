import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AgencyService } from '../../src/agency/agency.service.js';
import { DispatchService } from '../../src/agency/dispatch.service.js';
import { serveApi } from '../../src/api/api.launcher.js';
import { AppModule } from '../../src/app/app.module.js';
import type { Site } from '../../src/config/site.js';
import { planBackfill } from '../../src/jobs/plan.js';
import { RunService } from '../../src/jobs/run.service.js';
import { SitePlan } from '../../src/jobs/site-plan.service.js';
import { WorkerService } from '../../src/jobs/worker.service.js';
import { requestLog } from '../../src/operations/http/request-log.service.js';
import { ProcessLogger } from '../../src/operations/logging/logger.service.js';
import { MetricsService } from '../../src/operations/metrics/metrics.service.js';
import { storeSecret } from '../../src/secrets/secret-vault.loader.js';
import { CSV_CLINIC, HOSPITAL, SiteFolder, TOWNSHIP } from '../ingest/site-folder.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/test-database.js';

/**
 * Names, certificate and telephone numbers and passwords are planted wherever a source, an agency or a visitor could put them; then
 * everything that people other than the case's own clerks may read is searched for them.
 */
const NAME = '欧阳吹雪甲';
const CERTIFICATE = '46020019900101777X';
const TELEPHONE = '13987650000';
const INSURED = 'P-canary-88';
const PLANTED = [NAME, CERTIFICATE, TELEPHONE];
let password: string;

const folder = new SiteFolder();
const site: Site = { ...folder.site, configDir: join(folder.root, 'config') };
const logged: string[] = [];
const answered: string[] = [];
let database: TestDatabase;
let his: TestDatabase;
let agency: Server;
let app: INestApplication;
let url: string;

const yaml = (
  institution: string,
  { query, charged = '时间' }: { query: string; charged?: string },
) => `
institution: ${institution}
connector: postgres
options: ${hisOptions()}
streams:
  claims:
    query: ${query}
    cursor: ${charged}
    key: [结算号]
    amount: 合计
    map:
      claimNo: 结算号
      personId: 参保号
      certificate: 证件
      sex: { from: 性别, values: { 男: male, 女: female } }
      pool: { from: 险种, values: { '390': resident } }
      careType: { constant: outpatient }
      settledAt: 时间
      admittedAt: { from: 入院, format: yyyyMMdd }
      department: 科室
      totalFee: 总额
      eligible: 总额
      deductible: { constant: '0' }
      pooledFundPaid: 总额
      fundPaid: 总额
      accountPaid: { constant: '0' }
      cashPaid: { constant: '0' }
`;

function hisOptions(): string {
  const { hostname, port, pathname, username } = new URL(his.url);
  return `{ host: ${hostname}, port: '${port}', database: ${pathname.slice(1)}, user: ${username}, password: '\${secret:his}' }`;
}

/** One good row, and one for every column with something in it that does not belong there. */
const COLUMNS = ['性别', '险种', '入院', '科室', '总额'] as const;
const GOOD: Record<string, string> = {
  参保号: INSURED,
  证件: CERTIFICATE,
  性别: '男',
  险种: '390',
  入院: '20240105',
  科室: '内科',
  总额: '12.30',
};

async function fillHis(): Promise<void> {
  await his.pool.query(
    'CREATE TABLE 结算 (结算号 text, 参保号 text, 证件 text, 性别 text, 险种 text, 时间 timestamp, 入院 text, 科室 text, 总额 text, 姓名 text, 合计 numeric)',
  );
  const rows = [GOOD];
  for (const column of COLUMNS) {
    for (const planted of PLANTED) rows.push({ ...GOOD, [column]: planted });
  }
  rows.push(
    { ...GOOD, 科室: `\u0001${NAME}` },
    { ...GOOD, 总额: '-5', 性别: NAME },
    { ...GOOD, 科室: NAME.repeat(200) },
  );
  for (const [index, row] of rows.entries()) {
    await his.pool.query(
      'INSERT INTO 结算 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 12.3)',
      [
        `C${index}`,
        ...['参保号', '证件', '性别', '险种'].map((column) => row[column]),
        '2024-01-05 08:00',
        ...['入院', '科室', '总额'].map((column) => row[column]),
        NAME,
      ],
    );
  }
}

/** An agency that talks about people in everything it says. */
function rudeAgency(): Promise<Server> {
  let count = 0;
  const server = createServer((_, answer) => {
    count += 1;
    const text = `参保人${NAME}（${CERTIFICATE}，电话${TELEPHONE}）不存在`;
    const bodies = [
      JSON.stringify({ infcode: '-1', err_msg: text }),
      `<html>${text}</html>`,
      JSON.stringify({ infcode: '0', err_msg: text, output: { [NAME]: CERTIFICATE } }),
    ];
    answer.statusCode = count % 4 === 3 ? 500 : 200;
    answer.end(bodies[count % bodies.length]);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function ask(path: string, init: RequestInit = {}): Promise<void> {
  const response = await fetch(`${url}${path}`, init);
  answered.push(await response.text(), JSON.stringify([...response.headers]));
}

beforeAll(async () => {
  database = await createTestDatabase(30);
  his = await createEmptyDatabase();
  password = new URL(his.url).password;
  cpSync('config', site.configDir, { recursive: true });
  const limits = join(site.configDir, 'limits.yaml');
  writeFileSync(
    limits,
    readFileSync(limits, 'utf8')
      .replace(/^ {2}backoffMs: 1000$/m, '  backoffMs: 100')
      .replace(/^ {2}backoffMs: 500$/m, '  backoffMs: 10'),
  );
  await fillHis();
  storeSecret(site, { name: 'his', text: password, at: new Date() });
  folder.institution('hospital', yaml(HOSPITAL, { query: 'SELECT * FROM 结算' }));
  // The server itself chokes on a cell, and says so in its own words.
  folder.institution(
    'township',
    yaml(TOWNSHIP, { query: "SELECT * FROM 结算 WHERE 姓名::date > '2000-01-01'" }),
  );
  // A host that is none, with a name in it: the driver and the operating system speak of it.
  folder.institution(
    'clinic',
    yaml(CSV_CLINIC, { query: 'SELECT * FROM 结算' }).replace(/host: [^,]*/, `host: ${NAME}`),
  );
  agency = await rudeAgency();
  const { port } = agency.address() as AddressInfo;
  folder.write(
    'site/agency.yaml',
    readFileSync('config/demo/agency.yaml', 'utf8')
      .replace('${HEYI_AGENCY_URL}', `http://127.0.0.1:${port}`)
      .replace(
        /settlementUnits:[\s\S]*/,
        `settlementUnits: [{ institution: ${HOSPITAL}, name: 县医院 }]`,
      ),
  );
  const logger = new ProcessLogger({
    role: 'all',
    level: 'trace',
    format: 'json',
    write: (line) => void logged.push(line),
  });
  app = await NestFactory.create(AppModule.forRole('all', { pool: database.pool, site }), {
    logger,
    abortOnError: false,
  });
  app.use(requestLog(app.get(MetricsService)));
  ({ url } = await serveApi(app, 0));
  await app.get(WorkerService, { strict: false }).start();
}, 120_000);

afterAll(async () => {
  await app.close();
  agency.closeAllConnections();
  agency.close();
  await his.drop();
  await database.drop();
  folder.remove();
});

describe('a month of hostile data', () => {
  it('is pulled, audited, declared, and visitors make mistakes', async () => {
    const runs = app.get(RunService, { strict: false });
    const plan = planBackfill(
      { ...app.get(SitePlan, { strict: false }).input(), monthEnd: null },
      '2024-01',
    );
    const summary = await runs.ended(await runs.start(plan, 'next'), AbortSignal.timeout(60_000));
    expect(summary.state).not.toBe('running');
    const consortium = plan.consortium;
    await app.get(AgencyService, { strict: false }).declareMonth({ consortium, month: '2024-01' });
    for (let round = 0; round < 4; round += 1) {
      await app
        .get(DispatchService, { strict: false })
        .dispatch({ consortium }, AbortSignal.timeout(20_000))
        .catch(() => undefined);
    }
    const json = { 'content-type': 'application/json' };
    const login = (username: string, secret: string) =>
      ask('/api/v1/session', {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ username, password: secret }),
      });
    await login(CERTIFICATE, NAME);
    await login('admin', TELEPHONE);
    await ask('/api/v1/session', { method: 'POST', headers: json, body: `{"username": ${NAME}` });
    await ask('/api/v1/session', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ [NAME]: 1 }),
    });
    await ask(`/api/v1/claims/${CERTIFICATE}`);
    await ask(`/api/v1/runs?state=${TELEPHONE}&after=${CERTIFICATE}`);
    await ask('/readyz');
    await ask('/metrics');
  }, 120_000);

  it('did what it was planted for', async () => {
    const { rows } = await database.pool.query(
      `SELECT (SELECT count(*) FROM quarantine)::integer AS quarantined, (SELECT count(*) FROM claim)::integer AS claims,
              (SELECT count(*) FROM outbox_message WHERE last_text IS NOT NULL)::integer AS told,
              (SELECT count(*) FROM work_item WHERE last_error IS NOT NULL)::integer AS failed`,
    );
    expect(rows[0].quarantined).toBeGreaterThan(5);
    expect(rows[0].claims).toBeGreaterThan(0);
    expect(rows[0].failed).toBeGreaterThan(0);
    expect(rows[0].told).toBeGreaterThan(0);
    expect(logged.length).toBeGreaterThan(5);
  });

  it('left nothing in the logs', () => {
    expect(hits(logged.join(''))).toEqual([]);
  });

  it('left nothing in answers and metrics', () => {
    expect(answered.filter((text) => hits(text).length > 0)).toEqual([]);
  });

  it.each([
    ['the table of work', 'SELECT w::text FROM work_item w'],
    [
      'messages of batches',
      'SELECT message || remedy AS text FROM batch WHERE message IS NOT NULL',
    ],
    ['messages of quarantine', 'SELECT message || remedy || rule AS text FROM quarantine'],
    ['the journal', 'SELECT j::text FROM journal_entry j'],
    ['stored answers', 'SELECT a::text FROM answered_request a'],
    ['failed sign-ins', 'SELECT s::text FROM sign_in_failure s'],
    ['processes', 'SELECT p::text FROM worker_process p'],
  ])('left nothing in %s', async (_, statement) => {
    const { rows } = await database.pool.query({ text: statement, rowMode: 'array' });
    expect(hits(rows.flat().join('\n'))).toEqual([]);
  });

  it('left nothing in the queue', async () => {
    const { rows: tables } = await database.pool.query(
      `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'bullmq'::regnamespace`,
    );
    let bytes = 0;
    for (const { name } of tables) {
      const { rows } = await database.pool.query({
        text: `SELECT t::text FROM ${name} t`,
        rowMode: 'array',
      });
      const text = rows.flat().join('\n');
      bytes += text.length;
      expect({ name, hits: hits(text) }).toEqual({ name, hits: [] });
    }
    expect(bytes).toBeGreaterThan(0);
  });

  it('finds what it looks for', () => {
    expect(hits(`x ${NAME} y`)).toEqual([NAME, NAME.slice(0, 3)]);
  });
});

/** Whole or with its ends cut off: half a certificate number still names a person. */
function hits(text: string): readonly string[] {
  const plain = text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return [...PLANTED, NAME.slice(0, 3), CERTIFICATE.slice(6, 14), password].filter((planted) =>
    plain.includes(planted),
  );
}

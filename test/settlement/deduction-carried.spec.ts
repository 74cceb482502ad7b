import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { BookReader } from '../../src/settlement/books.service.js';
import {
  type SettlementOutcome,
  SettlementService,
} from '../../src/settlement/settlement.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, confirmDeduction, landClaims, makeSite } from './site.js';

/** A smart-audit deduction beyond what a month owes: carried forward until it is paid, never dropped, never a payment. */

const consortium = CONSORTIUM;
const root = join(import.meta.dirname, '../..');
const GANYU = {
  'consortium.yaml': `
consortium: ${CONSORTIUM}
name: 测试县
region: ganyu
leadHospital: L
certificateKey: 0123456789abcdef
members:
  - { institution: L, name: 县医院, kind: lead-hospital, level: secondary }
  - { institution: T, name: 镇卫生院, kind: township-centre, level: primary }
`,
  'records.yaml': `
consortium: ${CONSORTIUM}
region: ganyu
documents: { sample-2025-2: { number: 样例, title: 样例, issued: 2025-01-10 } }
`,
  'overlays/ganyu.yaml': readFileSync(
    join(root, 'config/demo/regions/ganyu/overlays/ganyu-sample.yaml'),
    'utf8',
  ),
};

let database: TestDatabase;
let site: Site;
let service: SettlementService;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  site = makeSite(['overlays/sample.yaml'], GANYU);
  service = new SettlementService(pool, site, new BookReader(pool, site), new JournalService(pool));
  await landClaims(pool, [
    { claimNo: 'm1', on: '2025-03-05', institution: 'T', pooled: 20_000 },
    { claimNo: 'm2', on: '2025-04-05', institution: 'T', pooled: 10_000 },
    { claimNo: 'm3', on: '2025-05-05', institution: 'T', pooled: 60_000 },
  ]);
  await confirmDeduction(pool, { id: 'big', settledBy: 'T', month: '2025-03', fen: 50_000 });
});

afterAll(async () => {
  rmSync(site.siteDir, { recursive: true, force: true });
  await database.drop();
});

const KEYS = ['settlement', 'carried-receivable', 'net-payment', 'receivable'] as const;

function figuresOf({ result }: SettlementOutcome): (string | undefined)[] {
  const of = (key: string) =>
    result.figures.find(({ id }) => id.endsWith(`.resident.${key}`))?.amount;
  return KEYS.map(of);
}

describe('a deduction of 500.00 in a month that owes 200.00', () => {
  const close = (month: string) => service.settleMonth({ consortium, month, close: true });

  it('leaves 300.00 to the months after it', async () => {
    expect(figuresOf(await close('2025-03'))).toEqual(['-300.00', undefined, '-300.00', '300.00']);
    expect(figuresOf(await close('2025-04'))).toEqual(['100.00', '300.00', '-200.00', '200.00']);
    expect(figuresOf(await close('2025-05'))).toEqual(['600.00', '200.00', '400.00', undefined]);
  });

  it('is taken once', async () => {
    const { rows } = await database.pool.query(
      `SELECT amount_fen, posted_monthly_fen, posted_annual_fen FROM deduction WHERE deduction_id = 'big'`,
    );
    expect(rows).toEqual([
      { amount_fen: '50000', posted_monthly_fen: '50000', posted_annual_fen: '0' },
    ]);
  });
});

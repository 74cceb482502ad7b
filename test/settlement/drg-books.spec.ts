import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { PolicyGapError } from '../../src/policy/errors.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { SettlementService } from '../../src/settlement/settlement.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CONSORTIUM, landClaims, makeSite, type TestClaim } from './site.js';

/** Claims of the books grouped by CHS-DRG, valued by a site's prices, and paid by rate or by points (HN-05, HI-07). */

const stay = { careType: 'inpatient', pooled: 400_000, total: 1_000_000, on: '2025-03-20' };
const claims: readonly TestClaim[] = [
  { ...stay, claimNo: 'usual', diagnosis: 'J18.900' }, // ES35, weight 0.9
  { ...stay, claimNo: 'severe', diagnosis: 'J18.900' }, // with J96: ES31, weight 1.8
  { ...stay, claimNo: 'short', diagnosis: 'J18.900' }, // two nights: outside
  { ...stay, claimNo: 'none', diagnosis: 'Z99.900' }, // no price
  { ...stay, claimNo: 'township', diagnosis: 'J18.900', institution: 'T' },
];
const overlay = (method: string, prices = 'test-drg') => `
overlay: sample
region: methods
sample: true
documents: { sample-2025-2: { number: 样例, title: 样例, issued: 2025-01-10 } }
set:
  inpatient.method: { values: { 2025-01-01: ${method} }, clause: sample-2025-2 §1 }
  drg.prices: { values: { 2025-01-01: ${prices} }, clause: sample-2025-2 §1 }
  drg.stay_shortest: { values: { 2025-01-01: 2 }, clause: sample-2025-2 §1 }
  drg.coefficients:
    values: { 2025-01-01: [{ level: secondary, coefficient: 1.1 }, { level: primary, coefficient: 0.9 }] }
    clause: sample-2025-2 §1
`;
let database: TestDatabase;
let site: Site;
let settlement: SettlementService;

beforeAll(async () => {
  database = await createTestDatabase();
  site = siteOfMethods();
  settlement = new SettlementService(
    database.pool,
    site,
    new BookReader(database.pool, site),
    new JournalService(database.pool),
  );
  await landClaims(database.pool, claims);
  await database.pool.query(
    `UPDATE claim SET birth_date = '1950-01-01', discharged_at = '2025-03-20',
       admitted_at = CASE claim_no WHEN 'short' THEN '2025-03-18' ELSE '2025-03-10' END`,
  );
  await database.pool.query(
    `INSERT INTO claim_diagnosis SELECT consortium, settled_on, institution, claim_no, 2, 'J96.000', 'J96.000', false, batch_id, raw_row
     FROM claim WHERE claim_no = 'severe'`,
  );
});
afterAll(async () => {
  await database.drop();
  rmSync(site.siteDir, { recursive: true });
});

/** A site of the region with every method, in a configuration of its own. */
function siteOfMethods(): Site {
  const made = makeSite(['overlays/sample.yaml', 'records.yaml', 'dip/sample-dip.yaml']);
  const configDir = join(made.siteDir, 'config');
  mkdirSync(join(configDir, 'policies'), { recursive: true });
  const pack = join(import.meta.dirname, '../regions/methods.yaml');
  copyFileSync(pack, join(configDir, 'policies/methods.yaml'));
  const write = (name: string, text: string) => writeFileSync(join(made.siteDir, name), text);
  write(
    'consortium.yaml',
    `
consortium: ${CONSORTIUM}
name: 测试县
region: methods
leadHospital: L
certificateKey: 0123456789abcdef
members:
  - { institution: L, name: 县医院, kind: lead-hospital, level: secondary }
  - { institution: T, name: 镇卫生院, kind: township-centre, level: primary }
`,
  );
  write(
    'records.yaml',
    `
consortium: ${CONSORTIUM}
region: methods
documents: { sample-2025-3: { number: 样例, title: 样例, issued: 2025-01-10 } }
filings:
  - { filing: points.provisional_value, period: 2025, pool: resident, value: "50", clause: sample-2025-3 §1 }
  - { filing: points.provisional_value, period: 2025, pool: employee, value: "50", clause: sample-2025-3 §1 }
`,
  );
  mkdirSync(join(made.siteDir, 'drg'));
  write(
    'drg/test.yaml',
    `
package: test-drg
title: 样例权重表
signed: { clause: sample-2025-3 §2, sample: true }
documents: { sample-2025-3: { number: 样例, title: 样例, issued: 2025-01-10 } }
prices: prices.csv
caseDecimals: 4
`,
  );
  write(
    'drg/prices.csv',
    `code,name,weight,mean,mean_village,mean_primary,mean_secondary,mean_tertiary
ES31,肺炎伴严重并发症,1.8,12000.00,,,,
ES35,肺炎,0.9,10000.00,,2000.00,,
`,
  );
  write('overlays/sample.yaml', overlay('drg-rate'));
  return { ...made, configDir };
}

async function settled(): Promise<Readonly<Record<string, string>>> {
  const { result } = await settlement.settleMonth({
    consortium: CONSORTIUM,
    month: '2025-03',
    dryRun: true,
  });
  return Object.fromEntries(
    result.figures.map(({ id, amount }) => [id.split('.').slice(2).join('.'), amount]),
  );
}

describe('a month by DRG', () => {
  it('pays weights by rate; stays outside and cases without price at their bookings', async () => {
    const found = await settled();
    // (0.9 + 1.8) × 1.1 = 2.97; two cases of 4,000.00 at actual; the township's is high: 0.9 + 0.9 × (5 − 3)
    expect(found['resident.member.L.drg-weight']).toBe('2.97');
    expect(found['resident.member.T.drg-weight']).toBe('2.7');
    expect(found['resident.member.L.inpatient-payable']).toBe('36438.49'); // 2.97 × 9,575.25 + 8,000
    expect(found['employee.inpatient-payable']).toBe('0.00');
  });

  it('pays points at the provisional value when that is the method', async () => {
    writeFileSync(join(site.siteDir, 'overlays/sample.yaml'), overlay('drg-points'));
    const found = await settled();
    expect(found['resident.member.L.points']).toBe('297');
    expect(found['resident.member.L.inpatient-payable']).toBe('22850.00'); // 297 × 50 + 8,000
  });

  it('stores each case with its group and weight', async () => {
    const { runId } = await settlement.settleMonth({ consortium: CONSORTIUM, month: '2025-03' });
    const { rows } = await database.pool.query<{ text: string }>(
      `SELECT concat_ws(' ', case_no, group_code, coalesce(trim_scale(points)::text, '-'), review) AS text
       FROM dip_case WHERE run_id = $1 ORDER BY case_no COLLATE "C"`,
      [runId],
    );
    expect(rows.map(({ text }) => text)).toEqual([
      'none 0000 - t',
      'severe ES31 198 f',
      'short ES35 - f',
      'township ES35 270 t',
      'usual ES35 99 f',
    ]);
  });

  it('halts on prices that are not there', async () => {
    writeFileSync(join(site.siteDir, 'overlays/sample.yaml'), overlay('drg-rate', 'other'));
    const gaps = await settled().catch((error: unknown) =>
      error instanceof PolicyGapError ? error.gaps : [],
    );
    expect(gaps).toContainEqual(
      expect.objectContaining({ id: 'drg.prices', reason: expect.stringContaining('other') }),
    );
  });
});

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { packRawContent } from '../../src/claims/raw-content.client.js';
import { RawWriter } from '../../src/claims/raw-content.js';
import type { Site } from '../../src/config/site.js';
import { CopyBytes } from '../../src/database/copy-bytes.js';
import { sha256 } from '../../src/kernel/hash.js';
import { monthOf } from '../../src/kernel/period.js';

/** A small consortium on disk and in the books: lead hospital L, township centre T with its clinic C. */

export const CONSORTIUM = 'test-county';

const FILES: Readonly<Record<string, string>> = {
  'consortium.yaml': `
consortium: ${CONSORTIUM}
name: 测试县
region: sanya
leadHospital: L
certificateKey: 0123456789abcdef
members:
  - { institution: L, name: 县医院, kind: lead-hospital, level: secondary }
  - { institution: T, name: 镇卫生院, kind: township-centre, level: primary }
  - { institution: C, name: 村卫生室, kind: village-clinic, level: village, settledBy: T }
`,
  'records.yaml': `
consortium: ${CONSORTIUM}
region: sanya
documents: { sample-2024-2: { number: 样例, title: 样例, issued: 2024-03-01 } }
grades: [{ year: 2024, grade: good, clause: sample-2024-2 §1 }]
baselines:
  - { year: 2023, pool: resident, booked: 10000.00, clause: sample-2024-2 §2 }
  - { year: 2023, pool: employee, booked: 1000.00, clause: sample-2024-2 §2 }
growth:
  - { year: 2024, pool: resident, rates: [0.06, 0.04, 0.08], clause: sample-2024-2 §3 }
  - { year: 2024, pool: employee, rates: [0.02, 0.03, 0.04], clause: sample-2024-2 §3 }
otherLines:
  - { year: 2024, pool: resident, label: 儋州, amount: 100.00, clause: sample-2024-2 §4 }
`,
  'overlays/sample.yaml': `
overlay: sample
region: sanya
sample: true
documents: { sample-2024-1: { number: 样例, title: 样例, issued: 2024-01-10 } }
set:
  dip.rules: { values: { 2024-01-01: sample-dip }, clause: sample-2024-1 §1 }
  overspend.reasonable_test: { values: { 2024-01-01: all }, clause: sample-2024-1 §2 }
  overspend.base: { values: { 2024-01-01: booked-minus-payable }, clause: sample-2024-1 §2 }
  overspend.ceiling: { values: { 2024-01-01: 0.10 }, clause: sample-2024-1 §2 }
  surplus.retention:
    values: { 2024-01-01: { excellent: 1, good: 1, pass: 0.50, fail: 0 } }
    clause: sample-2024-1 §3
`,
  'dip/sample-dip.yaml': `
package: sample-dip
title: 样例规则包
signed: { clause: sample-2024-1 §1, sample: true }
documents: { sample-2024-1: { number: 样例, title: 样例, issued: 2024-01-10 } }
catalogue: catalogue.csv
caseDecimals: 4
pointValueDecimals: 4
deviation:
  - { upTo: 0.5, inclusive: true, slope: 1, constant: 0 }
  - { upTo: 2, inclusive: false, slope: 0, constant: 1 }
  - { slope: 1, constant: -1, review: true }
ungrouped: { mean: 5000.00, score: 1000, coefficient: 0.8 }
zeroScore: actual
coefficients: { byLevel: { secondary: 1, primary: 0.9 } }
`,
  'dip/catalogue.csv': `code,name,type,diagnosis,operations,cases,score,mean,lower,upper,factors
J18,肺炎,core-conservative,J18,,20,1000,5000.00,2500.00,10000.00,
Z00,零分值,core-conservative,Z00,,20,0,5000.00,,,
`,
};

/** @param without  files left out; `instead`: files of another text, or more files */
export function makeSite(
  without: readonly string[] = [],
  instead: Readonly<Record<string, string>> = {},
): Site {
  const siteDir = mkdtempSync(join(tmpdir(), 'heyi-site-'));
  for (const folder of ['overlays', 'dip']) mkdirSync(join(siteDir, folder));
  for (const [name, text] of Object.entries({ ...FILES, ...instead }))
    if (!without.includes(name)) writeFileSync(join(siteDir, name), text);
  const homeDir = join(import.meta.dirname, '../..');
  return { homeDir, configDir: join(homeDir, 'config'), siteDir, dataDir: siteDir };
}

const PERSON = '460200199001011234';

export interface TestClaim {
  readonly claimNo: string;
  readonly on: string;
  readonly institution?: 'L' | 'T' | 'C';
  readonly pool?: 'employee' | 'resident';
  readonly careType?: string;
  readonly channel?: string;
  readonly period?: string;
  readonly refundOf?: string;
  /** Fen. */
  readonly pooled: number;
  readonly critical?: number;
  readonly total?: number;
  readonly diagnosis?: string;
}

/** Puts claims into the books as one batch with its raw rows. */
export async function landClaims(pool: pg.Pool, claims: readonly TestClaim[]): Promise<void> {
  const batch = await pool.query<{ batch_id: string }>(
    `INSERT INTO batch (consortium, institution, stream, window_from, window_to, state, started_at)
     VALUES ($1, 'L', 'claims', '2024-01-01', '2025-01-01', 'empty', now()) RETURNING batch_id`,
    [CONSORTIUM],
  );
  const batchId = batch.rows[0]?.batch_id ?? '';
  const rows = claims.map((claim) => [claim.claimNo, String(claim.pooled), PERSON]);
  const writer = new RawWriter(new CopyBytes(), ['no', 'pooled', 'person']);
  for (const row of rows) writer.line(row);
  const raw = writer.content;
  await pool.query('INSERT INTO raw_blob VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    sha256(raw),
    claims.length,
    await packRawContent(raw),
  ]);
  await pool.query('INSERT INTO batch_slice VALUES ($1, 1, 0, $2, $3, $3)', [
    batchId,
    claims.length,
    sha256(raw),
  ]);
  for (const [index, claim] of claims.entries()) await landClaim(pool, claim, { batchId, index });
}

async function landClaim(
  pool: pg.Pool,
  claim: TestClaim,
  { batchId, index }: { readonly batchId: string; readonly index: number },
): Promise<void> {
  const { institution = 'L', pooled, critical = 0 } = claim;
  await pool.query('SELECT ensure_claim_partitions($1)', [monthOf(claim.on)]);
  await pool.query(
    `INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id, raw_row,
       refund_of, person_id, sex, pool, care_type, treatment_area, channel, cause, settled_at, total_fee_fen, eligible_fen,
       deductible_fen, pooled_fund_paid_fen, critical_illness_paid_fen, large_expense_paid_fen, medical_aid_paid_fen,
       fund_paid_fen, account_paid_fen, cash_paid_fen)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'x', $8, $9, $10, '${PERSON}', 'female', $11, $12, 'local', $13, 'ordinary',
       $2::date + time '08:00', $14, $14, 0, $15, $16, 0, 0, $17, 0, 0)`,
    [
      ...[
        CONSORTIUM,
        claim.on,
        institution,
        claim.claimNo,
        institution === 'C' ? 'T' : institution,
      ],
      { L: 'secondary', T: 'primary', C: 'village' }[institution],
      ...[claim.period ?? monthOf(claim.on), batchId, index, claim.refundOf ?? null],
      ...[claim.pool ?? 'resident', claim.careType ?? 'outpatient', claim.channel ?? 'direct'],
      ...[claim.total ?? pooled * 2, pooled, critical, pooled + critical],
    ],
  );
  if (claim.diagnosis === undefined) return;
  await pool.query(`INSERT INTO claim_diagnosis VALUES ($1, $2, $3, $4, 1, $5, $5, true, $6, $7)`, [
    CONSORTIUM,
    claim.on,
    institution,
    claim.claimNo,
    claim.diagnosis,
    batchId,
    index,
  ]);
}

/** A confirmed smart-audit deduction. */
export async function confirmDeduction(
  pool: pg.Pool,
  deduction: {
    readonly id: string;
    readonly settledBy: string;
    readonly month: string;
    readonly fen: number;
    readonly postedFen?: number;
  },
): Promise<void> {
  await pool.query(
    `INSERT INTO deduction (consortium, deduction_id, finding_id, rule_id, rule_title, institution, settled_by, pool, month,
       amount_fen, pooled_fund_fen, critical_illness_fen, large_expense_fen, medical_aid_fen, confirmed_at, confirmed_by, reason,
       posted_monthly_fen)
     VALUES ($1, $2, $2, 'CAT-04', '测试', $3, $3, 'resident', $4, $5, $5, 0, 0, 0, now(), '测试', '测试', $6)`,
    [
      CONSORTIUM,
      deduction.id,
      deduction.settledBy,
      deduction.month,
      deduction.fen,
      deduction.postedFen ?? 0,
    ],
  );
}

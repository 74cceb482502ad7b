import { resolve } from 'node:path';
import type pg from 'pg';
import type { AuditBook } from '../../src/audit/compile.js';
import { compileRowScreen, type RowScreen } from '../../src/audit/row-screen.js';
import { ruleSchema } from '../../src/audit/rule.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import type { CARE_TYPES, POOLS, SEXES } from '../../src/claims/claim.js';
import { FIELDS } from '../../src/ingest/fields.js';
import { openCopy } from '../../src/ingest/landing/copy.client.js';
import type { LineScreen } from '../../src/ingest/mapping/line-screen.js';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { once } from '../harness/database.js';
import { psqlPipe } from '../harness/psql.js';

/** Twenty rules that a line and its claim decide, each with what it says in SQL; about one line in six hits one. */
const RULES: readonly (readonly [params: object, sql: string])[] = [
  [{ quantity: { above: '99' } }, 'quantity > 99'],
  [{ quantity: { below: '0.5' } }, 'quantity < 0.5'],
  [{ unitPrice: { above: '650' } }, 'unit_price > 650'],
  [{ unitPrice: { below: '5' } }, 'unit_price < 5'],
  [{ lineAmount: { above: '55000' } }, 'line_amount_fen > 5500000'],
  [{ lineAmount: { below: '20' } }, 'line_amount_fen < 2000'],
  [{ eligibleAmount: { above: '50000' } }, 'line_eligible_fen > 5000000'],
  [
    { quantity: { above: '95' }, unitPrice: { above: '500' } },
    'quantity > 95 AND unit_price > 500',
  ],
  [
    { quantity: { above: '90' }, lineAmount: { below: '1000' } },
    'quantity > 90 AND line_amount_fen < 100000',
  ],
  [{ sex: ['male'], quantity: { above: '98' } }, `sex = 'male' AND quantity > 98`],
  [{ sex: ['female'], quantity: { above: '98' } }, `sex = 'female' AND quantity > 98`],
  [
    { careType: ['outpatient'], unitPrice: { above: '640' } },
    `care_type = 'outpatient' AND unit_price > 640`,
  ],
  [
    { careType: ['inpatient'], unitPrice: { above: '645' } },
    `care_type = 'inpatient' AND unit_price > 645`,
  ],
  [
    { pool: ['resident'], lineAmount: { above: '50000' } },
    `pool = 'resident' AND line_amount_fen > 5000000`,
  ],
  [
    { pool: ['employee'], lineAmount: { above: '52000' } },
    `pool = 'employee' AND line_amount_fen > 5200000`,
  ],
  [
    { ageYears: { below: '3' }, quantity: { above: '80' } },
    'extract(year FROM age(charged_on::timestamp, birth_date::timestamp)) < 3 AND quantity > 80',
  ],
  [
    { ageYears: { atLeast: '80' }, quantity: { above: '80' } },
    'extract(year FROM age(charged_on::timestamp, birth_date::timestamp)) >= 80 AND quantity > 80',
  ],
  [{ level: ['secondary'], quantity: { below: '0.75' } }, 'quantity < 0.75'],
  [{ level: ['village'], quantity: { below: '50' } }, 'false'],
  [
    { eligibleAmount: { above: '45000' }, quantity: { above: '97' } },
    'line_eligible_fen > 4500000 AND quantity > 97',
  ],
];

/** What the screen needs of the gateway's database: the month's claims, and where hits are put. */
export async function claimsOf(rowsUrl: string, url: string): Promise<void> {
  await once(
    url,
    `SELECT ensure_claim_partitions('2024-01'); CREATE TABLE hit (rule text, claim_no text, line_no text)`,
  );
  const columns = `consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id, raw_row, person_id,
    sex, birth_date, pool, care_type, treatment_area, channel, cause, settled_at, total_fee_fen, eligible_fen, deductible_fen,
    pooled_fund_paid_fen, critical_illness_paid_fen, large_expense_paid_fen, medical_aid_paid_fen, fund_paid_fen, account_paid_fen,
    cash_paid_fen`;
  const claims = `SELECT consortium, settled_on, institution, claim_no, institution, 'secondary', '2024-01', '', 1, 1, claim_no,
      (ARRAY['male', 'female'])[h % 2 + 1], date '1930-01-01' + h % 34000, (ARRAY['resident', 'employee'])[h % 3 / 2 + 1],
      (ARRAY['outpatient', 'inpatient'])[h % 5 / 4 + 1], 'local', 'direct', 'ordinary', settled_on::timestamp, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM (SELECT DISTINCT consortium, settled_on, institution, claim_no, hashtext(claim_no) & 16777215 AS h FROM canonical) each`;
  await psqlPipe({
    from: { url: rowsUrl, sql: `COPY (${claims}) TO STDOUT` },
    to: { url, sql: `COPY claim (${columns}) FROM STDIN` },
  });
}

/** Hits that SQL finds, by rule; a line that the fund does not pay is no rule's business. */
export async function expectedHits(url: string): Promise<string> {
  const counts = RULES.map(
    ([, sql], index) => `count(*) FILTER (WHERE line_eligible_fen <> 0 AND ${sql}) AS r${index}`,
  );
  const found = await once(
    url,
    `SELECT ${counts.join(', ')} FROM claim_line l JOIN claim c USING (consortium, settled_on, institution, claim_no)`,
  );
  return Object.values(found).join(' ');
}

export async function storedHits(url: string): Promise<string> {
  const counts = RULES.map((_, index) => `count(*) FILTER (WHERE rule = '${ruleId(index)}@1.0')`);
  const found = await once(
    url,
    `SELECT ${counts.map((each, at) => `${each} AS r${at}`).join(', ')} FROM hit`,
  );
  return Object.values(found).join(' ');
}

/** The rules compiled into one function, with the month's claims, storing hits with the slice. */
export async function lineScreen(pool: pg.Pool): Promise<LineScreen> {
  const knowledge = loadKnowledgeBase();
  const screen = compileRowScreen(book(), knowledge, POSITIONS);
  await addClaims(pool, screen);
  return {
    look: (texts, numbers) => screen.look(texts, numbers),
    forget: () => void screen.takeHits(),
    async keep(client) {
      const hits = screen.takeHits();
      if (hits.length === 0) return;
      const sink = openCopy(client, 'COPY hit FROM STDIN');
      const lines = hits.map(({ rule, claimNo, lineNo }) => `${rule}\t${claimNo}\t${lineNo}\n`);
      await sink.write(Buffer.from(lines.join('')));
      await sink.end();
    },
  };
}

type ClaimRow = [string, string, string, string, string, string];

async function addClaims(pool: pg.Pool, screen: RowScreen): Promise<void> {
  const { rows } = await pool.query<ClaimRow>({
    text: 'SELECT claim_no, institution, sex, care_type, pool, birth_date FROM claim',
    rowMode: 'array',
  });
  for (const [claimNo, institution, sex, careType, fund, birthDate] of rows) {
    screen.addClaim(claimNo, {
      ...{ institution, birthDate, level: 'secondary' },
      sex: sex as (typeof SEXES)[number],
      careType: careType as (typeof CARE_TYPES)[number],
      pool: fund as (typeof POOLS)[number],
    });
  }
}

const NAMES = Object.keys(FIELDS.lines);
const POSITIONS = {
  ...{ claimNo: NAMES.indexOf('claimNo'), lineNo: NAMES.indexOf('lineNo') },
  ...{ itemCode: NAMES.indexOf('itemCode'), chargedAt: NAMES.indexOf('chargedAt') },
  ...{ quantity: NAMES.indexOf('quantity'), unitPrice: NAMES.indexOf('unitPrice') },
  ...{ lineAmount: NAMES.indexOf('lineAmount'), eligibleAmount: NAMES.indexOf('eligibleAmount') },
};

function book(): AuditBook {
  const configDir = resolve(import.meta.dirname, '../../config');
  const shipped = loadAuditBook({ configDir, siteDir: null }, loadKnowledgeBase());
  return { ...shipped, rules: RULES.map(([params], index) => ruleOf(params, index)) };
}

const ruleId = (index: number): string => `LIN-${String(index + 1).padStart(2, '0')}`;

function ruleOf(params: object, index: number) {
  return ruleSchema.parse({
    ...{ id: ruleId(index), version: '1.0', title: '基准规则', titleEn: 'benchmark rule' },
    ...{ template: 'line-predicate', params, class: 'SUSP', status: 'ACTIVE' },
    ...{ effective: { from: '2021-05-01' }, basis: ['nhsa-framework-1.0'], deduction: 'LINE_FULL' },
    ...{ message: '超出界限', cases: [{}, {}] },
    explain: { means: '基准用的界限', fires: '超出界限的明细', misses: '界限以外的一概不看' },
  });
}

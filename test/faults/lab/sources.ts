import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import {
  CLINIC,
  type Claim,
  type County,
  claimsOf,
  LEAD,
  lineFen,
  type Member,
  type Person,
  settlesFor,
  sharesOf,
  TOWN,
  totalFen,
  yuanText,
} from './county.js';

/** Schema of a hospital's own system in the laboratory's source database. */
export const SCHEMAS = { [LEAD]: 'lead', [TOWN]: 'town' } as const;
export type Hospital = keyof typeof SCHEMAS;

const schemaSql = (schema: string): string => `
  CREATE SCHEMA ${schema};
  CREATE TABLE ${schema}.patient (insured_no text PRIMARY KEY, patient_name text, id_card text, gender text, birth_date date, registered_at date);
  CREATE TABLE ${schema}.settlement (
    settlement_id text PRIMARY KEY, refund_of text, insured_no text, insurance_type text, visit_type text,
    settled_at timestamp(3), admitted_at date, discharged_at date, total_fee numeric, eligible_fee numeric,
    deductible numeric, pooled_fund numeric, critical_illness numeric, fund_total numeric, account_paid numeric, cash_paid numeric);
  CREATE TABLE ${schema}.fee_line (
    settlement_id text, line_id text PRIMARY KEY, settled_at timestamp(3), charged_at timestamp(3), item_code text, item_name text,
    quantity numeric, unit_price numeric, amount numeric);
  CREATE TABLE ${schema}.diagnosis (settlement_id text PRIMARY KEY, settled_at timestamp(3), code text);`;

/** The hospitals' databases, filled from the county. */
export async function makeSources(pool: pg.Pool, county: County): Promise<void> {
  for (const member of [LEAD, TOWN] as const) {
    await pool.query(schemaSql(SCHEMAS[member]));
    await addPersons(pool, member, county.persons);
    await addClaims(pool, claimsOf(county, member));
  }
}

async function addPersons(
  pool: pg.Pool,
  member: Hospital,
  persons: readonly Person[],
): Promise<void> {
  await insert(
    pool,
    `${SCHEMAS[member]}.patient`,
    persons.map((each) => [
      each.personId,
      each.name,
      each.certificate,
      each.sex,
      each.birthDate,
      each.registeredOn,
    ]),
  );
}

export async function addClaims(pool: pg.Pool, claims: readonly Claim[]): Promise<void> {
  for (const member of [LEAD, TOWN] as const) {
    const own = claims.filter((claim) => claim.member === member);
    if (own.length === 0) continue;
    const schema = SCHEMAS[member];
    await insert(pool, `${schema}.settlement`, own.map(settlementRow));
    await insert(pool, `${schema}.fee_line`, own.flatMap(lineRows));
    await insert(
      pool,
      `${schema}.diagnosis`,
      own.map(({ claimNo, settledAt, diagnosis }) => [claimNo, settledAt, diagnosis]),
    );
  }
}

/** Takes claims out of the hospital's system, as somebody with a database tool would. */
export async function removeClaims(pool: pg.Pool, claims: readonly Claim[]): Promise<void> {
  for (const { member, claimNo } of claims) {
    if (member === CLINIC) throw new RangeError('a clinic’s file cannot be taken back');
    for (const table of ['settlement', 'fee_line', 'diagnosis']) {
      await pool.query(`DELETE FROM ${SCHEMAS[member]}.${table} WHERE settlement_id = $1`, [
        claimNo,
      ]);
    }
  }
}

function settlementRow(claim: Claim): readonly (string | null)[] {
  const { pooled, critical, fund, account, cash } = sharesOf(claim);
  const stay = claim.careType === 'inpatient' ? claim.settledAt.slice(0, 10) : null;
  return [
    claim.claimNo,
    claim.refundOf,
    claim.person.personId,
    claim.pool === 'employee' ? '310' : '390',
    { outpatient: '11', chronic: '14', inpatient: '21' }[claim.careType],
    claim.settledAt,
    stay,
    stay,
    ...[totalFen(claim), totalFen(claim), 0n, pooled, critical, fund, account, cash].map(yuanText),
  ];
}

function lineRows(claim: Claim): readonly (readonly (string | null)[])[] {
  return claim.lines.map((line) => [
    claim.claimNo,
    line.lineNo,
    claim.settledAt,
    claim.settledAt,
    line.itemCode,
    line.itemName,
    line.quantity.toString(),
    yuanText(line.priceFen),
    yuanText(lineFen(line)),
  ]);
}

async function insert(
  pool: pg.Pool,
  table: string,
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, at) => rows.map((row) => row[at] ?? null));
  const { rows: kinds } = await pool.query<{ type: string }>(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum`,
    [table],
  );
  const given = columns.map((_, at) => `$${at + 1}::text[]`).join(', ');
  const cast = columns.map((_, at) => `c${at}::${kinds[at]?.type ?? 'text'}`).join(', ');
  const names = columns.map((_, at) => `c${at}`).join(', ');
  await pool.query(
    `INSERT INTO ${table} SELECT ${cast} FROM unnest(${given}) AS r(${names})`,
    columns,
  );
}

/** Columns of a clinic's file. */
export const COLUMNS = [
  ...['结算号', '人员编号', '证件号码', '性别', '出生日期', '险种', '医疗类别', '结算时间'],
  ...['总费用', '统筹支付', '基金合计', '账户支付', '现金支付', '诊断编码'],
  ...['明细序号', '项目编码', '项目名称', '数量', '单价', '金额'],
] as const;

/** Changes a cell of a clinic's file before it is written. */
export type CellEdit = (column: string, value: string, claim: Claim) => string;
const asIs: CellEdit = (_column, value) => value;

/** A clinic's file as text: one line a fee line, and a trailer that counts them. */
export function dropText(claims: readonly Claim[], edit: CellEdit = asIs): string {
  const lines = claims.flatMap((claim) =>
    dropRows(claim).map((row) =>
      row.map((value, at) => quoted(edit(COLUMNS[at] ?? '', value, claim))).join(','),
    ),
  );
  return `${[COLUMNS.join(','), ...lines, trailerOf(claims)].join('\n')}\n`;
}

const quoted = (cell: string): string =>
  /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

export function trailerOf(claims: readonly Claim[]): string {
  const lines = claims.flatMap((claim) => claim.lines);
  const [lineSum, claimSum] = [
    lines.reduce((sum, line) => sum + lineFen(line), 0n),
    claims.reduce((sum, claim) => sum + totalFen(claim), 0n),
  ];
  const persons = new Set(claims.map(({ person }) => person.personId)).size;
  const totals = [lines.length, yuanText(lineSum), claims.length, yuanText(claimSum), persons];
  return ['#TOTAL', ...totals].join(',');
}

function dropRows(claim: Claim): readonly (readonly string[])[] {
  const { pooled, fund, account, cash } = sharesOf(claim);
  const { person } = claim;
  const head = [
    claim.claimNo,
    person.personId,
    person.certificate,
    person.sex === 'M' ? '男' : '女',
    person.birthDate,
    claim.pool === 'employee' ? '310' : '390',
    claim.careType === 'chronic' ? '14' : '11',
    claim.settledAt.slice(0, 19),
    ...[totalFen(claim), pooled, fund, account, cash].map(yuanText),
    claim.diagnosis,
  ];
  return claim.lines.map((line) => [
    ...head,
    line.lineNo,
    line.itemCode,
    line.itemName,
    line.quantity.toString(),
    yuanText(line.priceFen),
    yuanText(lineFen(line)),
  ]);
}

/** Drops a file as careful senders do: written aside, then moved into place. */
export function dropFile(folder: string, name: string, content: string | Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `.${name}.part`);
  writeFileSync(unfinished, content);
  renameSync(unfinished, join(folder, name));
}

export const dropName = (period: string): string => `settlements-${period.replaceAll('-', '')}.csv`;

/** What the agency itself has on its books, one JSON object a line. */
export function agencyBooks(claims: readonly Claim[]): string {
  return claims.map((claim, index) => JSON.stringify(bookRow(claim, index))).join('\n');
}

function bookRow(claim: Claim, index: number): Readonly<Record<string, string>> {
  const { fund, account } = sharesOf(claim);
  const unit = settlesFor(claim.member as Member);
  const time = claim.settledAt.slice(0, 19);
  return {
    setl_id: claim.claimNo,
    mdtrt_id: claim.claimNo,
    psn_no: claim.person.personId,
    fixmedins_code: unit,
    insutype: claim.pool === 'employee' ? '310' : '390',
    clr_type: { outpatient: '11', chronic: '14', inpatient: '21' }[claim.careType],
    setl_time: time,
    medfee_sumamt: yuanText(totalFen(claim)),
    fund_pay_sumamt: yuanText(fund),
    acct_pay: yuanText(account),
    refd_setl_flag: claim.refundOf === null ? '0' : '1',
    msgid: `${unit}${time.replace(/\D/g, '')}${String(index % 10_000).padStart(4, '0')}`,
  };
}

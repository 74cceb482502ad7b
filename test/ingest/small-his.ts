import type pg from 'pg';
import { HOSPITAL, optionsOf } from './site-folder.js';

/** A HIS of three tables on PostgreSQL, one row a claim, and what the gateway is told of it. */
export const HIS_TABLES = `
  CREATE TABLE settlement (no text PRIMARY KEY, refund_of text, person text, certificate text, pool text DEFAULT 'resident',
    care text DEFAULT 'outpatient', at timestamp NOT NULL, total numeric NOT NULL, fund numeric NOT NULL);
  CREATE TABLE item (no text, at timestamp NOT NULL, seq int, code text, amount numeric NOT NULL, PRIMARY KEY (no, seq));
  CREATE TABLE diagnosis (no text, at timestamp NOT NULL, seq int, code text, principal boolean, PRIMARY KEY (no, seq));`;

export function smallHisYaml(
  url: string,
  {
    institution = HOSPITAL,
    more = '',
    claims = '',
  }: {
    readonly institution?: string;
    readonly more?: string;
    readonly claims?: string;
  } = {},
): string {
  return `
institution: ${institution}
connector: postgres
options: ${optionsOf(url)}
${more}
streams:
  claims:
    query: SELECT * FROM settlement
    cursor: at
    key: [no]
    ${claims}
    map:
      claimNo: no
      refundOf: refund_of
      personId: person
      certificate: certificate
      pool: { from: pool, values: { resident: resident, employee: employee } }
      careType: { from: care, values: { outpatient: outpatient, inpatient: inpatient } }
      settledAt: at
      totalFee: total
      eligible: total
      deductible: { constant: '0' }
      pooledFundPaid: fund
      fundPaid: fund
      accountPaid: { constant: '0' }
      cashPaid: { constant: '0' }
  lines:
    query: SELECT *, CASE WHEN amount < 0 THEN -1 ELSE 1 END AS units, abs(amount) AS price FROM item
    cursor: at
    key: [no, seq]
    map:
      claimNo: no
      settledAt: at
      lineNo: seq
      chargedAt: at
      institutionItemCode: code
      itemName: code
      itemKind: { constant: service }
      quantity: units
      unitPrice: price
      lineAmount: amount
      eligibleAmount: amount
  diagnoses:
    query: SELECT * FROM diagnosis
    cursor: at
    key: [no, seq]
    map:
      claimNo: no
      settledAt: at
      sequence: seq
      code: code
      isPrincipal: { from: principal, values: { t: 'true', f: 'false', true: 'true', false: 'false' } }
`;
}

/** A claim of one line and one diagnosis. Amounts in yuan. */
export async function addClaim(
  his: pg.Pool,
  claim: {
    readonly no: string;
    readonly at: string;
    readonly total: string;
    readonly fund?: string;
    readonly person?: string;
    readonly certificate?: string | null;
    readonly refundOf?: string;
    readonly pool?: string;
    readonly care?: string;
  },
): Promise<void> {
  const { no, at, total, fund = total, person = `P-${no}`, certificate = null } = claim;
  await his.query(
    `INSERT INTO settlement (no, refund_of, person, certificate, pool, care, at, total, fund)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[no, claim.refundOf ?? null, person, certificate, claim.pool ?? 'resident'],
      ...[claim.care ?? 'outpatient', at, total, fund],
    ],
  );
  await his.query(`INSERT INTO item VALUES ($1, $2, 1, 'I1', $3)`, [no, at, total]);
  await his.query(`INSERT INTO diagnosis VALUES ($1, $2, 1, 'J06.9', true)`, [no, at]);
}

export async function removeClaim(his: pg.Pool, no: string): Promise<void> {
  for (const table of ['diagnosis', 'item', 'settlement'])
    await his.query(`DELETE FROM ${table} WHERE no = $1`, [no]);
}

export async function closeMonth(pool: pg.Pool, month: string): Promise<void> {
  await pool.query(`INSERT INTO settlement_period VALUES ('test-county', $1, now(), 1)`, [month]);
}

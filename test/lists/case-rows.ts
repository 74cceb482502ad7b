import type pg from 'pg';
import type { SheetRow } from '../../src/tables/spreadsheet.js';
import { type ClaimFacts, consortium, insertClaims } from '../agency/books.js';

/** Inpatient settlements as they lie in the books: admitted, discharged, one principal and one other diagnosis, one procedure. */
export async function insertCases(pool: pg.Pool, claims: readonly ClaimFacts[]): Promise<void> {
  await insertClaims(pool, claims);
  const numbers = claims.map(({ claimNo }) => claimNo);
  await pool.query(
    `UPDATE claim SET admitted_at = '2024-02-28T09:00:00', discharged_at = '2024-03-05T08:30:00', discharge_mode = 'ordered'
     WHERE claim_no = ANY($1) AND refund_of IS NULL`,
    [numbers],
  );
  await pool.query(
    `INSERT INTO claim_diagnosis (consortium, settled_on, institution, claim_no, sequence, code, institution_code, is_principal,
       batch_id, raw_row)
     SELECT consortium, settled_on, institution, claim_no, n, code, code, n = 1, 0, n
     FROM claim, (VALUES (1, 'I10.x00'), (2, 'E11.900')) AS d(n, code)
     WHERE claim_no = ANY($1) AND refund_of IS NULL`,
    [numbers],
  );
}

/** What the medical record has and the claim has not. */
export const HEAD_SUPPLEMENT: Readonly<Record<string, string>> = {
  ...{ ntly: 'CHN', prfs: '90', patn_rlts: '01', coner_addr: '示范县某路一号', dscg_caty: 'A03' },
  ...{ coner_tel: '0898-12345678', bill_code: 'B01', bill_no: 'N0001', biz_sn: 'S0001' },
};

/** A supplement file as a hospital writes it. */
export function sheet(header: readonly string[], ...rows: readonly (readonly string[])[]) {
  return [header, ...rows].map(
    (cells, index): SheetRow => ({
      number: index + 1,
      cells: cells.map((text) => ({ kind: text === '' ? 'blank' : 'text', text })),
    }),
  );
}

export function headSheet(claims: readonly ClaimFacts[]): readonly SheetRow[] {
  const names = Object.keys(HEAD_SUPPLEMENT);
  const rows = claims.map(({ claimNo }) => [claimNo, ...Object.values(HEAD_SUPPLEMENT)]);
  return sheet(['setl_id', ...names], ...rows);
}

export function diagnosisSheet(claims: readonly ClaimFacts[]): readonly SheetRow[] {
  const rows = claims.flatMap(({ claimNo }) => [
    [claimNo, 'I10.x00', '1'],
    [claimNo, 'E11.900', '4'],
  ]);
  return sheet(['setl_id', 'diag_code', 'adm_cond_type'], ...rows);
}

export const of = { consortium, month: '2024-03' } as const;

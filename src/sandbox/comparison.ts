import { type BookRow, toFen } from './books.js';

/** A row of the file a hospital uploads for 3202, in the order of its columns. */
export interface UploadedRow {
  readonly setl_id: string;
  readonly mdtrt_id: string;
  readonly psn_no: string;
  readonly medfee_sumamt: string;
  readonly fund_pay_sumamt: string;
  readonly acct_pay: string;
  readonly refd_setl_flag: string;
}

const UPLOAD_COLUMNS = 7;

/** Reads the TAB-separated text. @throws when a line has another number of columns. */
export function readUploadedRows(text: string): UploadedRow[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines.map((line, index) => {
    const cells = line.split('\t');
    if (cells.length !== UPLOAD_COLUMNS) {
      throw new RangeError(`line ${index + 1} has ${cells.length} columns`);
    }
    const [setl_id, mdtrt_id, psn_no, medfee_sumamt, fund_pay_sumamt, acct_pay, refd_setl_flag] =
      cells as [string, string, string, string, string, string, string];
    return {
      setl_id,
      mdtrt_id,
      psn_no,
      medfee_sumamt,
      fund_pay_sumamt,
      acct_pay,
      refd_setl_flag,
    };
  });
}

/**
 * The result file: psn_no, mdtrt_id, setl_id, msgid, stmt_rslt, refd_setl_flag, memo, medfee, fund, acct. Rows only the agency has come
 * without setl_id and mdtrt_id; rows only the hospital has come without msgid and amounts. Amounts are the agency's.
 */
export function compareRows(uploaded: readonly UploadedRow[], books: readonly BookRow[]): string {
  const own = new Map<string, BookRow[]>();
  for (const row of books) own.set(keyOf(row), [...(own.get(keyOf(row)) ?? []), row]);
  const lines: string[] = [];
  for (const row of uploaded) {
    const match = own.get(keyOf(row))?.shift();
    lines.push(match === undefined ? hospitalOnly(row) : bothSides(row, match));
  }
  for (const rest of own.values()) lines.push(...rest.map(agencyOnly));
  return lines.map((line) => `${line}\n`).join('');
}

function keyOf(row: { readonly setl_id: string; readonly refd_setl_flag: string }): string {
  return `${row.setl_id} ${row.refd_setl_flag}`;
}

function hospitalOnly({ psn_no, mdtrt_id, setl_id, refd_setl_flag }: UploadedRow): string {
  const memo = '医保中心无此结算';
  return written([psn_no, mdtrt_id, setl_id, null, '1', refd_setl_flag, memo, null, null, null]);
}

function agencyOnly({ psn_no, msgid, refd_setl_flag, ...row }: BookRow): string {
  const amounts = [row.medfee_sumamt, row.fund_pay_sumamt, row.acct_pay];
  return written([psn_no, null, null, msgid, '1', refd_setl_flag, '医药机构无此结算', ...amounts]);
}

function bothSides(uploaded: UploadedRow, { psn_no, msgid, ...row }: BookRow): string {
  const same =
    toFen(uploaded.medfee_sumamt) === toFen(row.medfee_sumamt) &&
    toFen(uploaded.fund_pay_sumamt) === toFen(row.fund_pay_sumamt) &&
    toFen(uploaded.acct_pay) === toFen(row.acct_pay);
  return written([
    psn_no,
    uploaded.mdtrt_id,
    row.setl_id,
    msgid,
    same ? '0' : '1',
    row.refd_setl_flag,
    same ? null : '金额不一致',
    row.medfee_sumamt,
    row.fund_pay_sumamt,
    row.acct_pay,
  ]);
}

/** In text files a null is the word `null`. */
function written(cells: readonly (string | null)[]): string {
  return cells.map((cell) => cell ?? 'null').join('\t');
}

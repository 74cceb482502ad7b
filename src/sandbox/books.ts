/**
 * The stand-in agency's own books: what it believes was settled. It shares nothing with the gateway but the wire, so it has its own
 * small money arithmetic (integer fen).
 */
export interface BookRow {
  readonly setl_id: string;
  readonly mdtrt_id: string;
  readonly psn_no: string;
  readonly fixmedins_code: string;
  readonly insutype: string;
  readonly clr_type: string;
  /** `yyyy-MM-dd HH:mm:ss`, the agency's settlement time. */
  readonly setl_time: string;
  readonly medfee_sumamt: string;
  readonly fund_pay_sumamt: string;
  readonly acct_pay: string;
  /** `1` = a refund's negative row. */
  readonly refd_setl_flag: string;
  readonly msgid: string;
}

export interface BookQuery {
  readonly fixmedins_code: string;
  readonly clr_type: string;
  /** Absent: both insurance types, as 3202 asks. */
  readonly insutype?: string;
  readonly begndate: string;
  readonly enddate: string;
}

export interface BookTotals {
  readonly count: number;
  readonly medfee: bigint;
  readonly fund: bigint;
  readonly acct: bigint;
}

/** Yuan text to fen. @throws when it is not yuan with at most two decimals. */
export function toFen(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text);
  if (match === null) throw new RangeError(`not an amount: ${text.slice(0, 40)}`);
  const amount = BigInt(match[2] ?? '0') * 100n + BigInt((match[3] ?? '').padEnd(2, '0'));
  return match[1] === '-' ? -amount : amount;
}

export class Books {
  private readonly byInstitution = new Map<string, BookRow[]>();
  private readonly bySettlement = new Map<string, BookRow>();

  constructor(rows: Iterable<BookRow>) {
    for (const row of rows) {
      const list = this.byInstitution.get(row.fixmedins_code);
      if (list === undefined) this.byInstitution.set(row.fixmedins_code, [row]);
      else list.push(row);
      if (row.refd_setl_flag !== '1') {
        this.bySettlement.set(`${row.fixmedins_code} ${row.setl_id}`, row);
      }
    }
  }

  /** One settlement, its refund apart. */
  settlement(institution: string, setlId: string): BookRow | null {
    return this.bySettlement.get(`${institution} ${setlId}`) ?? null;
  }

  rows(query: BookQuery): readonly BookRow[] {
    return (this.byInstitution.get(query.fixmedins_code) ?? []).filter(
      (row) =>
        row.clr_type === query.clr_type &&
        (query.insutype === undefined || row.insutype === query.insutype) &&
        row.setl_time.slice(0, 10) >= query.begndate &&
        row.setl_time.slice(0, 10) <= query.enddate,
    );
  }
}

export function totalsOf(rows: readonly BookRow[]): BookTotals {
  let [medfee, fund, acct] = [0n, 0n, 0n];
  for (const row of rows) {
    medfee += toFen(row.medfee_sumamt);
    fund += toFen(row.fund_pay_sumamt);
    acct += toFen(row.acct_pay);
  }
  return { count: rows.length, medfee, fund, acct };
}

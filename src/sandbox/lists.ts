import type { BookRow } from './books.js';

/** A settlement list as the agency keeps it: whose, and how far it has come. */
export interface KeptList {
  readonly psn_no: string;
  readonly setl_id: string;
  readonly setl_list_id: string;
  /** `0` = sent, `1` = submitted. */
  readonly stas_type: string;
}

/** Remembers every change of a list, wherever the caller keeps it. */
interface ListBook {
  keepList(list: KeptList): void;
}

type Row = Readonly<Record<string, unknown>>;

/** Fields without which the agency takes no list (4101A), by node; a node may have no row at all unless it is `setlinfo`. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  setlinfo: [
    ...['psn_no', 'mdtrt_id', 'setl_id', 'ntly', 'prfs', 'patn_rlts', 'coner_addr', 'coner_tel'],
    ...['dscg_caty', 'bill_code', 'bill_no', 'biz_sn', 'setl_begn_date', 'setl_end_date'],
    ...['medins_fill_dept', 'medins_fill_psn'],
  ],
  diseinfo: ['diag_type', 'diag_code', 'diag_name', 'adm_cond_type', 'maindiag_flag'],
  oprninfo: ['oprn_oprt_type', 'oprn_oprt_name', 'oprn_oprt_code', 'oper_dr_code'],
  opspdiseinfo: ['diag_name', 'diag_code'],
  icuinfo: [
    ...['scs_cutd_ward_type', 'scs_cutd_inpool_time', 'scs_cutd_exit_time', 'scs_cutd_sum_dura'],
  ],
};

/** The agency's settlement lists. A list may be sent again until it is submitted, and is submitted once. */
export class Lists {
  private readonly lists = new Map<string, KeptList>();

  constructor(
    kept: Iterable<KeptList>,
    private readonly book: ListBook,
  ) {
    for (const list of kept) this.lists.set(keyOf(list), list);
  }

  /**
   * 4101A: takes a list, or its newer content.
   *
   * @param settlement  the agency's own row of the settlement, if it has one
   * @returns the list's number, or what is wrong with it
   */
  take(
    input: Readonly<Record<string, unknown>>,
    settlement: BookRow | null,
  ): { readonly listId: string } | string {
    const [head] = rowsOf(input['setlinfo']);
    if (head === undefined) return '缺少 setlinfo';
    const missing = Object.entries(REQUIRED).flatMap(([node, names]) =>
      rowsOf(input[node]).flatMap((row) => names.filter((name) => textOf(row[name]) === '')),
    );
    if (missing.length > 0) return `必填项为空：${[...new Set(missing)].join('、')}`;
    const own = { psn_no: textOf(head['psn_no']), setl_id: textOf(head['setl_id']) };
    if (settlement === null || settlement.psn_no !== own.psn_no) return '查无此结算';
    const principal = rowsOf(input['diseinfo']).filter((row) => row['maindiag_flag'] === '1');
    if (principal.length !== 1) return '主诊断应有且仅有一个';
    const before = this.lists.get(keyOf(own));
    if (before !== undefined && before.stas_type !== '0') return '清单已提交，不得再次上传';
    const setl_list_id = before?.setl_list_id ?? `L${own.setl_id}`.slice(0, 30);
    if (before === undefined) this.keep({ ...own, setl_list_id, stas_type: '0' });
    return { listId: setl_list_id };
  }

  /** 4102: all of the message or none of it. Null = done, else what is wrong. */
  mark(rows: readonly Row[]): string | null {
    const found: KeptList[] = [];
    for (const row of rows) {
      const key = keyOf({ psn_no: textOf(row['psn_no']), setl_id: textOf(row['setl_id']) });
      const list = this.lists.get(key);
      if (list === undefined) return '清单不存在';
      if (textOf(row['stas_type']) !== '1') return '状态不可由医药机构修改';
      if (list.stas_type !== '0') return '清单已提交，重复提交';
      found.push(list);
    }
    if (found.length === 0) return '缺少 stastinfo';
    for (const list of found) this.keep({ ...list, stas_type: '1' });
    return null;
  }

  has(settlement: Pick<BookRow, 'psn_no' | 'setl_id'>): boolean {
    return this.lists.has(keyOf(settlement));
  }

  private keep(list: KeptList): void {
    this.lists.set(keyOf(list), list);
    this.book.keepList(list);
  }
}

/** Rows of a node, whether it was sent as one object or a list of them. */
export function rowsOf(node: unknown): readonly Row[] {
  const rows: readonly unknown[] = Array.isArray(node) ? node : [node];
  return rows.filter((row): row is Row => typeof row === 'object' && row !== null);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function keyOf({ psn_no, setl_id }: Pick<KeptList, 'psn_no' | 'setl_id'>): string {
  return `${psn_no} ${setl_id}`;
}

/**
 * Field names of the national agency interface (医保信息平台接口规范) that this folder sends or reads. No other folder knows them.
 * A name that is not in this list does not type-check in a transaction.
 */
export const NATIONAL_NAMES = [
  'acct_pay',
  'cash_payamt',
  'clr_type',
  'dspo_way',
  'dspo_way_rea',
  'file_qury_no',
  'filename',
  'fixmedins_code',
  'fixmedins_name',
  'fixmedins_refd_setl_flag',
  'fixmedins_setl_cnt',
  'fund_pay_sumamt',
  'in',
  'insutype',
  'ip',
  'mac',
  'medfee_sumamt',
  'medtype_list',
  'opter_no',
  'psn_no',
  'refd_setl_flag',
  'refdset_flag',
  'setl_id',
  'setl_optins',
  'sign_no',
  'sign_time',
  'stas_type',
  'stastinfo',
  'stmt_begndate',
  'stmt_enddate',
  'stmt_rslt',
  'stmt_rslt_dscr',
  'stt_begntime',
  'stt_endtime',
  'stt_flag',
  'warn_rslt_id',
  'warn_type',
  'warns',
] as const;
export type NationalName = (typeof NATIONAL_NAMES)[number];

/** One node of an input: its fields as text, as the interface's clients send them. */
export type NationalFields = Readonly<Partial<Record<NationalName, string>>>;

declare const fromTable: unique symbol;
/** A node whose field names come from a field table (`config/agency/lists`), not from this program. */
export type TableFields = Readonly<Record<string, string>> & { readonly [fromTable]: true };

export function tableFields(fields: Readonly<Record<string, string>>): TableFields {
  return fields as TableFields;
}

type Node = NationalFields | TableFields;

/** A node that holds rows of another, beside fields of its own: `data.stastinfo[]`. */
type Wrapped = Readonly<Partial<Record<NationalName, string | readonly Node[]>>>;

/** The `input` of an envelope: node name → fields, or rows of fields. */
export type NationalInput = Readonly<Record<string, Node | readonly Node[] | Wrapped>>;

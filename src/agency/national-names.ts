/**
 * Field names of the national agency interface (医保信息平台接口规范) that this folder sends or reads. No other folder knows them.
 * A name that is not in this list does not type-check in a transaction.
 */
export const NATIONAL_NAMES = [
  'acct_pay',
  'cash_payamt',
  'clr_type',
  'file_qury_no',
  'filename',
  'fixmedins_code',
  'fixmedins_refd_setl_flag',
  'fixmedins_setl_cnt',
  'fund_pay_sumamt',
  'in',
  'insutype',
  'ip',
  'mac',
  'medfee_sumamt',
  'opter_no',
  'refd_setl_flag',
  'setl_optins',
  'sign_no',
  'sign_time',
  'stmt_begndate',
  'stmt_enddate',
  'stmt_rslt',
  'stmt_rslt_dscr',
] as const;
export type NationalName = (typeof NATIONAL_NAMES)[number];

/** One node of an input: its fields as text, as the interface's clients send them. */
export type NationalFields = Readonly<Partial<Record<NationalName, string>>>;

/** The `input` of an envelope: node name → fields. */
export type NationalInput = Readonly<Record<string, NationalFields>>;

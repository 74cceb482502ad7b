/** Why a row cannot land: rule → what it means and what to do. Messages name fields and columns, never a person. */
export const FAULTS = {
  'unreadable-row': ['decode', '该行无法读取', '请让来源单位按约定的编码和格式重新提供该行。'],
  required: ['map', '必填项为空', '请在来源系统补全后重新读取该时间窗。'],
  'bad-character': ['map', '含有控制字符，或乱码留下的替换符', '请在来源系统改正后重新读取。'],
  'too-long': ['map', '文本超过长度上限', '请在来源系统改正，或检查列映射是否错位。'],
  'unknown-value': ['map', '取值不在对照表中', '请在该机构配置的 values 中补上此值，再重新读取。'],
  'not-a-number': ['map', '不是数字', '请在来源系统改正后重新读取。'],
  'not-yuan': ['map', '金额不是整分', '请核对来源金额；双精度列应配置 as: yuan-from-double。'],
  'too-precise': ['map', '小数位超出约定', '请核对来源数量或单价的精度。'],
  'out-of-range': ['map', '数值超出允许范围', '请核对来源数值与单位（元、分）。'],
  'no-such-date': ['map', '日期不存在或格式不符', '请在来源系统改正日期，或核对配置的 format。'],
  'negative-without-refund': [
    'validate',
    '金额为负但没有原结算号',
    '退费须以新的负记录报送并写明原结算号；请来源单位改正后重报。',
  ],
  'positive-refund': ['validate', '退费记录的金额为正', '请核对冲销状态与金额符号。'],
  'sign-mismatch': ['validate', '数量与金额符号不一致', '请核对退费明细的数量与金额。'],
  'quantity-price-amount': [
    'validate',
    '数量 × 单价 与金额相差超过 0.01 元',
    '请在来源系统核对该明细的数量、单价与金额。',
  ],
  'discharged-before-admitted': [
    'validate',
    '出院早于入院',
    '请在来源系统核对入院、出院日期，改正后重新读取。',
  ],
  'settled-after-window': ['validate', '结算时间晚于取数窗口', '请核对来源系统时钟与结算时间。'],
  expect: ['expect', '不满足本机构配置的检查', '请在来源系统核对该记录，或修订 expect。'],
  'unknown-person': ['person', '没有参保号，也没有证件号', '请在来源系统补全参保号。'],
  'person-conflict': [
    'person',
    '参保号与证件号与已登记的不一致',
    '请核对参保身份：heyi quarantine list；改正来源后重新读取。',
  ],
  'claimed-elsewhere': [
    'merge',
    '另一成员单位已有同号、同人、同时、同额的结算',
    '请两家核对该结算属于哪一家；由多报的一家删除后重新读取，或按重复作废隔离记录。',
  ],
  'period-closed': [
    'merge',
    '所属结算已关账，且来源已撤销该结算，其明细无处可挂',
    '请在来源系统核对该结算是否已删除；恢复或一并删除后重新读取。',
  ],
} as const satisfies Record<string, readonly [stage: string, message: string, remedy: string]>;

export type FaultRule = keyof typeof FAULTS;

/** One reason why one row did not land. */
export interface Fault {
  readonly rule: FaultRule;
  /** Canonical field, or null when it concerns the row. */
  readonly field: string | null;
  /** Safe detail: a column name, a date or an amount as written; never an identifier of a person. */
  readonly detail: string;
}

export function faultMessage({ rule, field, detail }: Fault): string {
  const [, message] = FAULTS[rule];
  const subject = field === null ? '' : `${field}：`;
  return `${subject}${message}${detail === '' ? '' : `（${detail}）`}`;
}

/** What a date, an amount or a short code may be written with; a certificate or telephone number is longer. */
const HARMLESS = /^(?!.*\d{11})[\d\s.,:/+\-eE%￥¥年月日时分秒元]{1,24}$/u;

/**
 * A value from outside as a message may name it. A cell may hold anything, also a name where a code belongs, so only what looks like a
 * number or a date is quoted; of the rest its length is told, and the row itself can be looked at by those who may.
 */
export function shown(text: string): string {
  return HARMLESS.test(text) ? text : `${[...text].length} 个字符，内容见原始行`;
}

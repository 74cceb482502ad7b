import type { SetId } from '../knowledge/knowledge.js';
import type { NotApplicableReason } from './not-applicable.js';
import type { RegisterName } from './registers.js';
import type { DeductionBasis, Rule, RuleClass } from './rule.js';

/** What people read in the place of the program's own words. */

export const CLASS_WORDS: Readonly<Record<RuleClass, string>> = {
  HARD: '明确违规',
  SUSP: '疑似违规',
  CLUE: '线索',
  REMIND: '提醒',
  RETURN: '退回更正',
};

/** What a class means for the person who gets the finding. */
export const CLASS_MEANING: Readonly<Record<RuleClass, string>> = {
  HARD: '可批量确认，确认后扣款',
  SUSP: '先听取医疗机构意见，由人判断后才可能扣款',
  CLUE: '只供核查，不涉及扣款',
  REMIND: '提醒医疗机构，不涉及扣款',
  RETURN: '数据退回更正，不涉及扣款',
};

export const STATUS_WORDS: Readonly<Record<Rule['status'], string>> = {
  DRAFT: '起草',
  REVIEW: '会审',
  SHADOW: '试运行（只有规则管理人看得到，不涉及金额）',
  ACTIVE: '启用',
  SUSPENDED: '停用',
  RETIRED: '废止',
};

export const BASIS_WORDS: Readonly<Record<DeductionBasis, string>> = {
  LINE_FULL: '违规明细由基金支付的全部金额',
  QTY_EXCESS: '超出数量对应的基金支付金额，最后支付的先扣',
  PRICE_EXCESS: '高于限价部分对应的基金支付金额',
  PAIR_SECONDARY: '被包含项目由基金支付的金额',
  DISCOUNT_DIFF: '应折未折的差额中由基金支付的部分',
  DAYS_EXCESS: '本次住院基金支付金额按天数折算的部分',
  CASE_FULL: '本次结算由基金支付的全部金额',
  GROUP_DIFF: '申报病组与正确病组支付标准的差额中由基金支付的部分',
  CAP_EXCESS: '基金支付超过限额的部分',
  MERGED_STAY: '两次住院支付标准之和超过合并为一次的部分；分组或标准不明的由合议确定',
  NONE: '不扣款',
};

export const REGISTER_WORDS: Readonly<Record<RegisterName, string>> = {
  coverage: '参保期间',
  deaths: '死亡登记',
  'doctor-rights': '医师医保支付资格',
  'chronic-approvals': '门诊慢特病认定',
  orders: '医嘱',
};

type PlainReason = Exclude<
  NotApplicableReason,
  `no-register:${RegisterName}` | `no-table:${string}` | `no-knowledge:${SetId}`
>;

const REASONS: Readonly<Record<PlainReason, string>> = {
  'missing-hour': '来源没有收费时刻',
  'missing-birth-date': '没有出生日期',
  'unknown-sex': '性别登记为未知',
  'missing-principal-diagnosis': '没有主诊断',
  'missing-stay-dates': '没有入院或出院日期',
  'missing-lines': '没有上传明细',
  'charged-in-lumps': '一条明细包含多日的数量',
  'unmapped-items': '有项目没有对码',
  'missing-days-supply': '没有开药天数',
  'missing-orders': '没有医嘱',
  'missing-prescription': '没有处方号',
  'missing-diagnoses': '没有诊断编码',
  'no-tree': '限定文字还没有写成可执行的判断树',
  'needs-records': '诊断相符，其余条件要看病历',
  'family-not-listed': '本地目录没有这一类编码',
  'disease-not-listed': '认定的病种没有用药目录',
  'missing-department': '没有科室',
  'first-line-not-listed': '一线用药表没有这种药',
  'not-in-register': '登记里没有这位参保人',
  'missing-doctor': '明细没有医师编码',
  'missing-trace-code': '药品没有追溯码',
  'doctor-not-listed': '处方权表没有这位医师',
  'no-grouper': '分组器未设定（audit.yaml 的 grouping）',
  'not-grouped': '病例分不进组',
  'group-not-reproduced': '按结算编码分组与经办机构给出的病组不一致',
  'no-group-standard': '没有该病组的支付标准或例均费用',
  'unknown-fee-class': '明细没有收费类别，编码也看不出',
  'ratio-unspecified': '当地折价比例未写明（audit.yaml 的 incision）',
};

/** What the site can do about a reason: it decides how the coverage report groups them. */
export type ReasonKind = 'register' | 'table' | 'knowledge' | 'setting' | 'data';

export const REASON_KINDS: Readonly<Record<ReasonKind, string>> = {
  register: '登记未导入',
  table: '本地表未填',
  knowledge: '知识库没有',
  setting: '本地设置未定',
  data: '来源数据缺项',
};

const SETTINGS: ReadonlySet<string> = new Set<PlainReason>(['ratio-unspecified', 'no-grouper']);
const PREFIXES = [
  ['no-register:', 'register'],
  ['no-table:', 'table'],
  ['no-knowledge:', 'knowledge'],
] as const;

/** @param tableTitles  name of a local table → its Chinese title */
export function reasonWords(
  reason: string,
  tableTitles: ReadonlyMap<string, string>,
): { readonly kind: ReasonKind; readonly words: string } {
  for (const [prefix, kind] of PREFIXES) {
    if (!reason.startsWith(prefix)) continue;
    const name = reason.slice(prefix.length);
    return { kind, words: `${REASON_KINDS[kind]}：${namedThing(kind, name, tableTitles)}` };
  }
  const words = (REASONS as Readonly<Record<string, string>>)[reason] ?? reason;
  return { kind: SETTINGS.has(reason) ? 'setting' : 'data', words };
}

function namedThing(
  kind: 'register' | 'table' | 'knowledge',
  name: string,
  tableTitles: ReadonlyMap<string, string>,
): string {
  if (kind === 'table') return `${tableTitles.get(name) ?? name}（${name}.csv）`;
  if (kind === 'knowledge') return name;
  return `${(REGISTER_WORDS as Readonly<Record<string, string>>)[name] ?? name}（${name}）`;
}

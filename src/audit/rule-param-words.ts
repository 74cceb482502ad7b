import type { CareType, InstitutionLevel } from '../claims/claim.js';

/** Parameters of rules as people read them. */

export const CARE_WORDS: Readonly<Record<CareType, string>> = {
  outpatient: '普通门诊',
  chronic: '门诊慢特病',
  'two-disease': '门诊“两病”',
  emergency: '急诊',
  inpatient: '住院',
  'family-planning': '计划生育手术',
  pharmacy: '定点药店购药',
  'bed-day': '按床日付费的住院',
  'family-doctor': '家庭医生签约',
  'home-bed': '家庭病床',
  maternity: '生育医疗',
};

export const LEVEL_WORDS: Readonly<Record<InstitutionLevel, string>> = {
  village: '村卫生室',
  primary: '一级及以下',
  secondary: '二级',
  tertiary: '三级',
};

/** Parameter → what it is, with its unit. */
const PARAMS: Readonly<Record<string, string>> = {
  attribute: '比较的属性',
  set: '知识集',
  between: '比较范围',
  window: '窗口',
  unit: '单位',
  groupBy: '合计范围',
  newbornDays: '新生儿天数',
  infantMaxYears: '婴幼儿最大周岁',
  childMaxYears: '儿童最大周岁',
  workingMinYears: '劳动年龄最小周岁',
  workingMaxYears: '劳动年龄最大周岁',
  maternityCareTypes: '可用生育药品的就医类别',
  maxGapDays: '疗程内最长间隔（天）',
  sameDiagnosisChars: '主诊断相同的前几位',
  coreDays: '重点天数',
  watchDays: '关注天数',
  toleranceHours: '容许小时数',
  windowHours: '小时窗口（小时）',
  actualHours: '出入院当日按实际在院小时',
  checks: '检查项',
  productToleranceFen: '数量×单价容差（分）',
  groups: '项目组',
  extraDays: '允许多出的天数',
  oneLevelPerDay: '同日只留最高一级',
  table: '本地表',
  byUnits: '以主项目的次数为限',
  careTypes: '就医类别',
  levels: '机构级别',
  sameDay: '同日次数',
  perMonth: '每月次数',
  mode: '比较方式',
  overlapDays: '重叠天数',
  toleranceDays: '允许余量（天）',
  chronicToleranceDays: '慢特病允许余量（天）',
  chronicCareTypes: '按慢特病的就医类别',
  minExcess: '至少多出',
  lossPercent: '允许损耗（%）',
};

/** Words that stand for themselves in parameters. */
const VALUES: Readonly<Record<string, string>> = {
  true: '是',
  false: '否',
  sex: '性别',
  age: '年龄',
  'insurance-type': '险种',
  'care-setting': '就医方式',
  'institution-level': '机构级别',
  day: '自然日',
  rolling: '滚动天数',
  course: '疗程',
  time: '次',
  hour: '小时',
  institution: '成员单位',
  person: '参保人',
  'same-member': '同一成员单位',
  'different-members': '不同成员单位',
  'line-product': '数量×单价与金额',
  'line-sum': '明细合计与总额',
  'fund-sum': '各项基金与基金总额',
  'payer-sum': '各方支付与总额',
  'date-order': '日期先后',
  bed: '床位',
  'newborn-bed': '新生儿床位',
  nursing: '分级护理',
  consultation: '住院诊查',
  duplicate: '重复开药',
  refill: '提前配药',
  ...CARE_WORDS,
};

/** Named sets keep their names: one looks them up by it. */
const NAMES: ReadonlySet<string> = new Set(['set', 'itemsOfSet', 'items']);

/** `重点天数 7`; a parameter without a word of its own shows the name it has in the rule's file. */
export function paramWords(name: string, value: unknown): string {
  return `${PARAMS[name] ?? name} ${NAMES.has(name) ? plainText(value) : valueText(value)}`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join('、');
  if (typeof value === 'object' && value !== null)
    return `（${Object.entries(value)
      .map(([name, each]) => paramWords(name, each))
      .join('，')}）`;
  return VALUES[String(value)] ?? String(value);
}

function plainText(value: unknown): string {
  return Array.isArray(value) ? value.map(String).join('、') : String(value);
}

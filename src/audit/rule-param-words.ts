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
  scope: '知识点范围',
  lookbackDays: '回看天数',
  materials: '看耗材',
  about: '核对的内容',
  graceDays: '宽限天数',
  tolerancePercent: '容差（%）',
  preAdmissionDays: '入院前容许天数',
  postDischargeDays: '出院后容许天数',
  postingLagHours: '入账容许延迟（小时）',
  minDiffPct: '差额至少占（%）',
  operationClasses: '手术收费类别',
  notOperations: '不要求手术收费的操作编码开头',
  above: '高于',
  below: '低于',
  where: '时间范围',
  daysBefore: '入院前天数',
  daysAfter: '出院后天数',
  feeClasses: '收费类别',
  gapDays: '相隔天数',
  injuries: '外伤诊断开头',
  liableCauses: '有责任人的外因开头',
  causes: '外因编码开头',
  windows: '窗口',
  stays: '住院次数',
  days: '天数',
  exceptDiagnoses: '除外诊断开头',
  idleDays: '连续天数',
  automatic: '自动计费的类别',
  least: '至少符合条数',
  maxDays: '最多天数',
  noOperation: '没有手术',
  belowMean: '低于例均费用的倍数',
  tests: '检查检验占比',
  care: '治疗用药占比',
  classes: '收费类别',
  atLeast: '不低于',
  atMost: '不高于',
  kind: '种类',
  timesMean: '例均住院日的倍数',
  hours: '小时数',
  maxDrugs: '最多药品种数',
  drugPercent: '药品加价上限（%）',
  piecePercent: '中药饮片加价上限（%）',
  materialPercent: '耗材加价上限（%）',
  emergencyDays: '紧急情况可越级的天数',
  notItems: '不算手术的项目编码开头',
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
  around: '住院前后',
  within: '住院期间',
  long: '超长',
  short: '过短',
  never: '单复方均不予支付',
  coverage: '是否在目录内',
  validity: '编码是否有效',
  examination: '检查',
  laboratory: '化验',
  treatment: '治疗',
  operation: '手术',
  material: '卫生材料',
  'general-visit': '一般诊疗',
  registration: '挂号',
  'western-drug': '西药',
  'tcm-piece': '中药饮片',
  'tcm-drug': '中成药',
  ...LEVEL_WORDS,
  ...CARE_WORDS,
};

/** Named sets keep their names: one looks them up by it. */
const NAMES: ReadonlySet<string> = new Set(['set', 'itemsOfSet', 'items']);

/** `重点天数 7`; a parameter without a word of its own shows the name it has in the rule's file. */
export function paramWords(name: string, value: unknown): string {
  return `${PARAMS[name] ?? VALUES[name] ?? name} ${NAMES.has(name) ? plainText(value) : valueText(value)}`;
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

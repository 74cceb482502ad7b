import { z } from 'zod';
import { Decimal } from '../kernel/decimal.js';

/**
 * Indicators of assessment and supervision (考核、监督指标): each a quotient of measures taken from the books or filed by people, or
 * the change of another indicator over the year before. The catalogue is `config/assessment/indicators.yaml`; a region's pack names
 * the ones its text asks for.
 */

const key = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, '应为小写英文短词，以连字符连接');

/** What the books are asked for, by pool and settlement unit; money in fen. */
export const MEASURES = [
  'fee', // total medical cost
  'fee-inpatient',
  'fee-outpatient',
  'fee-primary', // at township level and below
  'fee-outside-scope', // outside the scope of basic insurance
  'fund', // all funds paid
  'fund-primary',
  'cash',
  'account',
  'visits',
  'visits-primary',
  'admissions',
  'admissions-primary',
  'admissions-with-outpatient', // stays during which the same person settled as an outpatient
  'bed-days',
  'short-stays', // discharged on the day of admission or the next
  'readmissions', // admitted again within fifteen days of a discharge
  'transfers',
  'against-advice',
  'line-fee',
  'drug-fee',
  'material-fee',
  'tcm-fee', // decoction pieces
  'cases', // of the current settlement run
  'cases-ungrouped',
  'case-groups', // different groups
  'deductions', // confirmed
  'out-of-area-increase', // what the share of care outside the area grew by over last year, exported by STA-06
] as const;
export type Measure = (typeof MEASURES)[number];

/** Filings that stand for a measure the books do not hold; a region declares them under `filings`. */
export const FILED_MEASURES = {
  'filed-insured-fund': 'indicators.insured_fund',
  'filed-county-fee': 'indicators.county_fee',
  'filed-insured-visits': 'indicators.insured_visits',
  'filed-out-of-area-fee': 'indicators.out_of_area_fee',
  'filed-out-of-area-fund': 'indicators.out_of_area_fund',
  'filed-insured-fee': 'indicators.insured_fee',
  'filed-fund-income': 'indicators.fund_income',
  'filed-satisfaction': 'indicators.satisfaction',
  'filed-management-score': 'indicators.management_score',
} as const;
export type FiledMeasure = keyof typeof FILED_MEASURES;

/** Filed figures that are no amounts. */
const FILED_NUMBERS: readonly Term[] = [
  'filed-insured-visits',
  'filed-satisfaction',
  'filed-management-score',
];

const term = z.enum([...MEASURES, ...(Object.keys(FILED_MEASURES) as FiledMeasure[])]);
export type Term = z.output<typeof term>;

export const indicatorSchema = z
  .strictObject({
    label: z.string().min(1).max(60),
    unit: z.enum(['ratio', 'yuan', 'days', 'count']).default('ratio'),
    numerator: z.array(term).min(1).optional(),
    /** Absent: the numerator stands for itself. */
    denominator: z.array(term).min(1).optional(),
    /** The indicator whose change over the year before this is. */
    growthOf: key.optional(),
    direction: z.enum(['higher', 'lower', 'stable']),
    /** Why the figure alone proves nothing. */
    proxy: z.string().max(200).optional(),
  })
  .refine(({ numerator, growthOf }) => (numerator === undefined) !== (growthOf === undefined), {
    message: '写 numerator（比值）或 growthOf（变化）之一',
  });
export type Indicator = z.output<typeof indicatorSchema>;

export const indicatorsSchema = z
  .strictObject({ indicators: z.record(key, indicatorSchema) })
  .superRefine(({ indicators }, context) => {
    for (const [id, { growthOf }] of Object.entries(indicators)) {
      const base = growthOf === undefined ? undefined : indicators[growthOf];
      if (growthOf !== undefined && base?.numerator === undefined)
        context.addIssue({
          code: 'custom',
          path: ['indicators', id, 'growthOf'],
          message: `没有比值指标 ${growthOf}`,
        });
    }
  });
export type Indicators = z.output<typeof indicatorsSchema>['indicators'];

/** Measures of one period and whose they are; a term that nobody gave is absent. */
export type Measures = ReadonlyMap<Term, Decimal>;

export interface IndicatorValue {
  /** Null when a term is absent or the denominator is zero. */
  readonly value: Decimal | null;
  /** Why there is no value. */
  readonly reason: string | null;
  readonly inputs: readonly { readonly term: Term; readonly value: Decimal }[];
}

const MONEY: ReadonlySet<Term> = new Set<Term>([
  ...MEASURES.filter((name) =>
    /^(fee|fund|cash|account|line-fee|drug|material|tcm|deductions|out-of-area)/.test(name),
  ),
  ...(Object.keys(FILED_MEASURES) as FiledMeasure[]).filter(isFiledAmount),
]);

/** Whether a filed measure is an amount, filed in yuan. */
export function isFiledAmount(name: FiledMeasure): boolean {
  return !FILED_NUMBERS.includes(name);
}

/**
 * An indicator's value from this period's measures and those of the year before. Amounts come in fen and leave in yuan where the
 * indicator is an amount.
 */
export function indicatorValue(
  id: string,
  indicators: Indicators,
  { now, before }: { readonly now: Measures; readonly before: Measures | null },
): IndicatorValue {
  const indicator = indicators[id];
  if (indicator === undefined) return absent(`指标目录中没有 ${id}`);
  if (indicator.growthOf === undefined) return quotient(indicator, now);
  const base = indicators[indicator.growthOf];
  if (base === undefined) return absent(`指标目录中没有 ${indicator.growthOf}`);
  if (before === null) return absent('上年没有数据');
  const [current, prior] = [quotient(base, now), quotient(base, before)];
  if (current.value === null) return current;
  if (prior.value === null) return { ...prior, reason: `上年：${prior.reason}` };
  if (prior.value.isZero()) return { ...current, value: null, reason: '上年为零' };
  const value = current.value.div(prior.value).minus(1);
  return { value, reason: null, inputs: [...current.inputs, ...prior.inputs] };
}

function quotient(
  { numerator = [], denominator, unit }: Indicator,
  measures: Measures,
): IndicatorValue {
  const terms = [...numerator, ...(denominator ?? [])];
  const missing = terms.filter((name) => !measures.has(name));
  if (missing.length > 0) return absent(`缺少：${missing.map(termLabel).join('、')}`);
  const inputs = terms.map((name) => ({ term: name, value: measures.get(name) ?? new Decimal(0) }));
  const total = (names: readonly Term[]): Decimal =>
    Decimal.sum(0, ...names.map((name) => measures.get(name) ?? 0));
  const above =
    unit === 'yuan' && numerator.every((name) => MONEY.has(name))
      ? total(numerator).div(100)
      : total(numerator);
  if (denominator === undefined) return { value: above, reason: null, inputs };
  const below = total(denominator);
  if (below.isZero()) return { value: null, reason: '分母为零', inputs };
  return { value: above.div(below), reason: null, inputs };
}

function absent(reason: string): IndicatorValue {
  return { value: null, reason, inputs: [] };
}

export function termLabel(name: Term): string {
  return name in FILED_MEASURES
    ? `申报事项 ${FILED_MEASURES[name as FiledMeasure]}`
    : LABELS[name as Measure];
}

const LABELS: Readonly<Record<Measure, string>> = {
  fee: '医疗总费用',
  'fee-inpatient': '住院费用',
  'fee-outpatient': '门诊费用',
  'fee-primary': '基层机构费用',
  'fee-outside-scope': '政策范围外费用',
  fund: '基金支付',
  'fund-primary': '基层机构基金支付',
  cash: '个人现金',
  account: '个人账户',
  visits: '门诊人次',
  'visits-primary': '基层门诊人次',
  admissions: '出院人次',
  'admissions-primary': '基层出院人次',
  'admissions-with-outpatient': '住院期间另有门诊的住院人次',
  'bed-days': '住院床日',
  'short-stays': '住院不足两日人次',
  readmissions: '十五日内再入院人次',
  transfers: '转院人次',
  'against-advice': '非医嘱离院人次',
  'line-fee': '明细费用',
  'drug-fee': '药品费用',
  'material-fee': '耗材费用',
  'tcm-fee': '中药饮片费用',
  cases: '病种付费病例数',
  'cases-ungrouped': '未入组病例数',
  'case-groups': '病种数',
  deductions: '确认的违规扣款',
  'out-of-area-increase': '异地基金占比增长折合金额（STA-06）',
};

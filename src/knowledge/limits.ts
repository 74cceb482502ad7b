import type {
  AgeLimit,
  CareSettingLimit,
  CourseDaysLimit,
  InstitutionLevelLimit,
  LimitOf,
  SetId,
  SexLimit,
} from './knowledge.js';
import type { OfficialPoint } from './official-point.js';

/**
 * What an official point says, as numbers and words a rule can execute.
 *
 * Where the wording and a value column disagree the wording wins: it is the payment limit itself, the column a later extract
 * (docs/decisions/0011). Where neither gives a value the point is refused rather than guessed.
 */

/** The limit of the point this one supersedes, for lists that repeat only what changed. */
type Earlier<S extends SetId> = LimitOf[S] | null;
type Derivation<S extends SetId> = (point: OfficialPoint, earlier: Earlier<S>) => LimitOf[S] | null;

const DERIVATIONS: { readonly [S in SetId]: Derivation<S> } = {
  'drug-sex': sexLimit,
  'item-sex': sexLimit,
  'drug-age': ageLimit,
  'item-age': ageLimit,
  'insurance-type': ({ cells, ruleClass }) => {
    if (cells.value === '工伤' || ruleClass === '药品限工伤保险')
      return { insurance: 'work-injury' };
    if (cells.value === '生育' || ruleClass === '药品限生育保险') return { insurance: 'maternity' };
    return null;
  },
  'care-setting': careSettingLimit,
  'institution-level': institutionLevelLimit,
  'drug-course-days': courseDaysLimit,
  'item-course-days': courseDaysLimit,
  'daily-frequency': ({ cells }) => {
    const maxQuantity = positive(cells.count);
    const unit = DAILY_UNITS.get(cells.unit ?? '');
    return maxQuantity === null || unit === undefined ? null : { maxQuantity, unit };
  },
  'cycle-frequency': ({ cells }) => {
    const [maxCount, days] = [positive(cells.count), positive(cells.days)];
    return maxCount === null || days === null ? null : { maxCount, days };
  },
  'duplicate-pairs': ({ cells: { containedCode, containedName, window } }) => {
    const pairWindow = PAIR_WINDOW_NAMES.get(window ?? '');
    if (containedCode === undefined || containedName === undefined) return null;
    return pairWindow === undefined ? null : { containedCode, containedName, window: pairWindow };
  },
  'incision-groups': ({ cells }) => (cells.value ? { group: cells.value } : null),
  'tcm-pieces': ({ ruleClass }) => {
    if (ruleClass === '中药饮片单复方均不予支付') return { scope: 'never' };
    if (ruleClass === '中药饮片单方使用不予支付') return { scope: 'not-alone' };
    return null;
  },
  'second-line': () => ({}),
  'internet-scope': () => ({}),
  indication: () => ({}),
};

/** @returns null when the point does not say what its set needs */
export function deriveLimit<S extends SetId>(
  set: S,
  point: OfficialPoint,
  earlier: Earlier<S>,
): LimitOf[S] | null {
  return DERIVATIONS[set](point, earlier);
}

const DAILY_UNITS: ReadonlyMap<string, 'time' | 'hour'> = new Map([
  ['日', 'time'],
  ['天', 'time'],
  ['小时', 'hour'],
]);
const PAIR_WINDOW_NAMES: ReadonlyMap<string, LimitOf['duplicate-pairs']['window']> = new Map([
  ['单日', 'day'],
  ['单次就诊', 'visit'],
  ['6小时', '6-hours'],
  ['同一小时', 'hour'],
]);

function positive(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null;
}

const SEXES: ReadonlyMap<string, SexLimit['sex']> = new Map([
  ['男', 'male'],
  ['女', 'female'],
]);
/** Organs and conditions of one sex, as the indications of published points name them. */
const MALE_WORDS = /前列腺|男性|阴茎|睾丸|精索/;
const FEMALE_WORDS = /女性|妇女|子宫|宫颈|卵巢|阴道|月经|痛经|带下|绝经|妊娠|产后|哺乳/;

function sexLimit({ cells, text }: OfficialPoint, earlier: SexLimit | null): SexLimit | null {
  const stated = SEXES.get(cells.value ?? '');
  if (stated !== undefined) return { sex: stated };
  return earlier ?? sexFromWords(text);
}

/** The sex an indication implies; null when it names both sexes or none. */
export function sexFromWords(text: string): SexLimit | null {
  const [male, female] = [MALE_WORDS.test(text), FEMALE_WORDS.test(text)];
  if (male === female) return null;
  return { sex: male ? 'male' : 'female' };
}

const AUDIENCE_NAMES: ReadonlyMap<string, AgeLimit['audience']> = new Map([
  ['儿童', 'child'],
  ['新生儿', 'newborn'],
  ['婴幼儿', 'infant'],
  ['药品儿童专用', 'child'],
  ['药品限儿童使用', 'child'],
  ['医疗服务项目儿童专用', 'child'],
]);

function ageLimit({ cells, ruleClass, text }: OfficialPoint): AgeLimit | null {
  const audience = text.includes('法定就业年龄')
    ? 'working-age'
    : AUDIENCE_NAMES.get(cells.value ?? ruleClass ?? '');
  return audience === undefined ? null : { audience, ...agesOf(text) };
}

const AGE_RANGE = /(\d+)(?:周岁|岁)?(?:至|-|～|~)(\d+)(?:周岁|岁)/g;
const AGE_FROM = /(\d+)(?:周岁|岁)(?:及(?:\d+岁)?)?以上/g;
const AGE_UP_TO = /(\d+)(?:周岁|岁)(?:及)?以下/g;
const MONTHS_FROM = /(\d+)(?:个)?月(?:及)?以上/;

/**
 * The widest age span a wording allows: several indications with spans of their own are one span, because the indication is not
 * judged here. 以上 and 以下 include the number itself (民法典 §1259).
 */
export function agesOf(text: string): Omit<AgeLimit, 'audience'> {
  const ranges = [...text.matchAll(AGE_RANGE)];
  const rest = text.replaceAll(AGE_RANGE, '');
  const froms = [...ranges, ...rest.matchAll(AGE_FROM)].map((match) => Number(match[1]));
  const upTos = [
    ...ranges.map((match) => Number(match[2])),
    ...[...rest.matchAll(AGE_UP_TO)].map((match) => Number(match[1])),
  ];
  const months = MONTHS_FROM.exec(text);
  return {
    minYears: froms.length === 0 ? null : froms.reduce((a, b) => (b < a ? b : a)),
    maxYears: upTos.length === 0 ? null : upTos.reduce((a, b) => (b > a ? b : a)),
    minMonths: months === null ? null : Number(months[1]),
  };
}

function careSettingLimit({ cells, text }: OfficialPoint): CareSettingLimit | null {
  const words = `${text}${cells.value ?? ''}`;
  if (!words.includes('住院')) return null;
  return { settings: text.includes('急诊') ? ['emergency', 'inpatient'] : ['inpatient'] };
}

const LEVEL_NAMES: ReadonlyMap<string, InstitutionLevelLimit['minLevel']> = new Map([
  ['二级', 'secondary'],
  ['三级', 'tertiary'],
]);

function institutionLevelLimit({ cells, text }: OfficialPoint): InstitutionLevelLimit | null {
  const minLevel = /三级(?:综合)?医院/.test(text)
    ? 'tertiary'
    : text.includes('二级及以上')
      ? 'secondary'
      : LEVEL_NAMES.get(cells.value ?? '');
  if (minLevel === undefined) return null;
  const qualifiers: InstitutionLevelLimit['qualifiers'][number][] = [];
  if (/首次处方时?需由二级/.test(text)) qualifiers.push('first-prescription');
  if (/二级及以上\S{0,4}专科医院/.test(text)) qualifiers.push('specialist-hospital');
  return { minLevel, qualifiers };
}

const COURSE_WORDS = /(?:不超过|最多支付)(?:(\d+)(天|个月|年)|一年)/;
const COURSE_CELL = /^(\d+)天$/;

function courseDaysLimit({ cells, text }: OfficialPoint): CourseDaysLimit | null {
  const maxDays = courseDaysInWords(text) ?? positive(COURSE_CELL.exec(cells.value ?? '')?.[1]);
  if (maxDays === null) return null;
  const per = /单次住院|住院方可支付/.test(text)
    ? 'stay'
    : text.includes('一个疾病过程')
      ? 'disease-process'
      : 'unstated';
  return { maxDays, per };
}

/** Days of a course as the wording gives it; twelve months and one year are 365 days, as the official value column has it. */
export function courseDaysInWords(text: string): number | null {
  const match = COURSE_WORDS.exec(text);
  if (match === null) return null;
  const [, amount, unit] = match;
  if (amount === undefined) return 365;
  if (unit === '天') return Number(amount);
  const years = unit === '年' ? Number(amount) : Number(amount) / 12;
  return Number.isInteger(years) ? years * 365 : null;
}

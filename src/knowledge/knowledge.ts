import type { IsoDate } from '../kernel/dates.js';

/**
 * The audit knowledge base (智能监管知识库): published knowledge points as typed, dated rows.
 *
 * A point restates a limit already in force, so *published* is not *effective*: it applies to every service date, unless
 * another point supersedes it; then the newer one applies from its own publication date and the older one until the day before.
 * This file is pure; knowledge.loader.ts reads the shipped tables.
 */

/** Executable sets, then the text-only ones (second-line, internet-scope, indication). */
export const SET_IDS = [
  'drug-sex', // 药品区分性别使用
  'item-sex', // 医疗服务项目区分性别使用
  'drug-age', // 药品儿童专用、药品限儿童使用
  'item-age', // 医疗服务项目儿童专用、限年龄
  'insurance-type', // 药品限工伤保险、限生育保险
  'care-setting', // 药品限就医方式
  'institution-level', // 药品限医疗机构级别
  'drug-course-days', // 药品限支付疗程
  'item-course-days', // 医疗服务项目限支付疗程
  'daily-frequency', // 医疗服务项目限定频次
  'cycle-frequency', // 医疗服务项目周期超频次
  'duplicate-pairs', // 医疗服务项目重复收费
  'incision-groups', // 手术项目未按规定折价收费
  'tcm-pieces', // 中药饮片单复方均不予支付、单方不予支付
  'second-line', // 药品限二线使用
  'internet-scope', // 超互联网医院药品支付范围
  'indication', // 药品限适应症
] as const;
export type SetId = (typeof SET_IDS)[number];

/** Whom an age limit means in words; a rule gives the bounds in years or days, because localities differ. */
export const AUDIENCES = ['newborn', 'infant', 'child', 'working-age'] as const;
/** How long two items of a pair must not meet: 单日, 单次就诊, 6小时, 同一小时. */
export const PAIR_WINDOWS = ['day', 'visit', '6-hours', 'hour'] as const;
/** What a level limit leaves open: only the first prescription is limited, or a lower specialist hospital may prescribe too. */
export const LEVEL_QUALIFIERS = ['first-prescription', 'specialist-hospital'] as const;

export interface SexLimit {
  /** The only sex the item may be charged for. */
  readonly sex: 'male' | 'female';
}

/**
 * Ages are inclusive and in completed units; null = the text gives no number and the audience's bound applies.
 * `minMonths` is only used where the text counts months.
 */
export interface AgeLimit {
  readonly audience: (typeof AUDIENCES)[number];
  readonly minYears: number | null;
  readonly maxYears: number | null;
  readonly minMonths: number | null;
}

export interface InsuranceTypeLimit {
  /** The only insurance that pays; basic medical insurance does not. */
  readonly insurance: 'work-injury' | 'maternity';
}

export interface CareSettingLimit {
  /** Settings in which the drug is payable, sorted. */
  readonly settings: readonly ('emergency' | 'inpatient')[];
}

export interface InstitutionLevelLimit {
  readonly minLevel: 'secondary' | 'tertiary';
  readonly qualifiers: readonly (typeof LEVEL_QUALIFIERS)[number][];
}

/** `per`: what one course is: one stay (单次住院), one disease process (一个疾病过程), or the text does not say. */
export interface CourseDaysLimit {
  readonly maxDays: number;
  readonly per: 'stay' | 'disease-process' | 'unstated';
}

export interface DailyFrequencyLimit {
  /** Largest quantity a calendar day: 1 time, or 24 hours of an item charged by the hour. */
  readonly maxQuantity: number;
  readonly unit: 'time' | 'hour';
}

/** At most `maxCount` in any `days` days (rolling). */
export interface CycleFrequencyLimit {
  readonly maxCount: number;
  readonly days: number;
}

/** The primary item (`code` of the point) already contains `containedCode`; charging the contained one is the violation. */
export interface DuplicatePairLimit {
  readonly containedCode: string;
  readonly containedName: string;
  readonly window: (typeof PAIR_WINDOWS)[number];
}

/** Operations of one group share an incision. The ratio for the second and later ones is local and not in the knowledge base. */
export interface IncisionGroupLimit {
  readonly group: string;
}

export interface TcmPieceLimit {
  /** never = not payable in any prescription; not-alone = not alone, nor in a prescription made only of such pieces. */
  readonly scope: 'never' | 'not-alone';
}

/** The text is the limit; a person judges. */
export type TextLimit = Readonly<Record<string, never>>;

export interface LimitOf {
  readonly 'drug-sex': SexLimit;
  readonly 'item-sex': SexLimit;
  readonly 'drug-age': AgeLimit;
  readonly 'item-age': AgeLimit;
  readonly 'insurance-type': InsuranceTypeLimit;
  readonly 'care-setting': CareSettingLimit;
  readonly 'institution-level': InstitutionLevelLimit;
  readonly 'drug-course-days': CourseDaysLimit;
  readonly 'item-course-days': CourseDaysLimit;
  readonly 'daily-frequency': DailyFrequencyLimit;
  readonly 'cycle-frequency': CycleFrequencyLimit;
  readonly 'duplicate-pairs': DuplicatePairLimit;
  readonly 'incision-groups': IncisionGroupLimit;
  readonly 'tcm-pieces': TcmPieceLimit;
  readonly 'second-line': TextLimit;
  readonly 'internet-scope': TextLimit;
  readonly indication: TextLimit;
}

/** One knowledge point (知识点): one named drug or item, its codes, its limit. */
export interface KnowledgePoint<S extends SetId = SetId> {
  /** Stable key: batch, set and the row's place in the official list, `01-drug-sex-0001`. */
  readonly id: string;
  readonly set: S;
  /** `1` … `17`, or the date of a revision. */
  readonly batch: string;
  /** Place in the official list, from 1. */
  readonly sequence: number;
  /** Official rule code (规则编码); null for classes that have none yet. */
  readonly officialCode: string | null;
  readonly ruleClass: string;
  readonly name: string;
  readonly codes: readonly string[];
  readonly limit: LimitOf[S];
  /** The official wording, shown as evidence. */
  readonly text: string;
  readonly publishedOn: IsoDate;
  /** First service date; null = any. */
  readonly effectiveFrom: IsoDate | null;
  /** First service date it no longer applies to; null = still applies. */
  readonly effectiveUntil: IsoDate | null;
  /** Id of the point it replaces. */
  readonly supersedes: string | null;
  readonly source: string;
}

export function isInForce(
  point: Pick<KnowledgePoint, 'effectiveFrom' | 'effectiveUntil'>,
  serviceDate: IsoDate,
): boolean {
  if (point.effectiveFrom !== null && serviceDate < point.effectiveFrom) return false;
  return point.effectiveUntil === null || serviceDate < point.effectiveUntil;
}

/** The points of one set, found by code. For pairs the code is the primary (containing) item's. */
export class KnowledgeSet<S extends SetId = SetId> {
  private readonly byCode: ReadonlyMap<string, readonly KnowledgePoint<S>[]>;

  constructor(
    readonly id: S,
    readonly points: readonly KnowledgePoint<S>[],
  ) {
    const index = new Map<string, KnowledgePoint<S>[]>();
    for (const point of points) {
      for (const code of point.codes) {
        const known = index.get(code);
        if (known === undefined) index.set(code, [point]);
        else known.push(point);
      }
    }
    this.byCode = index;
  }

  /** The points that limit this code on that service date; several when lists overlap, empty when none does. */
  at(code: string, serviceDate: IsoDate): readonly KnowledgePoint<S>[] {
    const points = this.byCode.get(code);
    if (points === undefined) return [];
    return points.filter((point) => isInForce(point, serviceDate));
  }

  /** True when the code occurs on any date: a cheap first question. */
  has(code: string): boolean {
    return this.byCode.has(code);
  }

  codes(): Iterable<string> {
    return this.byCode.keys();
  }
}

/** Sets by id, and the digest of the release they come from: it goes into every audit run's manifest. */
export interface KnowledgeBase {
  readonly release: string;
  set<S extends SetId>(id: S): KnowledgeSet<S>;
}

/** A knowledge base from points at hand, for tests and for claims audited without the shipped tables. */
export function knowledgeBaseOf(release: string, points: readonly KnowledgePoint[]): KnowledgeBase {
  const sets = new Map<SetId, KnowledgeSet>();
  for (const id of SET_IDS) {
    sets.set(
      id,
      new KnowledgeSet(
        id,
        points.filter((point) => point.set === id),
      ),
    );
  }
  return { release, set: <S extends SetId>(id: S) => sets.get(id) as unknown as KnowledgeSet<S> };
}

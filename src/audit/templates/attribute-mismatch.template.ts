import { z } from 'zod';
import { CARE_TYPES, INSTITUTION_LEVELS, isInpatient } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import type { KnowledgePoint, SetId } from '../../knowledge/knowledge.js';
import { ageTest, ageVerdict } from '../age-limit.js';
import type { LineFacts } from '../facts.js';
import type { NotApplicableReason } from '../not-applicable.js';
import type { ClaimProfile, ProfileVerdict, RowCheck, RowTest } from '../screen/row-check.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const years = whole(0, 150);

const params = z.discriminatedUnion('attribute', [
  z.strictObject({ attribute: z.literal('sex'), set: z.enum(['drug-sex', 'item-sex']) }),
  z.strictObject({
    attribute: z.literal('age'),
    set: z.enum(['drug-age', 'item-age']),
    /** Bounds for limits that the knowledge base gives in words only; ages are completed and inclusive. */
    newbornDays: years,
    infantMaxYears: years,
    childMaxYears: years,
    workingMinYears: years,
    workingMaxYears: years,
  }),
  z.strictObject({
    attribute: z.literal('insurance-type'),
    set: z.literal('insurance-type'),
    /** Care that basic insurance pays although the drug is for maternity insurance, where the two are run together. */
    maternityCareTypes: z.array(z.enum(CARE_TYPES)).default([]),
  }),
  z.strictObject({ attribute: z.literal('care-setting'), set: z.literal('care-setting') }),
  z.strictObject({
    attribute: z.literal('institution-level'),
    set: z.literal('institution-level'),
  }),
]);
export type AttributeParams = z.infer<typeof params>;

/** `null` = the line fits the limit. */
export type Verdict =
  | { readonly mismatch: Readonly<Record<string, string | number>>; readonly uncertain?: boolean }
  | { readonly notApplicable: NotApplicableReason }
  | null;

const SEX_NAMES = { male: '男', female: '女', unknown: '未知' } as const;
const INSURANCE_NAMES = { 'work-injury': '工伤保险', maternity: '生育保险' } as const;
const SETTING_NAMES = { emergency: '急诊', inpatient: '住院' } as const;
const LEVEL_NAMES = {
  village: '村卫生室',
  primary: '一级及以下',
  secondary: '二级',
  tertiary: '三级',
} as const;

/**
 * T1: an attribute of the line, the claim or the person does not meet the limit a knowledge point sets for the item (限定性别、年龄、
 * 险种、就医方式、机构级别). Looks at what is within the scope of insurance only.
 */
export const attributeMismatch = defineTemplate<AttributeParams>({
  name: 'attribute-mismatch',
  params,
  trigger: 'codes',
  codes: ({ set }, knowledge) => knowledge.set<SetId>(set).codes(),
  rowChecks: (limits, knowledge) =>
    [...alike(knowledge.set<SetId>(limits.set).points)].map((points) => rowCheck(points, limits)),

  evaluate(_person, lines, context) {
    return lines
      .filter(({ eligibleFen }) => eligibleFen > 0n)
      .flatMap((line) => judgeLine(line, context) ?? []);
  },
});

/** Points that differ only in what they are for: one condition covers all of them. */
function alike(points: readonly KnowledgePoint[]): Iterable<[KnowledgePoint, ...KnowledgePoint[]]> {
  const groups = new Map<string, [KnowledgePoint, ...KnowledgePoint[]]>();
  for (const point of points) {
    const key = JSON.stringify([point.limit, point.effectiveFrom, point.effectiveUntil]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [point]);
    else group.push(point);
  }
  return groups.values();
}

function rowCheck(
  points: readonly [KnowledgePoint, ...KnowledgePoint[]],
  limits: AttributeParams,
): RowCheck {
  const [{ effectiveFrom, effectiveUntil }] = points;
  return {
    codes: points.flatMap(({ codes }) => codes),
    ...{ effectiveFrom, effectiveUntil, withinScope: true },
    profile: (claim) => profileVerdict(claim, points[0], limits),
    tests: testsOf(points[0], limits),
  };
}

/** What is left to ask of the line once its claim is known: the age on the day of the charge. */
function testsOf(point: KnowledgePoint, limits: AttributeParams): readonly RowTest[] {
  if (limits.attribute !== 'age') return [];
  return [ageTest((point as KnowledgePoint<'drug-age' | 'item-age'>).limit, limits)];
}

function profileVerdict(
  claim: ClaimProfile,
  point: KnowledgePoint,
  limits: AttributeParams,
): ProfileVerdict {
  if (limits.attribute === 'age') return 'hit';
  const verdict = claimVerdict(claim, point, limits);
  if (verdict === null) return 'fits';
  return 'mismatch' in verdict ? 'hit' : 'unsure';
}

/** The first point the line does not fit, as a hit. */
function judgeLine(
  line: LineFacts,
  { params: limits, knowledge, notApplicable }: EvaluationContext<AttributeParams>,
): Hit | null {
  for (const point of knowledge.set<SetId>(limits.set).at(line.itemCode ?? '', line.chargedOn)) {
    const verdict = judge(line, point, limits);
    if (verdict === null) continue;
    if ('mismatch' in verdict) return mismatchHit(line, point, verdict);
    notApplicable(verdict.notApplicable, line.claim);
    return null;
  }
  return null;
}

function mismatchHit(
  line: LineFacts,
  point: KnowledgePoint,
  verdict: Extract<Verdict, { mismatch: unknown }>,
): Hit {
  return lineHit({
    windowKey: line.chargedOn,
    violating: [wholeLine(line)],
    facts: { item: line.itemName, ...verdict.mismatch },
    point,
    ...(verdict.uncertain === true ? { class: 'SUSP' as const, certainty: 'watch' as const } : {}),
  });
}

function judge(line: LineFacts, point: KnowledgePoint, limits: AttributeParams): Verdict {
  return limits.attribute === 'age'
    ? ageVerdict(line, point as KnowledgePoint<'drug-age' | 'item-age'>, limits)
    : claimVerdict(line.claim, point, limits);
}

function claimVerdict(
  claim: ClaimProfile,
  point: KnowledgePoint,
  limits: Exclude<AttributeParams, { attribute: 'age' }>,
): Verdict {
  switch (limits.attribute) {
    case 'sex':
      return sexVerdict(claim, point as KnowledgePoint<'drug-sex' | 'item-sex'>);
    case 'insurance-type':
      return insuranceVerdict(
        claim,
        point as KnowledgePoint<'insurance-type'>,
        limits.maternityCareTypes,
      );
    case 'care-setting':
      return settingVerdict(claim, point as KnowledgePoint<'care-setting'>);
    case 'institution-level':
      return levelVerdict(claim, point as KnowledgePoint<'institution-level'>);
  }
}

function sexVerdict(
  claim: ClaimProfile,
  { limit }: KnowledgePoint<'drug-sex' | 'item-sex'>,
): Verdict {
  if (claim.sex === 'unknown') return { notApplicable: 'unknown-sex' };
  if (claim.sex === limit.sex) return null;
  return { mismatch: { limit: SEX_NAMES[limit.sex], actual: SEX_NAMES[claim.sex] } };
}

function insuranceVerdict(
  claim: ClaimProfile,
  { limit }: KnowledgePoint<'insurance-type'>,
  maternityCareTypes: readonly string[],
): Verdict {
  if (limit.insurance === 'maternity' && maternityCareTypes.includes(claim.careType)) return null;
  const actual = claim.pool === 'employee' ? '职工基本医疗保险' : '居民基本医疗保险';
  return { mismatch: { limit: INSURANCE_NAMES[limit.insurance], actual } };
}

function settingOf(careType: ClaimProfile['careType']): 'emergency' | 'inpatient' | null {
  if (isInpatient(careType)) return 'inpatient';
  return careType === 'emergency' ? careType : null;
}

function settingVerdict(claim: ClaimProfile, { limit }: KnowledgePoint<'care-setting'>): Verdict {
  // Maternity care may be given in a bed or not: the claim's type does not say.
  if (claim.careType === 'maternity') return null;
  const setting = settingOf(claim.careType);
  if (setting !== null && limit.settings.includes(setting)) return null;
  const allowed = limit.settings.map((name) => SETTING_NAMES[name]).join('、');
  return {
    mismatch: { limit: allowed, actual: setting === null ? '门诊' : SETTING_NAMES[setting] },
  };
}

/** The level is that of the institution where the care took place, never the lead hospital's. */
function levelVerdict(
  claim: ClaimProfile,
  { limit }: KnowledgePoint<'institution-level'>,
): Verdict {
  const actual = INSTITUTION_LEVELS.indexOf(claim.level);
  if (actual >= INSTITUTION_LEVELS.indexOf(limit.minLevel)) return null;
  return {
    mismatch: { limit: `${LEVEL_NAMES[limit.minLevel]}及以上`, actual: LEVEL_NAMES[claim.level] },
    uncertain: limit.qualifiers.length > 0,
  };
}

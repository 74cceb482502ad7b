import { daysBetween, type IsoDate } from '../../kernel/dates.js';
import type { KnowledgePoint, KnowledgeSet } from '../../knowledge/knowledge.js';
import type { LineFacts } from '../facts.js';
import { type Hit, lineHit, wholeLine } from '../template.js';
import { byChargeTime, groupLines } from './line-groups.js';

export interface CourseCapParams {
  /** A pause longer than this starts a new course, days. */
  readonly maxGapDays: number;
  /** Courses are told apart by the first so many characters of the principal diagnosis; 0 = not at all. */
  readonly sameDiagnosisChars: number;
}

type CoursePoint = KnowledgePoint<'drug-course-days' | 'item-course-days'>;

/**
 * An item charged on more distinct days of one course than the limit (超支付疗程). What a course is: one stay where the knowledge point
 * says so, else a chain of days with no pause longer than `maxGapDays` under the same diagnosis, across claims and members. All charges
 * of the days beyond the limit are excess.
 */
export function courseCapHits(
  lines: readonly LineFacts[],
  set: KnowledgeSet<'drug-course-days' | 'item-course-days'>,
  params: CourseCapParams,
): Hit[] {
  const hits: Hit[] = [];
  for (const [code, charged] of groupLines(lines, ({ itemCode }) => itemCode ?? '')) {
    charged.sort(byChargeTime);
    for (const point of pointsOf(code, charged, set)) {
      for (const course of coursesOf(charged, point, params)) {
        const hit = excessDays(course, point);
        if (hit !== null) hits.push(hit);
      }
    }
  }
  return hits;
}

/** The points in force on the first day the item was charged; a stricter limit stands first and the rest adds nothing. */
function pointsOf(
  code: string,
  charged: readonly LineFacts[],
  set: KnowledgeSet<'drug-course-days' | 'item-course-days'>,
): readonly CoursePoint[] {
  const points = set.at(code, charged[0]?.chargedOn ?? '');
  return points.toSorted((a, b) => a.limit.maxDays - b.limit.maxDays).slice(0, 1);
}

function coursesOf(
  charged: readonly LineFacts[],
  { limit }: CoursePoint,
  params: CourseCapParams,
): LineFacts[][] {
  if (limit.per === 'stay') return [...groupLines(charged, ({ claim }) => claim.key).values()];
  const chains: LineFacts[][] = [];
  const stems = groupLines(charged, ({ claim }) =>
    (claim.principalDiagnosis ?? '').slice(0, params.sameDiagnosisChars),
  );
  for (const lines of stems.values()) chains.push(...chainsOf(lines, params.maxGapDays));
  return chains;
}

function chainsOf(lines: readonly LineFacts[], maxGapDays: number): LineFacts[][] {
  const chains: LineFacts[][] = [];
  let chain: LineFacts[] = [];
  for (const line of lines) {
    const last = chain.at(-1);
    if (last !== undefined && daysBetween(last.chargedOn, line.chargedOn) > maxGapDays) {
      chains.push(chain);
      chain = [];
    }
    chain.push(line);
  }
  chains.push(chain);
  return chains;
}

function excessDays(course: readonly LineFacts[], point: CoursePoint): Hit | null {
  const days = [...new Set(course.map(({ chargedOn }) => chargedOn))].sort();
  const firstExcess = days[point.limit.maxDays];
  const [first] = days;
  if (firstExcess === undefined || first === undefined) return null;
  const excess = course.filter(({ chargedOn }) => chargedOn >= firstExcess);
  const allowed = course.filter(({ chargedOn }) => chargedOn < firstExcess);
  return lineHit({
    windowKey: courseKey(point, first),
    violating: excess.map(wholeLine),
    involvedLines: allowed,
    involvedClaims: [...new Set(allowed.map(({ claim }) => claim))],
    facts: {
      item: course[0]?.itemName ?? '',
      from: first,
      to: days.at(-1) ?? first,
      days: days.length,
      limit: point.limit.maxDays,
      excess: days.length - point.limit.maxDays,
    },
    point,
  });
}

function courseKey(point: CoursePoint, first: IsoDate): string {
  return `${point.id} ${first}`;
}

import { daysBetween, type IsoDate } from '../../kernel/dates.js';
import type { KnowledgePoint, KnowledgeSet } from '../../knowledge/knowledge.js';
import type { LineFacts } from '../facts.js';
import { type Hit, lineHit, wholeLine } from '../template.js';
import { byChargeTime, byPayment, groupLines } from './line-groups.js';

export interface CourseCapParams {
  /** A pause longer than this starts a new course, days. */
  readonly maxGapDays: number;
  /** Courses are told apart by the first so many characters of the principal diagnosis; 0 = not at all. */
  readonly sameDiagnosisChars: number;
}

type CoursePoint = KnowledgePoint<'drug-course-days' | 'item-course-days'>;
type CourseSet = KnowledgeSet<'drug-course-days' | 'item-course-days'>;

/**
 * An item charged on more distinct days of one course than the limit (超支付疗程). What a course is: one stay where the knowledge point
 * says so, else a chain of days with no pause longer than `maxGapDays` under the same diagnosis, across claims and members. All charges
 * of the days beyond the limit are excess; days count in the order they were paid. A day is held against the limit in force on that day.
 */
export function courseCapHits(
  lines: readonly LineFacts[],
  set: CourseSet,
  params: CourseCapParams,
): Hit[] {
  const hits: Hit[] = [];
  for (const [code, charged] of groupLines(lines, ({ itemCode }) => itemCode ?? '')) {
    charged.sort(byChargeTime);
    const judgedBy = new Map(charged.map((line) => [line, pointOn(code, line.chargedOn, set)]));
    for (const point of new Set(judgedBy.values())) {
      if (point === null) continue;
      for (const course of coursesOf(charged, point, params)) {
        const beyond = daysBeyond(course, point).filter((line) => judgedBy.get(line) === point);
        hits.push(...excessHits(beyond, course, point));
      }
    }
  }
  return hits;
}

/** The strictest of the points in force on a day: the others add nothing. */
function pointOn(code: string, day: IsoDate, set: CourseSet): CoursePoint | null {
  return set.at(code, day).toSorted((a, b) => a.limit.maxDays - b.limit.maxDays)[0] ?? null;
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

/** Walks the course in the order it was paid; what was charged on days beyond the limit. */
function daysBeyond(course: readonly LineFacts[], point: CoursePoint): LineFacts[] {
  const paid = new Set<IsoDate>();
  const beyond: LineFacts[] = [];
  for (const line of course.toSorted(byPayment)) {
    if (paid.has(line.chargedOn)) continue;
    if (paid.size < point.limit.maxDays) paid.add(line.chargedOn);
    else beyond.push(line);
  }
  return beyond;
}

/** One hit a claim. */
function excessHits(
  beyond: readonly LineFacts[],
  course: readonly LineFacts[],
  point: CoursePoint,
): Hit[] {
  return [...groupLines(beyond, ({ claim }) => claim.key)].map(([key, excess]) =>
    excessHit(excess, course, point, `${point.id} ${key}`),
  );
}

function excessHit(
  excess: readonly LineFacts[],
  course: readonly LineFacts[],
  point: CoursePoint,
  windowKey: string,
): Hit {
  const period = excess[0]?.claim.period ?? '';
  const known = course.filter(({ claim }) => claim.period <= period);
  const days = [...new Set(known.map(({ chargedOn }) => chargedOn))].sort();
  const involved = known.filter((line) => !excess.includes(line));
  return lineHit({
    windowKey,
    violating: excess.map(wholeLine),
    involvedLines: involved,
    involvedClaims: [...new Set(involved.map(({ claim }) => claim))],
    facts: {
      item: course[0]?.itemName ?? '',
      from: days[0] ?? '',
      to: days.at(-1) ?? '',
      days: days.length,
      limit: point.limit.maxDays,
      excess: new Set(excess.map(({ chargedOn }) => chargedOn)).size,
    },
    point,
  });
}

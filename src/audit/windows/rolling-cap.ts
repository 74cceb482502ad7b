import { daysBetween } from '../../kernel/dates.js';
import type { KnowledgePoint, KnowledgeSet } from '../../knowledge/knowledge.js';
import type { LineFacts } from '../facts.js';
import { quantityText, UNIT } from '../scaled.js';
import { type Hit, lineHit, WHOLE_PART } from '../template.js';
import { byPayment, groupLines } from './line-groups.js';

/** Units that count against the limit. */
interface PaidUnits {
  readonly line: LineFacts;
  readonly units: number;
}

/**
 * More than n units of an item within N days (周期超频次), rolling back from each charge over what still counts: a unit found in excess
 * does not start a period of its own. Days apart = N is allowed. Where the earlier test was another member's, the hit is a suspicion
 * only: a doctor cannot know what has not been shared.
 */
export function rollingCapHits(
  lines: readonly LineFacts[],
  set: KnowledgeSet<'cycle-frequency'>,
): Hit[] {
  const hits: Hit[] = [];
  for (const [code, charged] of groupLines(lines, ({ itemCode }) => itemCode ?? '')) {
    const paid: PaidUnits[] = [];
    for (const line of charged.sort(byPayment)) {
      const [point] = set.at(code, line.chargedOn);
      if (point === undefined) continue;
      const within = paid.filter((other) => daysApart(other.line, line) < point.limit.days);
      const free = point.limit.maxCount * UNIT - within.reduce((sum, { units }) => sum + units, 0);
      const allowed = Math.max(0, Math.min(line.quantity, free));
      if (allowed > 0) paid.push({ line, units: allowed });
      if (allowed < line.quantity) hits.push(cycleHit(line, allowed, within, point));
    }
  }
  return hits;
}

function daysApart(a: LineFacts, b: LineFacts): number {
  return Math.abs(daysBetween(a.chargedOn, b.chargedOn));
}

function cycleHit(
  line: LineFacts,
  allowed: number,
  within: readonly PaidUnits[],
  point: KnowledgePoint<'cycle-frequency'>,
): Hit {
  const earlier = within.at(-1)?.line ?? line;
  const otherMember = within.some((paid) => paid.line.claim.institution !== line.claim.institution);
  return lineHit({
    windowKey: `${point.id} ${line.chargedOn}`,
    violating: [{ line, from: allowed, to: line.quantity, part: WHOLE_PART }],
    involvedLines: within.map((paid) => paid.line),
    involvedClaims: [...new Set(within.map((paid) => paid.line.claim))],
    facts: {
      item: line.itemName,
      from: earlier.chargedOn,
      to: line.chargedOn,
      gap: daysApart(earlier, line),
      limit: point.limit.maxCount,
      days: point.limit.days,
      excess: quantityText(line.quantity - allowed),
    },
    point,
    ...(otherMember ? { class: 'SUSP' as const, certainty: 'watch' as const } : {}),
  });
}

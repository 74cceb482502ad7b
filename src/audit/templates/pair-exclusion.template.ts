import { z } from 'zod';
import { whole } from '../../config/values.js';
import { daysBetween } from '../../kernel/dates.js';
import { isInForce, type KnowledgePoint, type KnowledgeSet } from '../../knowledge/knowledge.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import {
  defineTemplate,
  type Hit,
  lineHit,
  type UnitRange,
  WHOLE_PART,
  wholeLine,
} from '../template.js';
import { chargedFor, groupLines } from '../windows/line-groups.js';
import { pairProbe } from '../windows/meeting-probes.js';

const params = z.strictObject({
  set: z.literal('duplicate-pairs'),
  /** Hours of the window that the knowledge base calls 6-hours; the bound itself still counts as within. */
  windowHours: whole(1, 24),
});
type Params = z.infer<typeof params>;
type Point = KnowledgePoint<'duplicate-pairs'>;

/**
 * T4: an item that another item already contains is charged as well (重复收费). The contained item is the violation. Windows: calendar
 * day, visit (one claim), so many hours, the same clock hour. Both must be left after refunds. Only one institution's charges
 * are held against each other.
 */
export const pairExclusion = defineTemplate<Params>({
  name: 'pair-exclusion',
  params,
  trigger: 'codes',
  ownLines: true,
  codes: ({ set }, knowledge) =>
    knowledge.set(set).points.flatMap(({ codes, limit }) => [...codes, limit.containedCode]),

  suspectsLines({ set }, knowledge, codes) {
    const containedBy = new Map<number, Set<number>>();
    for (const point of knowledge.set(set).points) {
      const contained = codes.get(point.limit.containedCode) ?? 0;
      const primaries = containedBy.get(contained) ?? new Set();
      for (const code of point.codes) primaries.add(codes.get(code) ?? 0);
      containedBy.set(contained, primaries);
    }
    return pairProbe(containedBy);
  },

  evaluate(_person, lines, { params: { set, windowHours }, knowledge, notApplicable }) {
    const hits: Hit[] = [];
    for (const charged of groupLines(
      chargedFor(lines),
      ({ claim }) => claim.institution,
    ).values()) {
      const byCode = groupLines(charged, ({ itemCode }) => itemCode ?? '');
      for (const { point, primaries, contained } of meetings(byCode, knowledge.set(set))) {
        const windows = new PairWindows(point, primaries, windowHours, notApplicable);
        hits.push(...windows.hits(contained));
      }
    }
    return hits;
  },
});

interface Meeting {
  readonly point: Point;
  readonly primaries: readonly LineFacts[];
  readonly contained: readonly LineFacts[];
}

/** Points of which both items were charged at all, with what was charged of the contained one while the point was in force. */
function meetings(
  byCode: ReadonlyMap<string, readonly LineFacts[]>,
  set: KnowledgeSet<'duplicate-pairs'>,
): Meeting[] {
  const found = new Map<Point, Meeting>();
  if (byCode.size < 2) return [];
  for (const [code, primaries] of byCode) {
    for (const day of new Set(primaries.map(({ chargedOn }) => chargedOn))) {
      for (const point of set.at(code, day)) {
        const contained = byCode
          .get(point.limit.containedCode)
          ?.filter(({ chargedOn }) => isInForce(point, chargedOn));
        if (contained !== undefined) found.set(point, { point, primaries, contained });
      }
    }
  }
  return [...found.values()];
}

/**
 * The primaries that were there when the contained item was paid; if none was, those of the first month that brought one. A hit
 * therefore does not change when later months bring more.
 */
function witnesses(met: readonly LineFacts[], period: string): readonly LineFacts[] {
  const periods = met.map(({ claim }) => claim.period).sort();
  const until = (periods[0] ?? '') > period ? (periods[0] ?? '') : period;
  return met.filter(({ claim }) => claim.period <= until);
}

class PairWindows {
  private readonly byWindow: ReadonlyMap<string, readonly LineFacts[]>;

  constructor(
    private readonly point: Point,
    private readonly primaries: readonly LineFacts[],
    private readonly hours: number,
    private readonly notApplicable: (reason: 'missing-hour', claim: ClaimFacts) => void,
  ) {
    this.byWindow = groupLines(primaries, (line) => this.windowOf(line));
  }

  /** One hit for each claim and window. */
  hits(contained: readonly LineFacts[]): Hit[] {
    return [...groupLines(contained, ({ claim }) => claim.key).values()].flatMap((ofClaim) =>
      [...groupLines(ofClaim, (line) => this.windowOf(line))].flatMap(
        ([window, lines]) => this.hitIn(window, lines) ?? [],
      ),
    );
  }

  private hitIn(window: string, lines: readonly LineFacts[]): Hit | null {
    const violating: UnitRange[] = [];
    const involved = new Set<LineFacts>();
    for (const line of lines) {
      const met = witnesses(this.metBy(line, window), line.claim.period);
      if (met.length === 0) continue;
      violating.push(this.unitsOf(line, met));
      for (const primary of met) involved.add(primary);
    }
    return violating.length === 0 ? null : this.hit(window, violating, [...involved]);
  }

  /** For hours the window is the contained item's own minute; which primaries fall within it is asked line by line. */
  private windowOf(line: LineFacts): string {
    switch (this.point.limit.window) {
      case 'visit':
        return line.claim.key;
      case 'day':
        return line.chargedOn;
      default:
        return `${line.chargedOn} ${line.minute ?? '?'}`;
    }
  }

  private metBy(contained: LineFacts, window: string): readonly LineFacts[] {
    const kind = this.point.limit.window;
    if (kind === 'visit' || kind === 'day') return this.byWindow.get(window) ?? [];
    return this.primaries.filter((primary) => this.meetsByHour(primary, contained, kind));
  }

  private meetsByHour(primary: LineFacts, contained: LineFacts, kind: '6-hours' | 'hour'): boolean {
    const days = daysBetween(primary.chargedOn, contained.chargedOn);
    if (Math.abs(days) > 1 || (kind === 'hour' && days !== 0)) return false;
    if (primary.minute === null || contained.minute === null) {
      this.notApplicable('missing-hour', contained.claim);
      return false;
    }
    if (kind === 'hour') {
      return Math.trunc(primary.minute / 60) === Math.trunc(contained.minute / 60);
    }
    return Math.abs(days * 1440 + contained.minute - primary.minute) <= this.hours * 60;
  }

  /** Within one clock hour only as many units can be contained as there are of the primary item. */
  private unitsOf(line: LineFacts, met: readonly LineFacts[]): UnitRange {
    if (this.point.limit.window !== 'hour') return wholeLine(line);
    const primaryUnits = met.reduce((units, { quantity }) => units + quantity, 0);
    const from = Math.max(0, line.quantity - primaryUnits);
    return { line, from, to: line.quantity, part: WHOLE_PART };
  }

  private hit(
    window: string,
    violating: readonly UnitRange[],
    involved: readonly LineFacts[],
  ): Hit {
    const [primary] = this.primaries;
    return lineHit({
      windowKey: `${this.point.id} ${window}`,
      violating,
      involvedLines: involved,
      involvedClaims: [...new Set(involved.map(({ claim }) => claim))],
      facts: {
        primary: primary?.itemName ?? this.point.name,
        contained: this.point.limit.containedName,
        window: {
          day: '同一日',
          visit: '同次就诊',
          '6-hours': `${this.hours} 小时内`,
          hour: '同一小时',
        }[this.point.limit.window],
        on: violating[0]?.line.chargedOn ?? '',
        reason: this.point.text,
      },
      point: this.point,
    });
  }
}

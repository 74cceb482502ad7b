import { z } from 'zod';
import type { Decimal } from '../../kernel/decimal.js';
import type { KnowledgePoint, KnowledgeSet } from '../../knowledge/knowledge.js';
import type { LineFacts } from '../facts.js';
import { UNIT } from '../scaled.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  type UnitRange,
  WHOLE_PART,
} from '../template.js';
import { chargedFor, groupLines } from '../windows/line-groups.js';
import { sameDayProbe } from '../windows/meeting-probes.js';

const params = z.strictObject({ set: z.literal('incision-groups') });
type Params = z.infer<typeof params>;
type Point = KnowledgePoint<'incision-groups'>;

/**
 * T9: two or more different operations through one incision, the second and later not discounted (同切口手术未折价). The dearest is
 * paid in full. The discount is local: while the settings leave the ratio unspecified, the rule is not applicable.
 *
 * A discount may have been given by price or by quantity (0.5 of an operation): what counts is the amount against ratio × the price of
 * as many whole operations.
 */
export const incisionDiscount = defineTemplate<Params>({
  name: 'incision-discount',
  params,
  trigger: 'codes',
  ownLines: true,
  codes: ({ set }, knowledge) => knowledge.set(set).codes(),

  suspectsLines: () => sameDayProbe,

  evaluate(_person, lines, context) {
    const { params: input, knowledge } = context;
    const days = groupLines(
      chargedFor(lines),
      ({ claim, chargedOn }) => `${claim.institution} ${chargedOn}`,
    );
    return [...days.values()].flatMap((operations) =>
      [...byIncision(operations, knowledge.set(input.set))].flatMap(
        ([point, together]) => judgeGroup(point, together, context) ?? [],
      ),
    );
  },
});

function judgeGroup(
  point: Point,
  together: readonly LineFacts[],
  { settings: { incision }, notApplicable }: EvaluationContext<Params>,
): Hit | null {
  if (new Set(together.map(({ itemCode }) => itemCode)).size < 2) return null;
  if ('ratio' in incision) return undiscounted(together, incision.ratio, point);
  for (const { claim } of together.slice(0, 1)) notApplicable('ratio-unspecified', claim);
  return null;
}

/** Operations by incision group, each with the first point that names the group. */
function byIncision(
  operations: readonly LineFacts[],
  set: KnowledgeSet<'incision-groups'>,
): Map<Point, LineFacts[]> {
  const groups = new Map<string, { point: Point; lines: LineFacts[] }>();
  for (const line of operations) {
    for (const point of set.at(line.itemCode ?? '', line.chargedOn)) {
      const known = groups.get(point.limit.group);
      if (known === undefined) groups.set(point.limit.group, { point, lines: [line] });
      else known.lines.push(line);
    }
  }
  return new Map([...groups.values()].map(({ point, lines }) => [point, lines]));
}

function undiscounted(operations: readonly LineFacts[], ratio: Decimal, point: Point): Hit | null {
  const [main, ...others] = operations.toSorted(dearestFirst);
  if (main === undefined) return null;
  const violating = others
    .filter(({ itemCode }) => itemCode !== main.itemCode)
    .map((line) => overcharged(line, ratio))
    .filter((range) => range !== null);
  if (violating.length === 0) return null;
  return lineHit({
    windowKey: `${point.limit.group} ${main.chargedOn}`,
    violating,
    involvedLines: [main],
    facts: {
      group: point.limit.group,
      on: main.chargedOn,
      main: main.itemName,
      others: violating.map(({ line }) => line.itemName).join('、'),
      ratio: ratio.toString(),
    },
    point,
  });
}

function dearestFirst(a: LineFacts, b: LineFacts): number {
  if (a.unitPrice !== b.unitPrice) return b.unitPrice - a.unitPrice;
  return (a.itemCode ?? '') < (b.itemCode ?? '') ? -1 : 1;
}

/** The part of each charged unit above ratio × the whole operations; null when the discount was given. */
function overcharged(line: LineFacts, ratio: Decimal): UnitRange | null {
  if (line.quantity <= 0) return null;
  const operations = Math.ceil(line.quantity / UNIT) * UNIT;
  const allowed = ratio.times(operations).div(line.quantity);
  if (allowed.gte(1)) return null;
  const part = WHOLE_PART - allowed.times(WHOLE_PART).round().toNumber();
  return { line, from: 0, to: line.quantity, part };
}

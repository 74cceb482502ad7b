import { z } from 'zod';
import type { KnowledgePoint } from '../../knowledge/knowledge.js';
import type { RowCheck } from '../screen/row-check.js';
import { defineTemplate, lineHit, wholeLine } from '../template.js';

const params = z.strictObject({
  set: z.literal('tcm-pieces'),
  scope: z.literal('never'),
});
type Params = z.infer<typeof params>;

/** T11 of a single piece: a line within the scope of insurance holds an item that is never payable (饮片单复方均不予支付). */
export const listedItem = defineTemplate<Params>({
  name: 'listed-item',
  params,
  trigger: 'codes',
  codes: ({ set, scope }, knowledge) =>
    knowledge.set(set).points.flatMap(({ limit, codes }) => (limit.scope === scope ? codes : [])),
  rowChecks: ({ set, scope }, knowledge) =>
    bySpan(knowledge.set(set).points.filter(({ limit }) => limit.scope === scope)),

  evaluate(_person, lines, { params: { set, scope }, knowledge }) {
    return lines.flatMap((line) => {
      const point = knowledge
        .set(set)
        .at(line.itemCode ?? '', line.chargedOn)
        .find(({ limit }) => limit.scope === scope);
      if (point === undefined || line.eligibleFen <= 0n) return [];
      return [
        lineHit({
          windowKey: line.chargedOn,
          violating: [wholeLine(line)],
          facts: { item: line.itemName, on: line.chargedOn },
          point,
        }),
      ];
    });
  },
});

/** One check for all items in force on the same dates. */
function bySpan(points: readonly KnowledgePoint[]): Iterable<RowCheck> {
  const checks = new Map<string, RowCheck & { readonly codes: string[] }>();
  for (const { codes, effectiveFrom, effectiveUntil } of points) {
    const key = `${effectiveFrom} ${effectiveUntil}`;
    const check = checks.get(key);
    if (check === undefined)
      checks.set(key, {
        codes: [...codes],
        ...{ effectiveFrom, effectiveUntil, withinScope: true, tests: [] },
        profile: () => 'hit',
      });
    else check.codes.push(...codes);
  }
  return checks.values();
}

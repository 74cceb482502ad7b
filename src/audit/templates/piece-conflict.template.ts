import { z } from 'zod';
import type { LineFacts } from '../facts.js';
import { pieceConflict } from '../tables/drug-use.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';
import { groupLines } from '../windows/line-groups.js';
import { sidesProbe } from '../windows/sides-probe.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/** T4 of a prescription: pieces that are not used together stand in one prescription (饮片配伍禁忌). A reminder only. */
export const pieceConflicts = defineTemplate<Params>({
  name: 'piece-conflict',
  params,
  trigger: 'codes',
  strongest: 'REMIND',
  ownLines: true,
  needs: () => ({ tables: [pieceConflict] }),
  codes: (_params, _knowledge, tables) => tables.get(pieceConflict).codes(),
  suspectsLines: (_params, _knowledge, codes, tables) =>
    sidesProbe(
      tables.get(pieceConflict).rows.map(({ row: { pieces, against } }) => ({
        one: new Set(pieces.map((code) => codes.get(code) ?? 0)),
        other: new Set(against.map((code) => codes.get(code) ?? 0)),
      })),
    ),

  evaluate(_person, lines, context) {
    const given = lines.filter(({ quantity }) => quantity > 0);
    return [...groupLines(given, ({ claim }) => claim.key).values()].flatMap((ofClaim) =>
      conflicts(ofClaim, context),
    );
  },
});

function conflicts(
  ofClaim: readonly LineFacts[],
  { tables, notApplicable }: EvaluationContext<Params>,
): Hit[] {
  const hits: Hit[] = [];
  for (const { row, cells, from, until } of tables.get(pieceConflict).rows) {
    const inForce = ofClaim.filter(
      ({ chargedOn }) =>
        (from === null || chargedOn >= from) && (until === null || chargedOn < until),
    );
    const [one, other] = [row.pieces, row.against].map((codes) =>
      inForce.filter(({ itemCode }) => codes.includes(itemCode ?? '')),
    );
    if (one?.[0] === undefined || other?.[0] === undefined) continue;
    const unnumbered = [...one, ...other].some(({ prescriptionNo }) => prescriptionNo === null);
    if (unnumbered) notApplicable('missing-prescription', one[0].claim);
    for (const [no, pieces] of groupLines(one, ({ prescriptionNo }) => prescriptionNo ?? '')) {
      const against = other.filter(({ prescriptionNo }) => prescriptionNo === no);
      if (no !== '' && against.length > 0)
        hits.push({
          ...hitOf(no, pieces, against),
          tableRow: { table: pieceConflict.name, cells },
        });
    }
  }
  return hits;
}

function hitOf(no: string, one: readonly LineFacts[], other: readonly LineFacts[]): Hit {
  const names = (lines: readonly LineFacts[]) =>
    [...new Set(lines.map(({ itemName }) => itemName))].join('、');
  return lineHit({
    certainty: 'watch',
    windowKey: `${no} ${names(one)} ${names(other)}`,
    violating: [...one, ...other].map(wholeLine),
    facts: { prescription: no, one: names(one), other: names(other) },
    point: null,
  });
}

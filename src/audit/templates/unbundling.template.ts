import { z } from 'zod';
import { type Fen, sum, toYuan } from '../../kernel/money.js';
import type { LineFacts } from '../facts.js';
import type { TableRow } from '../local-table.js';
import { MICRO_YUAN, UNIT } from '../scaled.js';
import { type Bundle, bundle } from '../tables/bundle.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  WHOLE_PART,
} from '../template.js';
import { bundleProbe } from '../windows/bundle-probe.js';
import { unitsOf } from '../windows/latest-units.js';
import { groupLines } from '../windows/line-groups.js';
import { unmappedClaim, WindowLines } from '../windows/window-lines.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/**
 * Parts of an item charged one by one on a day instead of the item, for more than it costs (分解收费). At stake is the difference, spread
 * over the parts.
 */
export const unbundling = defineTemplate<Params>({
  name: 'unbundling',
  params,
  trigger: 'codes',
  ownLines: true,
  needs: () => ({ tables: [bundle] }),
  codes: (_params, _knowledge, tables) => tables.get(bundle).codes(),

  suspectsLines(_params, _knowledge, codes, tables) {
    return bundleProbe(
      tables.get(bundle).rows.map(({ row: { members, minMembers } }) => ({
        members: new Set(members.map((code) => codes.get(code) ?? 0)),
        minMembers,
      })),
    );
  },

  evaluate(person, lines, context) {
    const around = new WindowLines(person);
    const days = groupLines(lines, ({ claim, chargedOn }) => `${claim.institution} ${chargedOn}`);
    return [...days.values()].flatMap((ofDay) =>
      rowsOf(ofDay, context).flatMap((row) => splitOf(row, ofDay, { around, context }) ?? []),
    );
  },
});

/** Rows of which a part was charged, as long as they were in force. */
function rowsOf(ofDay: readonly LineFacts[], { tables }: EvaluationContext<Params>) {
  const table = tables.get(bundle);
  return [
    ...new Set(ofDay.flatMap(({ itemCode, chargedOn }) => table.at(itemCode ?? '', chargedOn))),
  ].filter(({ row: { level } }) => level === null || level === ofDay[0]?.claim.level);
}

function splitOf(
  { row, cells }: TableRow<Bundle>,
  ofDay: readonly LineFacts[],
  { around, context }: { around: WindowLines; context: EvaluationContext<Params> },
): Hit | null {
  const parts = ofDay.filter(({ itemCode }) => row.members.includes(itemCode ?? ''));
  const byCode = groupLines(parts, ({ itemCode }) => itemCode ?? '');
  const [first] = parts;
  if (first === undefined || byCode.size < row.minMembers) return null;
  const all = around.around(first, 'day');
  if (all.some(({ itemCode }) => itemCode === row.bundle)) return null;
  const sets = BigInt(Math.ceil(Math.max(...[...byCode.values()].map(unitsOf)) / UNIT));
  const charged = sum(parts.map(({ amountFen }) => amountFen));
  const whole = ((BigInt(row.price) * sets) / BigInt(MICRO_YUAN / 100)) as Fen;
  if (charged <= whole) return null;
  if (unmappedClaim(all) !== null) {
    context.notApplicable('unmapped-items', first.claim);
    return null;
  }
  const part = Number(((charged - whole) * BigInt(WHOLE_PART)) / charged);
  return lineHit({
    windowKey: `${row.bundle} ${first.claim.institution} ${first.chargedOn}`,
    violating: parts.map((line) => ({ line, from: 0, to: line.quantity, part })),
    facts: {
      bundle: row.name,
      parts: byCode.size,
      on: first.chargedOn,
      charged: toYuan(charged),
      price: toYuan(whole),
      excess: toYuan((charged - whole) as Fen),
    },
    point: null,
    tableRow: { table: bundle.name, cells },
  });
}

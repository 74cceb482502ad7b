import { z } from 'zod';
import { whole } from '../../config/values.js';
import { addDays } from '../../kernel/dates.js';
import type { LineFacts, PersonHistory } from '../facts.js';
import { startsWithAny } from '../param-kinds.js';
import { firstLine } from '../tables/first-line.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({
  set: z.literal('second-line'),
  /** Days before the charge in which a first-line drug is looked for. */
  lookbackDays: whole(1, 3650),
});
type Params = z.infer<typeof params>;

/** T2 over time: a drug for second-line use was given although no first-line drug was, at any member, in the time before (限二线使用). */
export const secondLine = defineTemplate<Params>({
  name: 'second-line',
  params,
  trigger: 'claims',
  strongest: 'SUSP',
  needs: () => ({ tables: [firstLine] }),
  codes: () => [],
  suspects: ({ set }, _tables, knowledge) => ({
    query: 'buyersOf',
    values: { codes: [...knowledge.set(set).codes()] },
  }),

  evaluate(person, _lines, context) {
    return person.claims.flatMap(({ lines }) =>
      lines
        .filter(({ eligibleFen }) => eligibleFen > 0n)
        .flatMap((line) => judge(line, person, context) ?? []),
    );
  },
});

function judge(
  line: LineFacts,
  person: PersonHistory,
  { params: { set, lookbackDays }, knowledge, tables, notApplicable }: EvaluationContext<Params>,
): Hit | null {
  const [point] = knowledge.set(set).at(line.itemCode ?? '', line.chargedOn);
  if (point === undefined) return null;
  const [row] = tables.get(firstLine).at(line.itemCode ?? '', line.chargedOn);
  if (row === undefined) {
    notApplicable('first-line-not-listed', line.claim);
    return null;
  }
  const since = addDays(line.chargedOn, -lookbackDays);
  const tried = person.claims.some(({ lines }) =>
    lines.some(
      ({ itemCode, chargedOn, quantity }) =>
        quantity > 0 &&
        chargedOn >= since &&
        chargedOn < line.chargedOn &&
        startsWithAny(itemCode ?? '', row.row.first),
    ),
  );
  if (tried) return null;
  return lineHit({
    certainty: 'watch',
    windowKey: line.chargedOn,
    violating: [wholeLine(line)],
    facts: { item: line.itemName, on: line.chargedOn, since, first: row.row.first.join('、') },
    point,
    tableRow: { table: firstLine.name, cells: row.cells },
  });
}

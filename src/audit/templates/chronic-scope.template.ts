import { z } from 'zod';
import type { LineFacts, PersonHistory } from '../facts.js';
import { startsWithAny } from '../param-kinds.js';
import { isWithin } from '../registers.js';
import { chronicDrug } from '../tables/chronic-drug.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;
type Context = EvaluationContext<Params>;

/**
 * T1 of a person's recognised diseases: a drug charged to the chronic outpatient benefit that the catalogue of none of the person's
 * diseases holds (超病种用药). Who has no recognised disease on the day is a suspicion only: registers lag behind.
 */
export const chronicScope = defineTemplate<Params>({
  name: 'chronic-scope',
  params,
  trigger: 'claims',
  needs: () => ({ tables: [chronicDrug], registers: ['chronic-approvals'] }),
  codes: () => [],
  suspects: () => ({ query: 'chronicDrugs', values: {} }),

  evaluate(person, _lines, context) {
    return person.claims
      .filter(({ careType }) => careType === 'chronic')
      .flatMap(({ lines }) =>
        lines
          .filter(({ kind, eligibleFen }) => kind === 'drug' && eligibleFen > 0n)
          .flatMap((line) => judge(line, person, context) ?? []),
      );
  },
});

function judge(line: LineFacts, { registered }: PersonHistory, context: Context): Hit | null {
  const { claim, itemCode, chargedOn } = line;
  if (itemCode === null) {
    context.notApplicable('unmapped-items', claim);
    return null;
  }
  const diseases = registered.chronicApprovals
    .filter((approval) => isWithin(approval, chargedOn))
    .map(({ disease }) => disease);
  const table = context.tables.get(chronicDrug);
  const lists = diseases.map((disease) => table.at(disease, chargedOn));
  if (lists.some((rows) => rows.some(({ row }) => startsWithAny(itemCode, row.drugs)))) return null;
  if (lists.some((rows) => rows.length === 0)) {
    context.notApplicable('disease-not-listed', claim);
    return null;
  }
  return lineHit({
    windowKey: chargedOn,
    violating: [wholeLine(line)],
    facts: {
      item: line.itemName,
      on: chargedOn,
      diseases: diseases.length === 0 ? '无有效认定' : diseases.join('、'),
    },
    point: null,
    ...(diseases.length === 0 ? { class: 'SUSP' as const, certainty: 'watch' as const } : {}),
  });
}

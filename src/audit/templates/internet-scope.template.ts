import { z } from 'zod';
import { isInpatient } from '../../claims/claim.js';
import type { LineFacts } from '../facts.js';
import { internetDepartment } from '../tables/internet-department.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({ set: z.literal('internet-scope') });
type Params = z.infer<typeof params>;

/** T1: a drug that must not be prescribed over the internet, by a department that gives care over the internet (超互联网医院药品支付范围). */
export const internetScope = defineTemplate<Params>({
  name: 'internet-scope',
  params,
  trigger: 'codes',
  ownLines: true,
  needs: () => ({ tables: [internetDepartment] }),
  codes: ({ set }, knowledge) => knowledge.set(set).codes(),
  rowChecks: ({ set }, knowledge) => [
    {
      codes: [...knowledge.set(set).codes()],
      ...{ effectiveFrom: null, effectiveUntil: null, withinScope: true, tests: [] },
      // The department stands in no row.
      profile: ({ careType }) => (isInpatient(careType) ? 'fits' : 'unsure'),
    },
  ],

  evaluate(_person, lines, context) {
    return lines
      .filter(({ eligibleFen, claim }) => eligibleFen > 0n && !isInpatient(claim.careType))
      .flatMap((line) => judge(line, context) ?? []);
  },
});

function judge(
  line: LineFacts,
  { params: { set }, knowledge, tables, notApplicable }: EvaluationContext<Params>,
): Hit | null {
  const [point] = knowledge.set(set).at(line.itemCode ?? '', line.chargedOn);
  const online = tables.get(internetDepartment).at(line.claim.institution, line.chargedOn);
  if (point === undefined || online.length === 0) return null;
  const department = line.department ?? line.claim.department;
  if (department === null) {
    notApplicable('missing-department', line.claim);
    return null;
  }
  const own = online.find(({ row }) => row.department === department);
  if (own === undefined) return null;
  return lineHit({
    windowKey: line.chargedOn,
    violating: [wholeLine(line)],
    facts: { item: line.itemName, on: line.chargedOn, department },
    point,
    tableRow: { table: internetDepartment.name, cells: own.cells },
  });
}

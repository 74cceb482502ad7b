import { z } from 'zod';
import { FEE_CLASSES } from '../../claims/claim.js';
import { sum, toYuan } from '../../kernel/money.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import { feeClassOf, prefixesOf } from '../fee-class.js';
import { feeClassesParam, prefixesParam, startsWithAny } from '../param-kinds.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

const params = z.strictObject({
  /** Fee classes that an operation leaves behind. */
  operationClasses: feeClassesParam,
  /** Beginnings of item codes of these classes that are no operation by themselves: anaesthesia. */
  notItems: prefixesParam,
});
type Params = z.infer<typeof params>;

/** A stay in which an operation was charged and none is coded (漏编手术). The claim goes back to be completed; no money is at stake. */
export const uncodedOperations = defineTemplate<Params>({
  name: 'uncoded-operation',
  params,
  trigger: 'claims',
  strongest: 'RETURN',
  codes: () => [],
  suspects: ({ operationClasses }, tables) => ({
    query: 'chargedWithoutCode',
    values: {
      classes: operationClasses,
      prefixes: prefixesOf(operationClasses, tables),
      others: prefixesOf(
        FEE_CLASSES.filter((each) => !operationClasses.includes(each)),
        tables,
      ),
    },
  }),

  evaluate: ({ stays }, _lines, context) =>
    stays.flatMap(({ claim }) => (claim.procedures.length > 0 ? [] : judge(claim, context))),
});

function judge(
  claim: ClaimFacts,
  { params: { operationClasses, notItems }, tables, notApplicable }: EvaluationContext<Params>,
): Hit[] {
  const charged = claim.lines.filter(({ quantity }) => quantity > 0);
  const operations: LineFacts[] = [];
  let isUnclear = false;
  for (const line of charged) {
    const feeClass = feeClassOf(line, tables);
    if (feeClass === null) isUnclear = true;
    else if (operationClasses.includes(feeClass) && !startsWithAny(line.itemCode ?? '', notItems))
      operations.push(line);
  }
  if (operations.length > 0) return [hitOf(claim, operations)];
  if (isUnclear) notApplicable('unknown-fee-class', claim);
  return [];
}

function hitOf(claim: ClaimFacts, operations: readonly LineFacts[]): Hit {
  return {
    certainty: 'core',
    windowKey: claim.key,
    violating: [],
    involvedLines: operations,
    violatingClaims: [{ claim, days: 1, ofDays: 1 }],
    involvedClaims: [],
    facts: {
      items: [...new Set(operations.map(({ itemName }) => itemName))].join('、'),
      fee: toYuan(sum(operations.map(({ amountFen }) => amountFen))),
    },
    point: null,
  };
}

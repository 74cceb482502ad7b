import { z } from 'zod';
import { dateOf } from '../../kernel/dates.js';
import { type Fen, subtract } from '../../kernel/money.js';
import type { ClaimFacts } from '../facts.js';
import { priceCase, priceDeclared } from '../group-standards.js';
import { declaredCase, withoutCodes } from '../grouping.js';
import type { LocalTables, TableRow } from '../local-table.js';
import { startsWithAny } from '../param-kinds.js';
import { type OperationDiagnoses, operationDiagnoses } from '../tables/coding.js';
import { groupStandard } from '../tables/group-standard.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

type Params = Record<never, never>;

/**
 * Stays whose main operation does not go with the principal diagnosis (诊断与手术不符). Where regrouping without the operation lowers what the
 * group stands for, the difference is at stake; else people decide.
 */
export const diagnosisProcedure = defineTemplate<Params>({
  name: 'diagnosis-procedure',
  params: z.strictObject({}),
  trigger: 'claims',
  codes: () => [],
  needs: () => ({ tables: [operationDiagnoses] }),
  suspects: (_limits, tables) => ({
    query: 'codedStays',
    values: {
      procedures: [...tables.get(operationDiagnoses).codes()].map((prefix) => `${prefix}%`),
      diagnoses: [],
    },
  }),

  evaluate: ({ stays }, _lines, context) => stays.flatMap(({ claim }) => judged(claim, context)),
});

function judged(claim: ClaimFacts, context: EvaluationContext<Params>): Hit[] {
  const [operation] = claim.procedures;
  const rows = operation === undefined ? [] : rowsOf(operation, claim, context.tables);
  if (operation === undefined || rows.length === 0) return [];
  const { principalDiagnosis: diagnosis } = claim;
  if (diagnosis === null) {
    context.notApplicable('missing-principal-diagnosis', claim);
    return [];
  }
  if (rows.some(({ row }) => startsWithAny(diagnosis, row.diagnoses))) return [];
  const amountFen = differenceOf(claim, operation, context);
  const [{ cells } = { cells: {} }] = rows;
  return [
    {
      certainty: 'core',
      windowKey: `${diagnosis} ${operation}`,
      violating: [],
      involvedLines: [],
      violatingClaims: [
        { claim, days: 1, ofDays: 1, ...(amountFen === null ? {} : { amountFen }) },
      ],
      involvedClaims: [],
      ...(amountFen === null ? { awaitsPanel: true } : {}),
      facts: { diagnosis, operation },
      point: null,
      tableRow: { table: operationDiagnoses.name, cells },
    },
  ];
}

/** Rows of the longest beginning of the code that the table knows. */
function rowsOf(
  code: string,
  { dischargedAt, settledOn }: ClaimFacts,
  tables: LocalTables,
): readonly TableRow<OperationDiagnoses>[] {
  const table = tables.get(operationDiagnoses);
  for (let length = code.length; length > 0; length -= 1) {
    const rows = table.at(code.slice(0, length), dateOf(dischargedAt ?? settledOn));
    if (rows.length > 0) return rows;
  }
  return [];
}

function differenceOf(
  claim: ClaimFacts,
  operation: string,
  context: EvaluationContext<Params>,
): Fen | null {
  if (context.tables.get(groupStandard).isEmpty) return null;
  const declared = priceDeclared(claim, context);
  const right = priceCase(withoutCodes(declaredCase(claim), new Set([operation])), claim, context);
  if ('unknown' in declared || 'unknown' in right) return null;
  const difference = subtract(declared.standard, right.standard);
  return difference > 0n ? difference : null;
}

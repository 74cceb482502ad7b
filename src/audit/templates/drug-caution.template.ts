import { z } from 'zod';
import { ageInYears } from '../../kernel/dates.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import type { TableRow } from '../local-table.js';
import type { NotApplicableReason } from '../not-applicable.js';
import { startsWithAny } from '../param-kinds.js';
import { CAUTIONS, type DrugCaution, drugCaution } from '../tables/drug-use.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/** A drug that had better not be given to this person, with this disease or beside that drug (禁忌、相互作用、老年、妊娠). A reminder only. */
export const drugCautions = defineTemplate<Params>({
  name: 'drug-caution',
  params,
  trigger: 'claims',
  strongest: 'REMIND',
  needs: () => ({ tables: [drugCaution] }),
  codes: () => [],
  suspects: (_params, tables) => {
    const rows = tables
      .get(drugCaution)
      .rows.flatMap(({ row }) => row.drugs.map((drug) => ({ drug, row })));
    return {
      query: 'drugsOfCaution',
      values: {
        codes: rows.map(({ drug }) => drug),
        diagnoses: rows.map(({ row }) => (row.diagnoses ?? []).join(' ')),
        others: rows.map(({ row }) => (row.other ?? []).join(' ')),
        minYears: rows.map(({ row }) => String(row.minYears ?? -1)),
      },
    };
  },

  evaluate: ({ claims }, _lines, context) => claims.flatMap((claim) => ofClaim(claim, context)),
});

function ofClaim(claim: ClaimFacts, { tables, notApplicable }: EvaluationContext<Params>): Hit[] {
  const table = tables.get(drugCaution);
  const byRow = new Map<TableRow<DrugCaution>, LineFacts[]>();
  for (const line of claim.lines.filter(({ quantity }) => quantity > 0))
    for (const row of table.at(line.itemCode ?? '', line.chargedOn))
      byRow.set(row, [...(byRow.get(row) ?? []), line]);
  return [...byRow].flatMap(([row, lines]) => {
    const answers = CONDITIONS.map((condition) => condition(row.row, lines, claim));
    if (answers.includes(false)) return [];
    const unknown = answers.find((answer) => typeof answer === 'string');
    if (unknown === undefined) return hitOf(row, lines);
    notApplicable(unknown, claim);
    return [];
  });
}

type Answer = boolean | NotApplicableReason;
type Condition = (row: DrugCaution, lines: readonly LineFacts[], claim: ClaimFacts) => Answer;

/** What a row does not ask for holds. */
const CONDITIONS: readonly Condition[] = [
  ({ diagnoses }, _lines, claim) => {
    if (diagnoses === null) return true;
    if (claim.diagnoses.length === 0) return 'missing-diagnoses';
    return claim.diagnoses.some((code) => startsWithAny(code, diagnoses));
  },
  ({ other }, lines, claim) =>
    other === null ||
    claim.lines.some(
      (line) =>
        line.quantity > 0 && !lines.includes(line) && startsWithAny(line.itemCode ?? '', other),
    ),
  ({ minYears }, [first], { birthDate }) => {
    if (minYears === null || first === undefined) return true;
    if (birthDate === null) return 'missing-birth-date';
    return ageInYears(birthDate, first.chargedOn) >= minYears;
  },
];

const WORDS: Readonly<Record<(typeof CAUTIONS)[number], string>> = {
  contraindication: '禁忌症',
  interaction: '相互作用',
  elderly: '老年慎用',
  pregnancy: '妊娠哺乳期慎用',
};

function hitOf({ row, cells }: TableRow<DrugCaution>, lines: readonly LineFacts[]): Hit {
  return lineHit({
    certainty: 'watch',
    windowKey: `${row.about} ${row.note}`,
    violating: lines.map(wholeLine),
    facts: { item: lines[0]?.itemName ?? '', about: WORDS[row.about], note: row.note },
    point: null,
    tableRow: { table: drugCaution.name, cells },
  });
}

import { z } from 'zod';
import { INSTITUTION_LEVELS } from '../../claims/claim.js';
import { ageInYears, daysBetween } from '../../kernel/dates.js';
import type { KnowledgePoint } from '../../knowledge/knowledge.js';
import type { LineFacts } from '../facts.js';
import { type Leaf, type LeafTruth, type Truth, truthOf } from '../indication-tree.js';
import type { LoadedTable, TableRow } from '../local-table.js';
import { startsWithAny } from '../param-kinds.js';
import { type IndicationTree, indicationTree } from '../tables/indication-tree.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({ set: z.literal('indication') });
type Params = z.infer<typeof params>;

/** A point with what its tree came to. */
interface Judged {
  readonly point: KnowledgePoint;
  readonly row: TableRow<IndicationTree>;
  readonly truth: Truth;
  readonly leaves: readonly LeafTruth[];
}

const TRUTH_WORDS = { true: '是', false: '否', unknown: '未知' } as const;

/**
 * T2: the claim does not bear out the indication to which a drug is limited (限适应症). Limits are trees over coded facts; what only the
 * record tells is a leaf for people, and a tree with one is a suspicion at most. Limits without a tree are counted, not passed over.
 */
export const indication = defineTemplate<Params>({
  name: 'indication',
  params,
  trigger: 'codes',
  codes: ({ set }, knowledge) => knowledge.set(set).codes(),
  rowChecks: ({ set }, knowledge) => [
    {
      codes: [...knowledge.set(set).codes()],
      ...{ effectiveFrom: null, effectiveUntil: null, withinScope: true, tests: [] },
      // Diagnoses stand in no row: the claim is looked at.
      profile: () => 'unsure',
    },
  ],

  evaluate(_person, lines, context) {
    return lines
      .filter(({ eligibleFen }) => eligibleFen > 0n)
      .flatMap((line) => judgeLine(line, context) ?? []);
  },
});

function judgeLine(line: LineFacts, context: EvaluationContext<Params>): Hit | null {
  const { params: limits, knowledge, tables, notApplicable } = context;
  const points = knowledge.set(limits.set).at(line.itemCode ?? '', line.chargedOn);
  if (points.length === 0) return null;
  const table = tables.get(indicationTree);
  const judged = points.flatMap((point) => judgePoint(line, point, table) ?? []);
  if (judged.some(({ truth }) => truth === 'true')) return null;
  if (judged.length < points.length) {
    notApplicable('no-tree', line.claim);
    return null;
  }
  if (judged.some(({ truth }) => truth === 'unknown')) {
    notApplicable(
      line.claim.diagnoses.length === 0 ? 'missing-diagnoses' : 'needs-records',
      line.claim,
    );
    return null;
  }
  const [first] = judged;
  return first === undefined ? null : hitOf(line, first);
}

function judgePoint(
  line: LineFacts,
  point: KnowledgePoint,
  table: LoadedTable<IndicationTree>,
): Judged | null {
  const [row] = table.at(point.id, line.chargedOn);
  if (row === undefined) return null;
  const leaves: LeafTruth[] = [];
  const truth = truthOf(row.row.tree, (leaf) => ask(leaf, line), leaves);
  return { point, row, truth, leaves };
}

function hitOf(line: LineFacts, { point, row, leaves }: Judged): Hit {
  return lineHit({
    windowKey: line.chargedOn,
    violating: [wholeLine(line)],
    facts: {
      item: line.itemName,
      on: line.chargedOn,
      limit: point.text,
      diagnoses: line.claim.diagnoses.join('、'),
      tree: leaves.map(({ text, truth }) => `${text} ${TRUTH_WORDS[truth]}`).join('；'),
    },
    point,
    tableRow: { table: indicationTree.name, cells: row.cells },
    ...(row.row.fullyCoded ? {} : { class: 'SUSP' as const, certainty: 'watch' as const }),
  });
}

function ask(leaf: Leaf, line: LineFacts): Truth {
  const { claim } = line;
  switch (leaf.kind) {
    case 'dx':
      return anyCode(claim.diagnoses, leaf.prefixes);
    case 'pdx':
      return anyCode(
        claim.principalDiagnosis === null ? [] : [claim.principalDiagnosis],
        leaf.prefixes,
      );
    case 'op':
      return truth(claim.procedures.some((code) => startsWithAny(code, leaf.prefixes)));
    case 'age':
    case 'days':
      return ageTruth(leaf, line);
    case 'sex':
      return claim.sex === 'unknown' ? 'unknown' : truth(claim.sex === leaf.sex);
    case 'level':
      return truth(
        INSTITUTION_LEVELS.indexOf(claim.level) >= INSTITUTION_LEVELS.indexOf(leaf.least),
      );
    case 'care':
      return truth(leaf.types.includes(claim.careType));
    case 'department': {
      const department = line.department ?? claim.department;
      return department === null ? 'unknown' : truth(leaf.names.includes(department));
    }
    case 'manual':
      return 'unknown';
  }
}

function truth(holds: boolean): Truth {
  return holds ? 'true' : 'false';
}

/** A claim without any code says nothing of what the person has. */
function anyCode(codes: readonly string[], prefixes: readonly string[]): Truth {
  if (codes.length === 0) return 'unknown';
  return truth(codes.some((code) => startsWithAny(code, prefixes)));
}

function ageTruth(leaf: Extract<Leaf, { kind: 'age' | 'days' }>, line: LineFacts): Truth {
  const { birthDate } = line.claim;
  if (birthDate === null || birthDate > line.chargedOn) return 'unknown';
  const age =
    leaf.kind === 'age'
      ? ageInYears(birthDate, line.chargedOn)
      : daysBetween(birthDate, line.chargedOn);
  return truth(leaf.comparison === '<' ? age < leaf.bound : age >= leaf.bound);
}

import { z } from 'zod';
import type { KnowledgeBase, KnowledgePoint } from '../../knowledge/knowledge.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';
import { PiecesOfPrescriptions } from '../watches/prescriptions.js';
import { groupLines } from '../windows/line-groups.js';

const params = z.strictObject({ set: z.literal('tcm-pieces') });
type Params = z.infer<typeof params>;
type Point = KnowledgePoint<'tcm-pieces'>;

/**
 * T11: a prescription made of nothing but pieces of a list (单方不予支付，且全部由这些饮片组成的处方也不予支付). One piece that is not in
 * the list makes all of it payable. Where a source gives no prescription number, a claim whose pieces are all listed is certain, and one
 * that mixes them is not judged.
 */
export const setComposition = defineTemplate<Params>({
  name: 'set-composition',
  params,
  trigger: 'claims',
  codes: () => [],
  watch: ({ set }, _tables, knowledge) => ({
    key: `piecesOfPrescription ${set}`,
    kinds: ['tcm-piece'],
    concerns: () => true,
    start({ items }) {
      const listed = listedCodes(set, knowledge);
      return new PiecesOfPrescriptions((item) => {
        const code = items.codeOf(item);
        return code === null ? null : listed.has(code);
      });
    },
    unjudged: 'missing-prescription',
  }),

  evaluate({ claims }, _lines, context) {
    return claims.flatMap((claim) => ofClaim(claim, context));
  },
});

function listedCodes(set: Params['set'], knowledge: KnowledgeBase): ReadonlySet<string> {
  const points = knowledge.set(set).points.filter(isNotAlone);
  return new Set(points.flatMap(({ codes }) => codes));
}

function isNotAlone({ limit }: Point): boolean {
  return limit.scope === 'not-alone';
}

function pointOf(
  { itemCode, chargedOn }: LineFacts,
  { params: { set }, knowledge }: EvaluationContext<Params>,
): Point | null {
  return (
    knowledge
      .set(set)
      .at(itemCode ?? '', chargedOn)
      .find(isNotAlone) ?? null
  );
}

function ofClaim(claim: ClaimFacts, context: EvaluationContext<Params>): Hit[] {
  const pieces = claim.lines.filter(({ kind, quantity }) => kind === 'tcm-piece' && quantity > 0);
  const unnumbered = pieces.filter(({ prescriptionNo }) => prescriptionNo === null);
  const isListed = (line: LineFacts): boolean => pointOf(line, context) !== null;
  const isMixed = unnumbered.some(isListed) && !unnumbered.every(isListed);
  if (isMixed) context.notApplicable('missing-prescription', claim);
  const judged = isMixed ? pieces.filter(({ prescriptionNo }) => prescriptionNo !== null) : pieces;
  const prescriptions = groupLines(judged, ({ prescriptionNo }) => prescriptionNo ?? '');
  return [...prescriptions].flatMap(([no, lines]) => ofPrescription(no, lines, context) ?? []);
}

function ofPrescription(
  no: string,
  pieces: readonly LineFacts[],
  context: EvaluationContext<Params>,
): Hit | null {
  const [first] = pieces;
  const points = pieces.flatMap((line) => pointOf(line, context) ?? []);
  const paid = pieces.filter(({ eligibleFen }) => eligibleFen > 0n);
  if (first === undefined || paid.length === 0) return null;
  if (points.length < pieces.length) {
    const unknown = pieces.filter(({ itemCode }) => itemCode === null);
    if (unknown.length > 0 && points.length + unknown.length === pieces.length && points.length > 0)
      context.notApplicable('unmapped-items', first.claim);
    return null;
  }
  return lineHit({
    windowKey: `${first.claim.key} ${no}`,
    violating: paid.map(wholeLine),
    facts: {
      prescription: no === '' ? '处方' : `处方 ${no}`,
      pieces: [...new Set(pieces.map(({ itemName }) => itemName))].join('、'),
      count: pieces.length,
    },
    point: points[0] ?? null,
  });
}

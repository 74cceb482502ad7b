import type { ClaimFacts } from './facts.js';
import type { TraceReuse } from './registers.js';

/**
 * Trace codes that more than one settlement used, by the person of the later one. A claim that was taken back, even in part, uses none,
 * nor does an item of which the claim itself takes something back. Of settlements of one day the key decides which was first. Must find
 * what `TRACE_REUSE` finds in the books.
 */
export function reusedTraceCodes(
  claims: readonly ClaimFacts[],
): ReadonlyMap<string, readonly TraceReuse[]> {
  const takenBack = new Set(
    claims.flatMap(({ institution, refundOf }) =>
      refundOf === null ? [] : [`${institution}/${refundOf}`],
    ),
  );
  const firsts = new Map<string, ClaimFacts>();
  const reused = new Map<string, TraceReuse[]>();
  const inOrder = claims
    .filter(({ key, refundOf }) => refundOf === null && !takenBack.has(key))
    .sort((a, b) => (`${a.settledOn} ${a.key}` < `${b.settledOn} ${b.key}` ? -1 : 1));
  for (const claim of inOrder)
    for (const code of codesUsed(claim)) {
      const first = firsts.get(code);
      if (first === undefined) firsts.set(code, claim);
      else add(reused, claim, { code, first });
    }
  return reused;
}

function add(
  reused: Map<string, TraceReuse[]>,
  { personId, institution, claimNo }: ClaimFacts,
  { code, first }: { readonly code: string; readonly first: ClaimFacts },
): void {
  const { institution: at, claimNo: no, settledOn } = first;
  const reuse = { code, institution, claimNo, first: { institution: at, claimNo: no, settledOn } };
  reused.set(personId, [...(reused.get(personId) ?? []), reuse]);
}

function codesUsed({ lines }: ClaimFacts): ReadonlySet<string> {
  if (lines.every(({ traceCodes }) => traceCodes.length === 0)) return new Set();
  const takenBack = new Set(
    lines.filter(({ quantity }) => quantity < 0).map(({ itemCode }) => itemCode),
  );
  return new Set(
    lines
      .filter(({ quantity, itemCode }) => quantity > 0 && !takenBack.has(itemCode))
      .flatMap(({ traceCodes }) => traceCodes),
  );
}

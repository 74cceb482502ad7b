import { z } from 'zod';
import { isIsoDate } from '../../kernel/dates.js';
import type { ClaimFacts } from '../facts.js';
import type { TraceReuse } from '../registers.js';
import { defineTemplate, type Hit, lineHit, wholeLine } from '../template.js';

const params = z.strictObject({
  /** What a trace code looks like; others are not compared, since one text may stand for many boxes. */
  pattern: z.string().refine(isPattern, '应为正则表达式'),
  /** From this day on a drug without a code counts as not judged. */
  codesSince: z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD'),
});
type Params = z.infer<typeof params>;

/**
 * Trace codes of drugs that an earlier settlement, of whomever, has used up (追溯码重复结算). Which these are the books say as a whole; here
 * they are put to the person's lines as they stand.
 */
export const traceReuses = defineTemplate<Params>({
  name: 'trace-reuse',
  params,
  trigger: 'claims',
  needs: () => ({ traceReuse: true }),
  codes: () => [],
  // Whoever used a code again is looked at anyway.
  suspects: ({ codesSince }) => ({
    query: 'nobody',
    values: { codesSince },
    unjudged: { query: 'drugsWithoutTrace', reason: 'missing-trace-code' },
  }),

  evaluate({ claims, registered: { reusedTraceCodes } }, _lines, { params: own, notApplicable }) {
    const pattern = new RegExp(own.pattern, 'u');
    return claims.flatMap((claim) => {
      if (claim.settledOn >= own.codesSince && claim.lines.some(isUntraced))
        notApplicable('missing-trace-code', claim);
      return reusedTraceCodes
        .filter(
          ({ institution, claimNo }) =>
            institution === claim.institution && claimNo === claim.claimNo,
        )
        .filter(({ code }) => pattern.test(code))
        .flatMap((reuse) => hitOf(claim, reuse));
    });
  },
});

function isUntraced({ kind, quantity, traceCodes }: ClaimFacts['lines'][number]): boolean {
  return kind === 'drug' && quantity > 0 && traceCodes.length === 0;
}

function hitOf({ lines }: ClaimFacts, { code, first }: TraceReuse): Hit[] {
  const violating = lines.filter(
    ({ traceCodes, quantity }) => quantity > 0 && traceCodes.includes(code),
  );
  const [line] = violating;
  if (line === undefined) return [];
  return [
    lineHit({
      windowKey: `${line.claim.key} ${code}`,
      violating: violating.map(wholeLine),
      facts: {
        item: line.itemName,
        code,
        first: `${first.institution} ${first.claimNo}`,
        firstOn: first.settledOn,
      },
      point: null,
    }),
  ];
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source === text;
  } catch {
    return false;
  }
}

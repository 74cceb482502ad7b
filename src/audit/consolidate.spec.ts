import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, sum } from '../kernel/money.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { consolidate } from './consolidate.js';
import { type Draft, draftOf } from './draft.js';
import { addLine, type LineFacts, lineKey, type MutableClaim, openClaim } from './facts.js';
import type { Finding, FindingLine } from './finding.js';
import { CaseLedger } from './ledger.js';
import type { Rule } from './rule.js';
import { loadAuditBook } from './rules.loader.js';
import { lineHit, type UnitRange, WHOLE_PART } from './template.js';

const root = join(import.meta.dirname, '../..');
const book = loadAuditBook(
  { configDir: join(root, 'config'), siteDir: null },
  loadKnowledgeBase(join(root, 'knowledge')),
);
const rules = book.rules.filter(({ deduction }) => deduction !== 'NONE');

interface LineInput {
  readonly quantity: number;
  readonly eligible: bigint;
}

function claimWith(
  number: number,
  funds: readonly bigint[],
  lines: readonly LineInput[],
): MutableClaim {
  const claim = openClaim({
    institution: 'H1',
    claimNo: String(number),
    settledBy: 'H1',
    level: 'secondary',
    refundOf: null,
    personId: 'P1',
    sex: 'female',
    birthDate: null,
    pool: 'resident',
    careType: 'outpatient',
    period: '2024-03',
    settledOn: '2024-03-01',
    ...{ admittedAt: null, dischargedAt: null, dischargeMode: null },
    ...{
      totalFeeFen: fen(0n),
      fundPaidFen: fen(0n),
      accountPaidFen: fen(0n),
      cashPaidFen: fen(0n),
    },
    fundsFen: funds.map(fen),
    ...{ department: null, agencyGroupCode: null, groupStandardFen: null },
    ...{ principalDiagnosis: null, diagnoses: [], procedures: [] },
  });
  for (const [index, { quantity, eligible }] of lines.entries()) {
    addLine(claim, {
      lineNo: String(index + 1),
      chargedOn: '2024-03-01',
      minute: null,
      itemCode: 'X',
      itemName: 'X',
      ...{ quantity, unitPrice: 1, amountFen: fen(eligible), eligibleFen: fen(eligible) },
      ...{ kind: 'service', feeClass: null, prescriptionNo: null, department: null },
      ...{ doctor: null, daysSupply: null, traceCodes: [] },
    });
  }
  return claim;
}

const claimInput = fc.record({
  funds: fc.array(fc.bigInt({ min: 0n, max: 10_000_000n }), { minLength: 4, maxLength: 4 }),
  lines: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 300_000 }),
      eligible: fc.bigInt({ min: 0n, max: 1_000_000n }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});
/** Where hits fall, as fractions: of claims, lines and units. */
const hitInput = fc.record({
  rule: fc.nat(),
  claim: fc.nat(),
  line: fc.nat(),
  bounds: fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 1000 })),
  part: fc.constantFrom(WHOLE_PART, WHOLE_PART / 2, WHOLE_PART / 4),
  wholeCase: fc.boolean(),
  days: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 9, max: 12 })),
  /** What a case-level hit worked out: a difference of groups, of merged stays; also more than was paid. */
  amount: fc.option(fc.bigInt({ min: 0n, max: 60_000_000n }), { nil: undefined }),
});
type HitInput = typeof hitInput extends fc.Arbitrary<infer T> ? T : never;

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

function rangeOf(line: LineFacts, { bounds, part }: HitInput): UnitRange {
  const [a, b] = bounds.map((bound) => Math.floor((line.quantity * bound) / 1000)) as [
    number,
    number,
  ];
  return { line, from: Math.min(a, b), to: Math.max(a, b), part };
}

function draftFor(claims: readonly MutableClaim[], input: HitInput, index: number): Draft {
  const claim = pick(claims, input.claim);
  const rule: Rule = pick(rules, input.rule);
  const [days, ofDays] = input.days;
  const amount = input.amount === undefined ? {} : { amountFen: fen(input.amount) };
  return draftOf(
    rule,
    lineHit({
      windowKey: String(index),
      violating: input.wholeCase ? [] : [rangeOf(pick(claim.lines, input.line), input)],
      violatingClaims: input.wholeCase ? [{ claim, days, ofDays, ...amount }] : [],
      facts: {},
      point: null,
    }),
  );
}

const world = fc.record({
  claims: fc.array(claimInput, { minLength: 1, maxLength: 3 }),
  hits: fc.array(hitInput, { minLength: 1, maxLength: 12 }),
  dismissed: fc.array(fc.nat(), { maxLength: 3 }),
});

/** Not among the funds that are counted. */
const MEDICAL_AID = 3;

function dismissedOf(
  { dismissed }: { readonly dismissed: readonly number[] },
  drafts: readonly Draft[],
) {
  return new Set(dismissed.map((index) => pick(drafts, index).id));
}

function claimedOf(line: LineFacts, findings: readonly Finding[]) {
  const isSame = (each: FindingLine) =>
    `${each.institution}/${each.claimNo}/${each.lineNo}` === lineKey(line);
  return sum(
    findings.flatMap(({ lines }) => lines.filter(isSame).map(({ amountFen }) => amountFen)),
  );
}

describe('consolidation', () => {
  const build = ({
    claims: inputs,
    hits,
  }: {
    claims: readonly { funds: bigint[]; lines: LineInput[] }[];
    hits: readonly HitInput[];
  }) => {
    const claims = inputs.map(({ funds, lines }, index) => claimWith(index + 1, funds, lines));
    return { claims, drafts: hits.map((hit, index) => draftFor(claims, hit, index)) };
  };

  it('never claims more than a fund paid for the cases', () => {
    fc.assert(
      fc.property(world, (input) => {
        const { claims, drafts } = build(input);
        const { findings } = consolidate(drafts, book.settings, dismissedOf(input, drafts));
        const shares = findings.flatMap((finding) => finding.shares);
        return [0, 1, 2, 3].every((fund) => {
          const claimed = sum(shares.map(({ fundsFen }) => fundsFen[fund] ?? fen(0n)));
          const paid = sum(claims.map(({ fundsFen }) => fundsFen[fund] ?? fen(0n)));
          return claimed <= (fund === MEDICAL_AID ? 0n : paid);
        });
      }),
    );
  });

  it('never claims more of a case than was paid for it, by line and as a whole together', () => {
    fc.assert(
      fc.property(world, (input) => {
        const { claims, drafts } = build(input);
        const { findings } = consolidate(drafts, book.settings, dismissedOf(input, drafts));
        return claims.every((claim) => {
          const whole = new CaseLedger(claim, book.settings.funds).worthOfCase({
            claim,
            days: 1,
            ofDays: 1,
          });
          const ofLines = sum(claim.lines.map((line) => claimedOf(line, findings)));
          const ofCase = sum(
            findings
              .filter(({ lines, claims: [first] }) => lines.length === 0 && first?.claim === claim)
              .map(({ amountFen }) => amountFen),
          );
          return ofLines + ofCase <= whole;
        });
      }),
    );
  });

  it('never claims more than a line’s share', () => {
    fc.assert(
      fc.property(world, (input) => {
        const { claims, drafts } = build(input);
        const { findings } = consolidate(drafts, book.settings, dismissedOf(input, drafts));
        return claims.every((claim) => {
          const ledger = new CaseLedger(claim, book.settings.funds);
          return claim.lines.every((line) => {
            const whole = { line, from: 0, to: line.quantity, part: WHOLE_PART };
            return claimedOf(line, findings) <= ledger.worthOf(whole);
          });
        });
      }),
    );
  });

  it('gives the same findings in whatever order hits arrive', () => {
    fc.assert(
      fc.property(world, (input) => {
        const { drafts } = build(input);
        const text = (order: readonly Draft[]) =>
          consolidate(order, book.settings, new Set()).findings.map(
            ({ findingId, role, amountFen }) => `${findingId} ${role} ${amountFen}`,
          );
        return text(drafts).join() === text(drafts.toReversed()).join();
      }),
    );
  });

  it('never lowers what the others get when one is dismissed, but for the rounding of each', () => {
    fc.assert(
      fc.property(world, (input) => {
        const { drafts } = build(input);
        const [victim] = drafts;
        const before = consolidate(
          drafts,
          { ...book.settings, minAmount: fen(0n) },
          new Set(),
        ).findings;
        const after = consolidate(
          drafts,
          { ...book.settings, minAmount: fen(0n) },
          new Set([victim?.id ?? '']),
        ).findings;
        const others = (findings: typeof before) =>
          sum(
            findings
              .filter(({ findingId }) => findingId !== victim?.id)
              .map(({ amountFen }) => amountFen),
          );
        return others(after) + BigInt(3 * drafts.length) >= others(before);
      }),
    );
  });
});

import { add, type Fen, subtract, sum, ZERO_FEN } from '../../kernel/money.js';
import { splitFaults, splitNeeds } from '../distribution.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { memberFaults } from '../member-faults.js';
import {
  decisionOf,
  deductedParts,
  figureOf,
  type MemberPart,
  payableParts,
  restOf,
} from '../member-parts.js';
import { defineStep, given, type StepRun } from '../step.js';
import { scoredMembers, splitByPoints } from './dip-points.js';

const DIP = 'dip-decision';

/**
 * The lead's distribution to members (成员单位分配). By the lead's plan the payable amount is split as a whole. By default each line goes
 * its own way: the DIP decision by points, what a method gave each member as it is, lines paid at fee-for-service at the member's own
 * bookings, anything else by booked amount. Off come what the member was prepaid and its own audit deductions; other deductions by
 * booked amount. Members sum to the group, to the fen.
 *
 * @source sanya-2024-6 §三(二)    分配办法由牵头医院自行制定
 * @source sanya-2024-6 §三(三)6   由其对成员单位再进行分配
 * @source hunan-2024-31 §二(六)   牵头医院拨付成员单位
 */
export const memberDistribution = defineStep({
  name: 'member-distribution',
  rows: ['SY-07', 'SY-14'],
  reads: ['payable', 'final'],
  needs: splitNeeds,
  missing: (question) => [...memberFaults(question), ...splitFaults(question)],
  compute: (run) => {
    const { members } = run.own;
    if (members.length === 0) return [];
    const scored = run.find(DIP) === null ? null : scoredMembers(members);
    if (scored?.length === 0) return [];
    if (members.some(({ booked }) => booked === null)) return decisions(run, scored ?? []);
    const parts = [...payableParts(run), ...deductedParts(run)];
    const left = subtract(run.fen('final'), sum(parts.map(({ total }) => total)));
    const all = left === 0n ? parts : [...parts, restOf(run, left)];
    return members.flatMap((member, index) => [
      ...all.flatMap((part) => part.figure(member, part.shares[index] ?? ZERO_FEN)),
      finalOf(run, member, { parts: all, index }),
    ]);
  },
});

/** Only points are known: only the DIP decision is split. */
function decisions(run: StepRun, scored: readonly MemberFacts[]): readonly Figure[] {
  const shares = scored.length === 0 ? [] : splitByPoints(run.fen(DIP), scored);
  return scored.flatMap((member, index) => decisionOf(run, member, shares[index] ?? ZERO_FEN));
}

function finalOf(
  run: StepRun,
  member: MemberFacts,
  { parts, index }: { readonly parts: readonly MemberPart[]; readonly index: number },
): Figure {
  const own = parts.map((part) => ({ ...part, share: part.shares[index] ?? ZERO_FEN }));
  const value = own.reduce<Fen>(
    (total, { share, off }) => (off ? subtract(total, share) : add(total, share)),
    ZERO_FEN,
  );
  const signs = own.map(({ label, off }, at) => `${sign(off, at)}${label}`);
  return {
    ...figureOf(run, member, { key: 'final', label: '应得清算金额', value }),
    formula: signs.join(''),
    inputs: own.map(({ key, label, share }) => ({
      ...given(label, share),
      figure: `member.${member.institution}.${key}`,
    })),
    booking: { from: 'lead', to: `member:${member.institution}` },
  };
}

function sign(off: boolean, at: number): string {
  if (off) return ' − ';
  return at === 0 ? '' : ' + ';
}

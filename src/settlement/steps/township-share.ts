import { Decimal, percent } from '../../kernel/decimal.js';
import { add, type Fen, sum, toDecimalFen, ZERO_FEN } from '../../kernel/money.js';
import type { MemberFacts } from '../facts.js';
import { defineStep, given, type StepRun } from '../step.js';

const FLOOR = 'distribution.township_floor';
const TOWNSHIP: readonly (string | undefined)[] = ['township-centre', 'village-clinic'];

/**
 * What of the distribution goes to township and village (乡镇卫生院、村卫生室分得份额): their members' parts over all parts, what was
 * prepaid within the year included. Below the floor it is noted, not corrected: the plan is the lead's.
 *
 * @source hunan-2024-31 §三(二)   an appropriate share for township and village; how much is unspecified
 */
export const townshipShare = defineStep({
  name: 'township-share',
  rows: ['HN-08'],
  reads: [],
  needs: ({ own }) => (own.members.some(({ kind }) => kind !== undefined) ? [FLOOR] : []),
  compute: (run) => {
    const known = run.own.members.filter(({ kind }) => kind !== undefined);
    const all = partsOf(run, known);
    if (all <= 0n) return [];
    const theirs = partsOf(
      run,
      known.filter(({ kind }) => TOWNSHIP.includes(kind)),
    );
    const share = toDecimalFen(theirs).div(toDecimalFen(all));
    const floor = run.policy.ratio(FLOOR);
    return [
      {
        key: 'township-share',
        label: '乡镇卫生院、村卫生室分得份额',
        unit: 'ratio',
        value: share.toDecimalPlaces(PLACES, Decimal.ROUND_HALF_UP),
        clause: run.policy.parameter(FLOOR).clause,
        formula: '乡镇、村级成员分得金额 ÷ 全部成员分得金额（含本年已预付）',
        inputs: [
          given('乡镇、村级成员分得金额', theirs),
          given('全部成员分得金额', all),
          run.by(FLOOR),
        ],
        ...(share.lt(floor)
          ? { note: `低于 ${percent(floor)}：牵头医院分配方案应保证乡镇、村级的适当份额` }
          : {}),
      },
    ];
  },
});

const PLACES = 6;

/** What members get by this run, and of a year what they were prepaid. */
function partsOf(run: StepRun, members: readonly MemberFacts[]): Fen {
  return members.reduce<Fen>((total, { institution }) => {
    const account = `member:${institution}`;
    const booked = run.written.flatMap(({ booking, value }) =>
      booking?.to === account && typeof value === 'bigint' ? [value] : [],
    );
    const prepaid = run.find(`member.${institution}.prepaid`)?.value;
    return add(add(total, sum(booked)), typeof prepaid === 'bigint' ? prepaid : ZERO_FEN);
  }, ZERO_FEN);
}

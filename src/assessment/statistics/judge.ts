import type { Decimal } from '../../kernel/decimal.js';
import type { Flag, Part, Statistic } from './statistic.js';
import { quantile, robustZ } from './yardsticks.js';

/** Why a part, or one of its yardsticks, could not be judged. */
export type StatisticReason =
  | 'too-few-cases'
  | 'no-denominator'
  | 'fee-class-missing'
  | 'too-few-peers'
  | 'peers-alike'
  | 'no-last-year'
  | 'unavailable';

export const REASON_LABELS: Readonly<Record<StatisticReason, string>> = {
  'too-few-cases': '例数不足',
  'no-denominator': '分母为零',
  'fee-class-missing': '收费类别缺失过多',
  'too-few-peers': '同级同类机构太少',
  'peers-alike': '同级同类机构数值无差异',
  'no-last-year': '上年同期无可比数据',
  unavailable: '账上没有所需数据',
};

export interface PartInput {
  readonly value: Decimal;
  readonly cases: number;
  /** Values of all institutions of the peer group, this one among them. */
  readonly peers: readonly Decimal[];
  readonly lastYear: Decimal | null;
}

export interface PartVerdict {
  readonly peers: number;
  readonly p90: Decimal | null;
  readonly z: Decimal | null;
  readonly lastYear: Decimal | null;
  /** Null: not one yardstick could be put to it. */
  readonly flagged: boolean | null;
  readonly reasons: readonly StatisticReason[];
}

type Rule = Pick<Statistic, 'cases' | 'peersAtLeast'>;

/** Whether one value stands out, three-valued: a yardstick that is not there is named, never passed over. */
export function judgePart(rule: Rule, part: Part, input: PartInput): PartVerdict {
  const { value, cases, peers, lastYear } = input;
  if (!hasEnoughCases(rule, cases))
    return {
      peers: peers.length,
      p90: null,
      z: null,
      lastYear,
      flagged: null,
      reasons: ['too-few-cases'],
    };
  const enough = peers.length >= rule.peersAtLeast;
  const yardsticks = {
    p90: enough ? quantile(peers, part.worse === 'higher' ? 0.9 : 0.1) : null,
    z: enough ? robustZ(value, peers) : null,
    lastYear,
  };
  const answers = part.flags.map((flag) => exceeds(flag, part, { value, ...yardsticks, enough }));
  const reasons = new Set(answers.filter((answer) => typeof answer === 'string'));
  return {
    peers: peers.length,
    ...yardsticks,
    flagged: combined(
      answers.map((answer) => (typeof answer === 'string' ? null : answer)),
      part.flagged,
    ),
    reasons: [...reasons],
  };
}

export function hasEnoughCases(
  { cases: { atLeast } }: Pick<Statistic, 'cases'>,
  cases: number,
): boolean {
  return cases >= atLeast;
}

interface Yardsticks {
  readonly value: Decimal;
  readonly p90: Decimal | null;
  readonly z: Decimal | null;
  readonly lastYear: Decimal | null;
  readonly enough: boolean;
}

function exceeds(
  flag: Flag,
  { worse }: Pick<Part, 'worse'>,
  { value, p90, z, lastYear, enough }: Yardsticks,
): boolean | StatisticReason {
  const isBeyond = worse === 'higher' ? greater : less;
  switch (flag.over) {
    case 'reference':
      return isBeyond(value, flag.by);
    case 'peer-p90':
      return p90 === null ? 'too-few-peers' : isBeyond(value, p90);
    case 'robust-z':
      if (z === null) return enough ? 'peers-alike' : 'too-few-peers';
      return isBeyond(z, signed(flag.by, worse));
    case 'last-year':
      if (lastYear === null) return 'no-last-year';
      return isBeyond(value, lastYear.plus(signed(allowedOver(lastYear, flag), worse)));
  }
}

function allowedOver(lastYear: Decimal, { as, by }: Extract<Flag, { over: 'last-year' }>): Decimal {
  return as === 'points' ? by : lastYear.abs().times(by);
}

const greater = (a: Decimal, b: Decimal): boolean => a.gt(b);
const less = (a: Decimal, b: Decimal): boolean => a.lt(b);

function signed(distance: Decimal, worse: Part['worse']): Decimal {
  return worse === 'higher' ? distance : distance.neg();
}

function combined(answers: readonly (boolean | null)[], how: 'any' | 'all'): boolean | null {
  const decisive = how === 'any';
  if (answers.includes(decisive)) return decisive;
  return answers.length === 0 || answers.includes(null) ? null : !decisive;
}

/** Whether enough parts stand out; null while the ones that could not be judged might still tip it. */
export function judgeStatistic(
  { flagAtLeast }: Pick<Statistic, 'flagAtLeast'>,
  parts: readonly { readonly flagged: boolean | null }[],
): boolean | null {
  const yes = parts.filter(({ flagged }) => flagged === true).length;
  const unknown = parts.filter(({ flagged }) => flagged === null).length;
  if (yes >= flagAtLeast) return true;
  return yes + unknown >= flagAtLeast ? null : false;
}

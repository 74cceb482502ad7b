import { type Decimal, decimal } from '../../kernel/decimal.js';
import { type Fen, roundToFen, times, toDecimalFen, ZERO_FEN } from '../../kernel/money.js';
import type { Gap } from '../../policy/policy.js';
import {
  defineStep,
  filedOf,
  lacking,
  lackingFilings,
  type StepQuestion,
  type StepRun,
} from '../step.js';

const THRESHOLD = 'county_share.threshold';
const FORMULA = 'county_share.formula';
const NOW = 'county_share.share';
const BEFORE = 'county_share.share_before';
const FILED = 'county_share.adjustment';

/**
 * What a large change of the consortium's share of the county's medical cost does to the total at clearing (县域费用占比变化的调整), up or
 * down. Within the threshold nothing; beyond it in the way the local document chose. Threshold and formula are open in the text.
 *
 * @source jilin-2025-13 §二(四)
 */
export const countyShareAdjustment = defineStep({
  name: 'county-share-adjustment',
  rows: ['JL-07'],
  reads: ['budget-approved'],
  needs: () => [THRESHOLD, FORMULA],
  missing: (question) => [
    ...lackingFilings(question, [NOW, BEFORE, ...adjustmentFilings(question)]),
    ...zeroShare(question),
  ],
  compute: (run) => [
    {
      key: 'county-share-adjustment',
      label: '医共体占县域医疗费用比重变化的调整',
      unit: 'yuan',
      value: adjustmentOf(run),
      clause: run.policy.parameter(FORMULA).clause,
      formula: FORMULAS[run.policy.text(FORMULA)] ?? '',
      inputs: [
        run.from('budget-approved'),
        run.filed(NOW),
        run.filed(BEFORE),
        ...adjustmentFilings(run).map((name) => run.filed(name)),
        run.by(THRESHOLD),
        run.by(FORMULA),
      ],
    },
  ],
});

const FORMULAS: Readonly<Record<string, string>> = {
  ratio: '付费总额 ×（占比 ÷ 年初占比 − 1）；变化不超过阈值为零',
  difference: '付费总额 ×（占比 − 年初占比）；变化不超过阈值为零',
  filed: '核定的调整金额；变化不超过阈值为零',
};

function adjustmentOf(run: StepRun): Fen {
  const shares = { now: run.filedDecimal(NOW), before: run.filedDecimal(BEFORE) };
  if (!isLarge(shares, run.policy.ratio(THRESHOLD))) return ZERO_FEN;
  const formula = run.policy.text(FORMULA);
  if (formula === 'filed') return run.filedFen(FILED);
  return formula === 'ratio'
    ? byRatio(run.fen('budget-approved'), shares)
    : times(run.fen('budget-approved'), shares.now.minus(shares.before), 'half-up');
}

interface Shares {
  readonly now: Decimal;
  readonly before: Decimal;
}

/** A change of just the threshold is not large. */
function isLarge({ now, before }: Shares, threshold: Decimal): boolean {
  return now.minus(before).abs().gt(threshold);
}

/** budget × (now ÷ before − 1), rounded half-up once. */
function byRatio(budget: Fen, { now, before }: Shares): Fen {
  return roundToFen(toDecimalFen(budget).times(now.minus(before)).div(before), 'half-up');
}

function adjustmentFilings({ policy }: Pick<StepQuestion, 'policy'>): readonly string[] {
  if (policy.gapOf(FORMULA) !== null) return [];
  return policy.text(FORMULA) === 'filed' ? [FILED] : [];
}

function zeroShare(question: StepQuestion): readonly Gap[] {
  const { policy } = question;
  if (policy.gapOf(FORMULA) !== null || policy.text(FORMULA) !== 'ratio') return [];
  const filed = filedOf(question, BEFORE);
  if (filed === null || !decimal(filed.value).isZero()) return [];
  const { label, clause, rows } = policy.filing(BEFORE);
  return [lacking(question, { id: BEFORE, label, clause, rows }, '占比为零，无法按比例调整')];
}

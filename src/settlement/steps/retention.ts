import { type Fen, greatest, subtract, times, ZERO_FEN } from '../../kernel/money.js';
import { BandTable, knows } from '../assessed.js';
import { bandedPart } from '../bands.js';
import type { Figure } from '../figure.js';
import { amountOf, inputOf } from '../figure-input.js';
import { rowHolds, rowLabel, wordGaps, wordInputs, wordNeeds, wordRows } from '../filed-words.js';
import { defineStep, given, lackingFilings, type StepRun } from '../step.js';
import { analysisFilings, analysisNeeds } from '../year-analysis.js';

const TABLE = new BandTable('retention.bands', 'keep-share');
const BANDS = 'retention.bands';
const CONDITIONS = 'retention.conditions';
const JOINED = 'retention.joined';
const CAP = 'retention.cap';
const INCOME = 'retention.income';

/**
 * The surplus that the consortium keeps (结余留用): what the cost leaves of the indicator, by the share the assessment gives, at most the
 * cap where the region has one; nothing where its conditions do not hold. Deducted money is cost all the same: it never becomes surplus.
 *
 * @source ganyu-2025-1 §三(二)4(1)   targets met, current fund balanced or better, fund safe
 * @source hunan-2024-31 §三(二)      (budget − cleared cost) × the share the assessment gives
 */
export const retention = defineStep({
  name: 'retention',
  rows: ['GY-03', 'GY-12', 'GY-25', 'HN-07', 'HN-08'],
  reads: ['cost', 'indicator'],
  needs: ({ policy }) => [
    ...TABLE.needs(policy),
    ...wordNeeds(policy, CONDITIONS),
    ...[JOINED, CAP, INCOME].filter((id) => knows(policy, id)),
    ...analysisNeeds(policy),
  ],
  missing: (question) => [
    ...TABLE.gaps(question),
    ...wordGaps(question, CONDITIONS),
    ...lackingFilings(question, analysisFilings(question.policy)),
  ],
  compute: (run) => {
    const surplus = surplusFigure(run);
    const broken = brokenConditions(run);
    const cap = capOf(run);
    const kept = bandedPart({
      amount: amountOf(surplus),
      base: run.fen('indicator'),
      bands: TABLE.bands(run),
      cap,
    });
    return [
      surplus,
      {
        key: 'retained',
        label: '结余留用',
        unit: 'yuan',
        value: broken.length === 0 ? kept : ZERO_FEN,
        clause: run.policy.parameter(BANDS).clause,
        formula: '结余 × 按考核结果确定的留用比例（分段计算；不符合留用条件取零）',
        inputs: [
          inputOf(surplus),
          ...TABLE.inputs(run),
          ...wordInputs(run, CONDITIONS),
          run.by(CONDITIONS),
          ...(cap === null ? [] : [given('留用上限', cap), run.by(CAP)]),
          ...[JOINED, INCOME].filter((id) => knows(run.policy, id)).map((id) => run.by(id)),
        ],
        ...(broken.length === 0 ? {} : { note: `不符合留用条件：${broken.join('、')}` }),
      },
    ];
  },
});

function surplusFigure(run: StepRun): Figure {
  const left = subtract(run.fen('indicator'), run.fen('cost'));
  return {
    key: 'surplus',
    label: '结余',
    unit: 'yuan',
    value: greatest(left, ZERO_FEN),
    clause: run.policy.parameter(BANDS).clause,
    formula: '预算指标 − 预算内费用合计（不足零取零）',
    inputs: [
      run.from('indicator'),
      run.from('cost'),
      ...(left > 0n ? analysisFilings(run.policy).map((name) => run.filed(name)) : []),
    ],
  };
}

/** Labels of the conditions that do not hold; empty where one alone is enough and one holds. */
function brokenConditions(run: StepRun): readonly string[] {
  const rows = wordRows(run.policy, CONDITIONS);
  const broken = rows.filter((row) => !rowHolds(run, row));
  const oneIsEnough = knows(run.policy, JOINED) && run.policy.text(JOINED) === 'any';
  if (oneIsEnough && broken.length < rows.length) return [];
  return broken.map((row) => rowLabel(run.policy, row));
}

function capOf(run: StepRun): Fen | null {
  if (!knows(run.policy, CAP)) return null;
  return times(greatest(run.fen('indicator'), ZERO_FEN), run.policy.ratio(CAP), 'half-up');
}

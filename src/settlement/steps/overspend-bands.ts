import { add, type Fen, greatest, subtract, sum, toYuan, ZERO_FEN } from '../../kernel/money.js';
import { BandTable, knows } from '../assessed.js';
import { shareOverspend } from '../bands.js';
import type { Figure } from '../figure.js';
import { amountOf, inputOf } from '../figure-input.js';
import { rowHolds, rowLabel, wordGaps, wordInputs, wordNeeds, wordRows } from '../filed-words.js';
import { causeFilings, shareableCauses } from '../overspend-cases.js';
import { defineStep, given, lackingFilings, type StepRun } from '../step.js';
import { analysisFilings, analysisNeeds } from '../year-analysis.js';

const TABLE = new BandTable('overspend.bands', 'fund-share');
const BANDS = 'overspend.bands';
const CASES = 'overspend.cases';
const BARS = 'overspend.bars';
const VIOLATIONS = 'overspend.violations';

/**
 * Overspend against the budget indicator and who bears it (合理超支分担), slice by slice:
 *
 *     overspend = max(0, cost − indicator)
 *     shareable = min(overspend − violating cost, what the listed causes account for); nothing where a bar holds
 *     borne     = Σ slice × the fund's share of its band; the rest is the consortium's own
 *
 * @source ganyu-2025-1 §三(二)4(2)   within 5 % of the indicator shared, above it not paid
 * @source ganyu-2025-1 §四(二)       violations are reflected in sharing
 * @source hunan-2024-31 §三(三)      causes, 10 %, failed assessment, deficit of the county's fund
 */
export const overspendBands = defineStep({
  name: 'overspend-bands',
  rows: ['GY-03', 'GY-13', 'GY-19', 'HN-09', 'HN-15'],
  reads: ['cost', 'indicator'],
  needs: ({ policy }) => [
    ...TABLE.needs(policy),
    CASES,
    ...wordNeeds(policy, BARS),
    ...(knows(policy, VIOLATIONS) ? [VIOLATIONS] : []),
    ...analysisNeeds(policy),
  ],
  missing: (question) => [
    ...TABLE.gaps(question),
    ...wordGaps(question, BARS),
    ...lackingFilings(question, [
      ...causeFilings(question.policy),
      ...analysisFilings(question.policy),
    ]),
  ],
  compute: (run) => {
    const overspend = overspendFigure(run);
    const limit = sum(causeFilings(run.policy).map((name) => run.filedFen(name)));
    const barring = wordRows(run.policy, BARS).filter((row) => rowHolds(run, row));
    const shares = shareOverspend({
      overspend: amountOf(overspend),
      base: run.fen('indicator'),
      bands: TABLE.bands(run),
      barred: violatingCost(run),
      groupBarred: barring.length > 0,
      limit,
      cap: null,
    });
    const barred = barredFigure(run, overspend, shares.barred);
    const shareable: Figure = {
      ...figureOf('overspend-shareable', shares.shareable),
      clause: run.policy.parameter(CASES).clause,
      inputs: [
        inputOf(overspend),
        inputOf(barred),
        given('列入可分担情形的超支', limit),
        ...causeFilings(run.policy).map((name) => run.filed(name)),
        run.by(CASES),
        ...wordInputs(run, BARS),
        run.by(BARS),
      ],
      ...(barring.length === 0
        ? noteOfCases(run)
        : { note: `不予分担：${barring.map((row) => rowLabel(run.policy, row)).join('、')}` }),
    };
    const borne: Figure = {
      ...figureOf('overspend-borne', shares.fund),
      clause: run.policy.parameter(BANDS).clause,
      inputs: [inputOf(shareable), run.from('indicator'), ...TABLE.inputs(run)],
    };
    return [
      overspend,
      barred,
      shareable,
      borne,
      ownFigure(run, shares.own, [overspend, barred, borne]),
    ];
  },
});

const WORDS = {
  'overspend-barred': [
    '不参与分担的违规费用',
    '本年审核、稽查认定的违规费用与超支取小（已作扣款，不再分担）',
  ],
  'overspend-shareable': [
    '可分担超支',
    '超支 − 违规费用，与列入可分担情形的超支取小；有不予分担情形的取零',
  ],
  'overspend-borne': [
    '医保基金分担的超支',
    '可分担超支按占预算指标的分段，逐段乘以基金分担比例后相加',
  ],
  'overspend-own': ['医共体自行承担的超支', '超支 − 违规费用 − 医保基金分担'],
} as const;

function figureOf(key: keyof typeof WORDS, value: Fen) {
  const [label, formula] = WORDS[key];
  return { key, label, formula, value, unit: 'yuan' as const };
}

function overspendFigure(run: StepRun): Figure {
  const excess = subtract(run.fen('cost'), run.fen('indicator'));
  return {
    key: 'overspend',
    label: '超支',
    unit: 'yuan',
    value: greatest(excess, ZERO_FEN),
    clause: run.policy.parameter(BANDS).clause,
    formula: '预算内费用合计 − 预算指标（不足零取零）',
    inputs: [
      run.from('cost'),
      run.from('indicator'),
      ...(excess > 0n ? analysisFilings(run.policy).map((name) => run.filed(name)) : []),
    ],
  };
}

function barredFigure(run: StepRun, overspend: Figure, value: Fen): Figure {
  const rule = knows(run.policy, VIOLATIONS) ? [run.by(VIOLATIONS)] : [];
  return {
    ...figureOf('overspend-barred', value),
    clause: rule[0]?.clause ?? overspend.clause,
    inputs: [inputOf(overspend), given('本年违规费用', violatingCost(run)), ...rule],
  };
}

/** What audits and inspections found in the year, already deducted or about to be. */
function violatingCost(run: StepRun): Fen {
  if (!knows(run.policy, VIOLATIONS) || run.policy.text(VIOLATIONS) !== 'left-out') return ZERO_FEN;
  const taken = run.find('audit-taken') === null ? ZERO_FEN : run.fen('audit-taken');
  return add(taken, run.own.auditDeductions ?? ZERO_FEN);
}

function noteOfCases({ policy }: StepRun): { readonly note?: string } {
  const cases = shareableCauses(policy);
  return cases.length === 0 ? { note: '没有与牵头单位约定的可分担情形，不予分担' } : {};
}

function ownFigure(run: StepRun, own: Fen, from: readonly Figure[]): Figure {
  return {
    ...figureOf('overspend-own', own),
    clause: run.policy.parameter(BANDS).clause,
    inputs: from.map(inputOf),
    ...(own > 0n ? { note: `${toYuan(own)} 元由医共体承担` } : {}),
  };
}

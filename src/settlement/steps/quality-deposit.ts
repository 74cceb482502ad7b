import type { Decimal } from '../../kernel/decimal.js';
import { type Fen, subtract, times, ZERO_FEN } from '../../kernel/money.js';
import { gradeGaps } from '../assessed.js';
import { defineStep, type StepQuestion } from '../step.js';

const RATE = 'deposit.rate';
const FORFEIT = 'deposit.forfeit';
const BASE = 'deposit.base';

/**
 * Quality deposit withheld at annual clearing (质量保证金扣减). The deposit is notional: never withheld monthly, never added back.
 *
 *     deposit  = booked × rate
 *     withheld = booked × rate × share forfeited for the year's grade, rounded half-up once
 *
 * @source sanya-2024-6 §三(三)2   rate 5 %; good 10 %, pass 30 %, fail all; excellent: a word is missing
 * @source jilin-2025-13 §四(三)   its return bound to the yearly assessment; rate and scale open
 */
export const qualityDeposit = defineStep({
  name: 'quality-deposit',
  rows: ['SY-10', 'SY-20', 'JL-13'],
  reads: ['booked'],
  needs: () => [RATE, FORFEIT, BASE],
  missing: (question) =>
    question.policy.gapOf(FORFEIT) === null
      ? gradeGaps(question, question.policy.parameter(FORFEIT))
      : [],
  compute: (run) => {
    const base = depositBase(run, run.fen('booked'));
    const rate = run.policy.ratio(RATE);
    const { grade } = run.grade;
    return [
      {
        key: 'deposit-base',
        label: '质量保证金',
        unit: 'yuan',
        value: times(base, rate, 'half-up'),
        clause: run.policy.parameter(RATE).clause,
        formula: '记账金额合计 × 质量保证金计提比例',
        inputs: [run.from('booked'), run.by(RATE), run.by(BASE)],
      },
      {
        key: 'deposit-withheld',
        label: '质量保证金扣减',
        unit: 'yuan',
        value: withheld(base, rate, run.policy.ratio(FORFEIT, grade)),
        clause: run.policy.parameter(FORFEIT).clause,
        formula: '记账金额合计 × 计提比例 × 考核等次对应的扣减比例（末位一次四舍五入）',
        inputs: [run.from('booked'), run.by(RATE), run.by(FORFEIT, grade)],
      },
    ];
  },
});

/** One rounding at the end: rounding the deposit first would move a fen. */
export function withheld(booked: Fen, rate: Decimal, forfeit: Decimal): Fen {
  return times(booked, rate.times(forfeit), 'half-up');
}

function depositBase({ own, policy }: Pick<StepQuestion, 'own' | 'policy'>, booked: Fen): Fen {
  return policy.text(BASE) === 'after-audit'
    ? subtract(booked, own.auditDeductions ?? ZERO_FEN)
    : booked;
}

import { add, greatest, least, subtract, ZERO_FEN } from '../../kernel/money.js';
import type { Figure } from '../figure.js';
import { inputOf } from '../figure-input.js';
import { defineStep, lackingFilings } from '../step.js';

const USES = 'risk_fund.uses';
const OPENING = 'risk_fund.opening';
const SPECIAL = 'outbudget.risk_fund.actual';
const SLICE = 'slice.risk-fund';

/**
 * The risk fund's account of the year (风险调剂金台账): opening balance, what was set aside, special use, the fund's share of overspend as
 * far as the balance reaches, closing balance. A special use above the year's own part is an overrun that the budget has borne already.
 *
 * @source ganyu-2025-1 §三(一)1(3)   for reasonable overspend sharing and over-budget spend in special circumstances only
 */
export const riskFundLedger = defineStep({
  name: 'risk-fund-ledger',
  rows: ['GY-24'],
  reads: [SLICE, 'overspend-borne'],
  needs: () => [USES],
  missing: (question) => lackingFilings(question, [OPENING, SPECIAL]),
  compute: (run) => {
    const { clause } = run.policy.parameter(USES);
    const used = least(run.filedFen(SPECIAL), run.fen(SLICE));
    const available = subtract(add(run.filedFen(OPENING), run.fen(SLICE)), used);
    const sharing = least(run.fen('overspend-borne'), greatest(available, ZERO_FEN));
    const special: Figure = {
      key: 'risk-fund-special',
      label: '风险调剂金：特殊情况超预算支出',
      unit: 'yuan',
      value: used,
      clause,
      formula: '特殊情况支出与本年提取数取小（超出部分作预算外超支，已从总额预算扣减）',
      inputs: [run.filed(SPECIAL), run.from(SLICE)],
      booking: { from: 'reserve:risk-fund', to: 'agency' },
    };
    const shared: Figure = {
      key: 'risk-fund-sharing',
      label: '风险调剂金：用于合理超支分担',
      unit: 'yuan',
      value: sharing,
      clause,
      formula: '医保基金分担的超支，以风险调剂金余额为限（不足部分由统筹基金负担）',
      inputs: [
        run.from('overspend-borne'),
        run.filed(OPENING),
        run.from(SLICE),
        inputOf(special),
        run.by(USES),
      ],
      booking: { from: 'reserve:risk-fund', to: 'agency' },
    };
    return [
      special,
      shared,
      {
        key: 'risk-fund-closing',
        label: '风险调剂金年末余额',
        unit: 'yuan',
        value: subtract(available, sharing),
        clause,
        formula: '年初余额 + 本年提取 − 特殊情况支出 − 超支分担',
        inputs: [run.filed(OPENING), run.from(SLICE), inputOf(special), inputOf(shared)],
      },
    ];
  },
});

import { type Fen, sum, ZERO_FEN } from '../../kernel/money.js';
import type { Figure } from '../figure.js';
import { defineStep, given, type StepRun } from '../step.js';

const PAID = 'procurement.netting';

/**
 * Purchases that the lead settled for members (统一采购结算), taken off what it passes on to each; the ledger keeps them apart.
 * Writes nothing where there were none.
 *
 * @source sanya-2024-6 §三(五)1   药品、医用耗材统一采购、配送与结算
 */
export const procurementNetting = defineStep({
  name: 'procurement-netting',
  rows: ['SY-18'],
  reads: [],
  needs: ({ own }) =>
    own.members.some(({ procurement = [] }) => procurement.length > 0) ? [PAID] : [],
  compute: (run) => {
    const parts = run.own.members.flatMap((member) => {
      const { institution, procurement = [] } = member;
      return procurement.length === 0 ? [] : [{ institution, procurement }];
    });
    if (parts.length === 0 || run.policy.text(PAID) === 'apart') return [];
    const figures = parts.map(({ institution, procurement }): Figure => {
      return {
        key: `member.${institution}.procurement`,
        label: `成员单位 ${institution} 由牵头医院代付的采购款`,
        unit: 'yuan',
        value: sum(procurement.map(({ amount }) => amount)),
        clause: run.policy.parameter(PAID).clause,
        formula: '本期由牵头医院统一结算、从分配中抵扣的采购款之和',
        inputs: [
          ...procurement.map(({ label, amount, clause }) => given(label, amount, clause)),
          run.by(PAID),
        ],
        booking: { from: `member:${institution}`, to: 'reserve:procurement' },
      };
    });
    return [total(run, figures), ...figures];
  },
});

function total(run: StepRun, figures: readonly Figure[]): Figure {
  return {
    key: 'procurement',
    label: '从成员单位分配中抵扣的采购款',
    unit: 'yuan',
    value: sum(figures.map(({ value }): Fen => (typeof value === 'bigint' ? value : ZERO_FEN))),
    clause: run.policy.parameter(PAID).clause,
    formula: '各成员单位代付采购款之和',
    inputs: figures.map(({ key, label, value }) => ({
      ...given(label, typeof value === 'bigint' ? value : ZERO_FEN),
      figure: key,
    })),
  };
}

import { times, ZERO_FEN } from '../../kernel/money.js';
import { defineStep, filedOf, lackingFilings, type StepQuestion } from '../step.js';

const TILT = 'tcm.tilt';
const LEAD = 'lead.kind';

/**
 * What a consortium led by a hospital of Chinese medicine is given on top (中医牵头的倾斜): approved total × tilt. How much is open in the
 * text, and only asked for where such a hospital leads.
 *
 * @source jilin-2025-13 §二(一)
 */
export const tcmTilt = defineStep({
  name: 'tcm-tilt',
  rows: ['JL-04'],
  reads: ['budget-approved'],
  needs: (question) => (isTcmLed(question) ? [TILT] : []),
  missing: (question) => lackingFilings(question, [LEAD]),
  compute: (run) => {
    const led = isTcmLed(run);
    const clause = run.policy.filing(LEAD).clause;
    return [
      {
        key: 'tcm-tilt',
        label: '中医医疗机构牵头的倾斜',
        unit: 'yuan',
        value: led
          ? times(run.fen('budget-approved'), run.policy.ratio(TILT), 'half-up')
          : ZERO_FEN,
        clause: led ? run.policy.parameter(TILT).clause : clause,
        formula: led ? '核定总额 × 倾斜比例' : '不是中医医疗机构牵头，不倾斜',
        inputs: [run.filed(LEAD), ...(led ? [run.from('budget-approved'), run.by(TILT)] : [])],
      },
    ];
  },
});

function isTcmLed(question: Pick<StepQuestion, 'facts' | 'own'>): boolean {
  return filedOf(question, LEAD)?.value === 'tcm';
}

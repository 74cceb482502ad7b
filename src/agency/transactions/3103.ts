import { feedbackContent } from '../content.js';
import { defineTransaction } from '../transaction.js';

/** What was done about warnings of the audit (审核结果反馈): gone on with, and why, or gone back to be modified. The answer is the result code alone. */
export const sendFeedback = defineTransaction({
  code: '3103',
  title: '审核提醒处理反馈',
  content: feedbackContent,
  input: ({ warningType, warnings }) => ({
    data: {
      warn_type: warningType,
      warns: warnings.map(({ findingId, disposal, reason }) => ({
        warn_rslt_id: findingId,
        dspo_way: disposal,
        dspo_way_rea: reason,
      })),
    },
  }),
  result: () => ({ kind: 'feedback-taken' }),
});

import { listStatusContent } from '../content.js';
import { defineTransaction } from '../transaction.js';

/** Status of settlement lists (结算清单状态修改): what was sent becomes submitted. The answer is the result code alone. */
export const markLists = defineTransaction({
  code: '4102',
  title: '结算清单状态修改',
  content: listStatusContent,
  input: ({ status, lists }) => ({
    data: {
      stastinfo: lists.map(({ personId, claimNo }) => ({
        psn_no: personId,
        setl_id: claimNo,
        stas_type: status,
      })),
    },
  }),
  result: () => ({ kind: 'lists-marked' }),
});

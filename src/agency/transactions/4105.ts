import { firstDay, lastDay } from '../../kernel/period.js';
import { listCountContent } from '../content.js';
import { defineTransaction, fieldsOf } from '../transaction.js';

/** How many lists the agency expects of an institution's month, and how many it has (结算清单数量统计查询). */
export const countLists = defineTransaction({
  code: '4105',
  title: '结算清单数量统计查询',
  content: listCountContent,
  input: ({ month, institution, name }, { profile }) => ({
    data: {
      fixmedins_code: institution,
      fixmedins_name: name,
      medtype_list: profile.settlementList?.medicalTypes.join(',') ?? '',
      stt_begntime: `${firstDay(month)} 00:00:00`,
      stt_endtime: `${lastDay(month)} 23:59:59`,
      refdset_flag: profile.refundFlags.ordinary,
    },
  }),
  result({ body }) {
    const output = fieldsOf(body['output']);
    const [needed, uploaded] = [output?.['needUploadCnt'], output?.['uploadedCnt']];
    if (!isCount(needed) || !isCount(uploaded)) return null;
    return { kind: 'lists-counted', needed: Number(needed), uploaded: Number(uploaded) };
  },
});

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,9}$/.test(text);
}

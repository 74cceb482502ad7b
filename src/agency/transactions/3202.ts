import { firstDay, lastDay } from '../../kernel/period.js';
import { detailContent } from '../content.js';
import { defineTransaction, outputNode } from '../transaction.js';

/** Reconciliation line by line (对明细账) of the file uploaded before; the result is a file to download. */
export const reconcileLines = defineTransaction({
  code: '3202',
  title: '医药机构费用结算对明细账',
  content: detailContent,
  input: (content, { profile, site }) => ({
    data: {
      setl_optins: site.settlementAgency,
      file_qury_no: content.fileNumber,
      stmt_begndate: firstDay(content.month),
      stmt_enddate: lastDay(content.month),
      medfee_sumamt: content.totalFee,
      fund_pay_sumamt: content.fundPaid,
      cash_payamt: content.cashPaid,
      fixmedins_setl_cnt: String(content.claims),
      clr_type: content.clearingType,
      refd_setl_flag: profile.refundFlags.included,
      fixmedins_refd_setl_flag: profile.refundFlags.included,
    },
  }),
  result(answered) {
    const fields = outputNode(answered, 'fileinfo');
    const fileNumber = fields?.['file_qury_no'] ?? '';
    const fileName = fields?.['filename'] ?? '';
    return fileNumber === '' ? null : { kind: 'detail-compared', fileNumber, fileName };
  },
});

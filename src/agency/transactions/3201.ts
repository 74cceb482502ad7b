import { firstDay, lastDay } from '../../kernel/period.js';
import { totalsContent } from '../content.js';
import { defineTransaction, outputNode } from '../transaction.js';

/**
 * Reconciliation of totals (对总账): one institution, month, insurance type and clearing type. The agency counts by its own settlement
 * time, so do we: by the day of settlement, not by accounting month. Refunds are rows of their own and are included.
 */
export const reconcileTotals = defineTransaction({
  code: '3201',
  title: '医药机构费用结算对总账',
  content: totalsContent,
  input: (content, { profile, site }) => ({
    data: {
      insutype: profile.pools[content.pool],
      clr_type: content.clearingType,
      setl_optins: site.settlementAgency,
      stmt_begndate: firstDay(content.month),
      stmt_enddate: lastDay(content.month),
      medfee_sumamt: content.totalFee,
      fund_pay_sumamt: content.fundPaid,
      acct_pay: content.accountPaid,
      fixmedins_setl_cnt: String(content.claims),
      refd_setl_flag: profile.refundFlags.included,
      fixmedins_refd_setl_flag: profile.refundFlags.included,
    },
  }),
  result(answered, { profile }) {
    const fields = outputNode(answered, 'stmtinfo');
    const code = fields?.['stmt_rslt'] ?? '';
    if (code === '') return null;
    const balanced = profile.balancedCodes.includes(code);
    return { kind: 'totals-compared', balanced, text: fields?.['stmt_rslt_dscr'] ?? '' };
  },
});

import { z } from 'zod';
import { POOLS, SEXES } from '../../claims/claim.js';

const code = z.string().regex(/^\d{1,6}$/, { error: '应为 1 到 6 位数字代码' });

/** How one agency codes what a finding says. National object fields in brackets. */
const codesSchema = z.strictObject({
  /** Where the codes were read. */
  source: z.string().min(4),
  severity: z
    .strictObject({ hard: code, core: code, watch: code })
    .describe('严重程度（sev_deg）：明确违规、疑似中的重点、疑似中的关注及线索'),
  behaviour: z
    .strictObject({ case: code, item: code })
    .describe('违规行为分类（vola_bhvr_type）：就诊类、项目类'),
  itemType: z
    .strictObject({ violating: code, involved: code })
    .describe('违规明细类型（vola_item_type）：违规项、涉及项'),
  amountState: z
    .strictObject({ computed: code, open: code })
    .describe('违规金额计算状态（vola_amt_stas）：算出、未算出'),
  warning: z
    .strictObject({ before: code, during: code })
    .describe('反馈类型（warn_type）：事前、事中'),
  disposal: z
    .strictObject({ continue: code, return: code })
    .describe('处理方式（dspo_way）：继续执行、返回修改'),
  sexes: z.record(z.enum(SEXES), code).describe('性别（gend）'),
  pools: z.record(z.enum(POOLS), code).describe('险种（insutype）'),
  addedByRule: code.describe('疑点添加方式（susptAddWay）：规则'),
});
export type AgencyCodes = z.output<typeof codesSchema>;

/** `config/audit/agency-codes.yaml`. */
export const agencyCodesSchema = z.strictObject({
  profiles: z.record(
    z.string(),
    z.union([codesSchema, z.strictObject({ unspecified: z.string().min(4) })]),
  ),
});

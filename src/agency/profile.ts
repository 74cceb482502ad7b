import { z } from 'zod';
import { CARE_TYPES, DISCHARGE_MODES, POOLS } from '../claims/claim.js';
import { whole } from '../config/values.js';

const nationalCode = z.string().regex(/^\d{1,6}$/, { error: '应为 1 到 6 位数字代码' });

/** How a province takes settlement lists (结算清单); code and field table are those of the transaction. */
const settlementListSchema = z.strictObject({
  fields: z
    .string()
    .regex(/^[0-9A-Za-z-]+$/)
    .describe('config/agency/lists 下的字段表名'),
  careTypes: z.array(z.enum(CARE_TYPES)).min(1).describe('须上传结算清单的医疗类别'),
  medicalTypes: z.array(nationalCode).min(1).describe('4105 统计所用的医疗类别代码'),
  paymentMethod: nationalCode.describe('医保支付方式代码'),
  dischargeWays: z.record(z.enum(DISCHARGE_MODES), nationalCode).describe('离院方式代码'),
  status: z.strictObject({ unsubmitted: nationalCode, submitted: nationalCode }),
  westernDiagnosis: nationalCode.describe('诊断类别：西医诊断'),
  principal: z.strictObject({ yes: nationalCode, no: nationalCode }).describe('主诊断标志'),
  procedureTypes: z.strictObject({ main: nationalCode, other: nationalCode }),
  listsAtOnce: whole(1, 500).describe('一条 4102 报文最多提交的清单数'),
});

/**
 * How one province's agency is spoken to (`config/agency/<profile>.yaml`): path, signature, codes. A new province is a new file,
 * unless it signs in a way not known here.
 */
export const agencyProfileSchema = z.strictObject({
  profile: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  /** Where the names and codes below were read. */
  source: z.string(),
  path: z.string().startsWith('/').describe('所有交易共用的路径 / one path for all transactions'),
  receiver: z.string().min(1).max(10).describe('接收方系统代码'),
  interfaceVersion: z.string().min(1).max(6).describe('接口版本号'),
  signing: z.enum(['none', 'hunan-hmac-sha1']).describe('签名方式'),
  pools: z.record(z.enum(POOLS), nationalCode).describe('险种类型代码'),
  clearingTypes: z
    .record(nationalCode, z.array(z.enum(CARE_TYPES)).min(1))
    .describe('清算类别代码 → 归入的医疗类别；每个医疗类别恰好一处'),
  balancedCodes: z.array(z.string()).min(1).describe('表示“平”的对账结果代码'),
  repeatedTexts: z
    .array(z.string().min(2).max(50))
    .default([])
    .describe(
      '经办机构拒绝重复报文时的用语；再次询问得到它，只说明先前已送达，结果仍未知 / what a repeated message is refused with',
    ),
  refundFlags: z
    .strictObject({ ordinary: z.string(), refund: z.string(), included: z.string() })
    .describe('退费结算标志：正常、退费；included = 合计含退费'),
  settlementList: settlementListSchema.optional().describe('结算清单；没有则不上传'),
});
export type AgencyProfile = z.output<typeof agencyProfileSchema>;

/** `<site>/agency.yaml`: which agency, as whom, for which settlement units. */
export const agencySiteSchema = z.strictObject({
  profile: z.string(),
  connection: z.strictObject({
    url: z.string().describe('经办机构接口地址，不含路径 / address without path'),
    timeoutMs: whole(500, 300_000).optional().describe('等待应答时限，不得超过 limits.yaml'),
    accessKey: z.string().optional(),
    secretKey: z.string().optional(),
  }),
  treatmentArea: z
    .string()
    .regex(/^\d{6}$/)
    .describe('就医地医保区划'),
  settlementAgency: z.string().min(1).max(6).describe('结算经办机构'),
  operator: z.strictObject({
    code: z.string().min(1).max(20),
    name: z.string().min(1).max(50),
    type: z.string().regex(/^\d{1,3}$/),
  }),
  settlementUnits: z
    .array(
      z.strictObject({
        institution: z.string().regex(/^[0-9A-Za-z]{12}$/, { error: '应为 12 位定点医药机构编号' }),
        name: z.string().min(1).max(200),
      }),
    )
    .min(1)
    .describe('有结算身份的成员单位（村卫生室归所属卫生院）'),
  settlementList: z
    .strictObject({ department: z.string().min(1).max(100), person: z.string().min(1).max(50) })
    .optional()
    .describe('结算清单的填报部门和填报人'),
});
export type AgencySite = z.output<typeof agencySiteSchema>;

export interface AgencySettings {
  readonly profile: AgencyProfile;
  readonly site: AgencySite;
}

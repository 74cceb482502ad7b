import { z } from 'zod';
import { isIsoDate, isIsoDateTime } from '../kernel/dates.js';
import { parseDecimal } from '../kernel/decimal.js';
import { parseAmount } from '../kernel/money.js';

/**
 * The canonical claim (结算记录): one patient's settlement at one institution, whatever HIS it came from.
 *
 * This file is the vocabulary of the whole house and the documented format of `claims.ndjson` (one claim a line).
 * In JSON, money is yuan text, quantities and prices are decimal text, times have no zone. In PostgreSQL the same
 * fields are the columns of `claim`, `claim_line`, `claim_diagnosis`, `claim_procedure` (claim-tables.migration.ts),
 * with money in fen.
 */

/** Fund pool by insurance type: employee (310 职工) or resident (390 居民). Budgets never mix. */
export const POOLS = ['employee', 'resident'] as const;
export type Pool = (typeof POOLS)[number];

/** Care type (医疗类别) as far as settlement and audit tell them apart. */
export const CARE_TYPES = [
  'outpatient', // 普通门诊
  'chronic', // 门诊慢性病（特殊疾病）
  'two-disease', // 门诊“两病”
  'emergency', // 急诊
  'inpatient', // 住院
  'family-planning', // 计划生育手术
  'pharmacy', // 定点药店购药、双通道
  'bed-day', // 按床日付费的住院
  'family-doctor', // 家庭医生签约服务费
  'home-bed', // 急诊、家庭病床等按实支付
  'maternity', // 生育医疗
] as const;
export type CareType = (typeof CARE_TYPES)[number];

/** Whether a patient of this care type lies in a bed of the institution, whatever it is paid by. */
export function isInpatient(careType: CareType): boolean {
  return careType === 'inpatient' || careType === 'bed-day';
}

/** Where the treatment lay as seen from the insured area. */
export const TREATMENT_AREAS = ['local', 'in-province', 'cross-province'] as const;
/** How the claim reached the fund: at the point of care, or by paper afterwards (散单、零星报销). */
export const CHANNELS = ['direct', 'manual'] as const;
/** Special cause that changes its scope (突发公共卫生救治). */
export const CAUSES = ['ordinary', 'public-health-emergency'] as const;
export const SEXES = ['male', 'female', 'unknown'] as const;
export type Sex = (typeof SEXES)[number];
export const ITEM_KINDS = ['drug', 'tcm-piece', 'service', 'material'] as const;
/** Fee class of a line (收费项目类别), in the order of the national codes 01 … 14. */
export const FEE_CLASSES = [
  'bed', // 床位费
  'consultation', // 诊察费
  'examination', // 检查费
  'laboratory', // 化验费
  'treatment', // 治疗费
  'operation', // 手术费
  'nursing', // 护理费
  'material', // 卫生材料费
  'western-drug', // 西药费
  'tcm-piece', // 中药饮片费
  'tcm-drug', // 中成药费
  'general-visit', // 一般诊疗费
  'registration', // 挂号费
  'other', // 其他费
] as const;
export type FeeClass = (typeof FEE_CLASSES)[number];
/** Levels as the national audit uses them, low to high: village, level one and below (township), two, three. */
export const INSTITUTION_LEVELS = ['village', 'primary', 'secondary', 'tertiary'] as const;
export type InstitutionLevel = (typeof INSTITUTION_LEVELS)[number];
export const DISCHARGE_MODES = ['ordered', 'transfer', 'against-advice', 'died', 'other'] as const;

const yuanText = z
  .string()
  .refine(
    (text) => parseAmount(text) !== null,
    '应为元，最多两位小数，不超过十万亿，例如 "1234.50"',
  );
const decimalText = z
  .string()
  .refine((text) => parseDecimal(text) !== null, '应为十进制数字文本，例如 "2.0000"');
const isoDate = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
const isoDateTime = z.string().refine(isIsoDateTime, '时间不存在或格式不是 YYYY-MM-DDTHH:mm:ss');
/** A date alone says that the hour is unknown; rules that need the hour are then not applicable. */
const dateOrTime = z.union(
  [isoDate, isoDateTime],
  '日期或时间不存在，或格式不是 YYYY-MM-DD、YYYY-MM-DDTHH:mm:ss',
);
const code = z.string().min(1).max(64);

export const claimLineSchema = z.strictObject({
  /** Unique within the claim; the source's own fee-detail number (feedetl_sn). */
  lineNo: code,
  chargedAt: dateOrTime,
  /** National catalogue code; null when the local code has no mapping yet. */
  itemCode: code.nullable(),
  institutionItemCode: code,
  itemName: z.string().max(200),
  itemKind: z.enum(ITEM_KINDS),
  quantity: decimalText,
  unitPrice: decimalText,
  lineAmount: yuanText,
  /** Part of the line within the scope of basic insurance (符合政策范围金额); the fund share is spread over it. */
  eligibleAmount: yuanText,
  prescriptionNo: code.nullable().default(null),
  department: z.string().max(64).nullable().default(null),
  doctor: z.string().max(64).nullable().default(null),
  feeClass: z.enum(FEE_CLASSES).nullable().default(null),
  /** Days a dispensed drug lasts (用药天数). */
  daysSupply: z.int().min(1).max(366).nullable().default(null),
  /** Trace codes of the packages handed out (药品追溯码). */
  traceCodes: z.array(z.string().min(1).max(100)).max(200).default([]),
});

export const diagnosisSchema = z.strictObject({
  sequence: z.int().min(1).max(99),
  code,
  isPrincipal: z.boolean(),
});

export const procedureSchema = z.strictObject({
  sequence: z.int().min(1).max(99),
  code,
  isPrincipal: z.boolean(),
  performedOn: isoDate.nullable().default(null),
});

export const claimSchema = z.strictObject({
  /** Institution where the care took place (performedAt); a village clinic counts. */
  performedAt: code,
  /** Institution with a settlement identity: a clinic's township centre, else the same as performedAt. */
  settledBy: code,
  level: z.enum(INSTITUTION_LEVELS),
  /** Natural key within performedAt (setl_id). */
  claimNo: code,
  /** The claim that this negative claim takes back; null for an ordinary claim. */
  refundOf: code.nullable().default(null),
  personId: code,
  sex: z.enum(SEXES),
  birthDate: isoDate.nullable(),
  pool: z.enum(POOLS),
  careType: z.enum(CARE_TYPES),
  treatmentArea: z.enum(TREATMENT_AREAS).default('local'),
  channel: z.enum(CHANNELS).default('direct'),
  cause: z.enum(CAUSES).default('ordinary'),
  settledAt: isoDateTime,
  admittedAt: dateOrTime.nullable().default(null),
  dischargedAt: dateOrTime.nullable().default(null),
  dischargeMode: z.enum(DISCHARGE_MODES).nullable().default(null),
  department: z.string().max(64).nullable().default(null),
  totalFee: yuanText,
  eligible: yuanText,
  deductible: yuanText,
  /** Pooled fund (统筹基金), then the other funds; their sum is fundPaid. */
  pooledFundPaid: yuanText,
  criticalIllnessPaid: yuanText.default('0.00'),
  largeExpensePaid: yuanText.default('0.00'),
  medicalAidPaid: yuanText.default('0.00'),
  fundPaid: yuanText,
  accountPaid: yuanText,
  cashPaid: yuanText,
  /** DRG or DIP group given by the agency; null when it must be grouped here. */
  agencyGroupCode: code.nullable().default(null),
  /** What the group of a packaged case stands for (病种支付标准), when the agency says it; yuan. */
  groupStandard: yuanText.nullable().default(null),
  diagnoses: z.array(diagnosisSchema).max(99).default([]),
  procedures: z.array(procedureSchema).max(99).default([]),
  lines: z
    .array(claimLineSchema)
    .max(20_000)
    .refine(
      (lines) => new Set(lines.map(({ lineNo }) => lineNo)).size === lines.length,
      '同一结算内明细号重复',
    )
    .default([]),
});

/** A claim as JSON carries it: money in yuan text. */
export type Claim = Readonly<z.infer<typeof claimSchema>>;
export type ClaimLine = Readonly<z.infer<typeof claimLineSchema>>;
export type Diagnosis = Readonly<z.infer<typeof diagnosisSchema>>;
export type Procedure = Readonly<z.infer<typeof procedureSchema>>;

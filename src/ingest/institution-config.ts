import { z } from 'zod';
import { whole } from '../config/values.js';
import type { SourceLimits } from '../connectors/connector.js';
import { FIELDS, STREAMS, type Stream } from './fields.js';
import type { ReadingHours } from './reading-hours.js';
import { quarantineThreshold, readingHours } from './sync-config.js';

/**
 * `<site>/institutions/<name>.yaml`: where a member's records lie and what its columns mean. Nothing in it is code: a mapping names
 * columns, formats and values, and is compiled once into a plain function (mapping/compile-mapping.ts).
 */

const column = z.string().min(1).describe('列名（XML 为相对路径，如 @no、../settledAt）');
const columns = z.array(column).min(1).max(8);
const valueMap = z.record(z.string(), z.string());

const REPRESENTATIONS = [
  'yuan', // 元，最多两位小数
  'yuan-from-double', // 双精度存放的元：与整分相差不超过百万分之一元才接受
  'fen', // 分，整数
  'decimal', // 十进制数
  'decimal-from-double', // 双精度存放的数量或单价
] as const;
export type Representation = (typeof REPRESENTATIONS)[number];
const representation = z.enum(REPRESENTATIONS);

const constantField = z.strictObject({ constant: z.string() });
const productField = z.strictObject({
  product: columns.describe('各列之积，例如 付数 × 数次'),
  as: representation.optional(),
});
const columnField = z.strictObject({
  from: z.union([column, columns]).describe('列名；多列按文本相接'),
  as: representation.optional(),
  format: z.string().optional().describe('日期格式，如 yyyyMMdd、yyyy-MM-dd HH:mm:ss；缺省 iso'),
  values: valueMap.optional().describe('来源值 → 标准值'),
  otherwise: z.string().optional().describe('values 未列出时取的标准值；缺省则该行进隔离区'),
  blank: z.array(z.string()).optional().describe('视为未提供的文本；空串总是'),
});

const fieldMapping = z.union([
  column.transform((from) => ({ from })),
  columnField,
  constantField,
  productField,
]);
export type FieldMapping = z.output<typeof fieldMapping>;
export type ColumnMapping = z.output<typeof columnField>;

const reversal = z.strictObject({
  column: column.describe('区分结算与冲销的列'),
  is: z.array(z.string()).min(1).describe('表示冲销的值'),
  refundOf: column.optional().describe('原结算号所在列（claims 必填）'),
});

const control = z.strictObject({
  rows: z.string().min(1).describe('来源声明的行数：XML 根元素属性（@claims）或 CSV 尾行的第几格'),
  amount: z.string().min(1).optional().describe('来源声明的金额合计（元）'),
});

const expectation = z
  .string()
  .describe('逐行检查，如 pooledFundPaid <= totalFee；不成立则进隔离区');

/** All that a stream may say; a layer says a part of it. */
function streamShape(stream: Stream) {
  const names = Object.keys(FIELDS[stream]);
  return {
    query: z.string().optional().describe('数据库：不带时间窗和排序的 SELECT'),
    cursor: column.optional(),
    cursorFormat: z.enum(['iso', 'yyyyMMdd', 'yyyyMMddHHmmss']).default('iso'),
    key: columns.optional(),
    charsets: valueMap.optional().describe('mysql：列名 → 实际编码，如 姓名: gb18030'),
    record: z.string().optional().describe('xml：重复元素的路径，从根元素名起，如 drop/claim'),
    distinct: columns.optional().describe('csv：取各不同键的第一行'),
    files: z.string().optional().describe('xml、csv：本数据流自己的文件名模式'),
    control: control.optional(),
    amount: column.optional().describe('向来源求和的列；缺省为 totalFee / lineAmount 所取的列'),
    reversal: reversal.optional(),
    map: z.partialRecord(z.enum(names as [string, ...string[]]), fieldMapping),
    expect: z.array(expectation).default([]),
    lookBackDays: whole(0, 62).optional().describe('每夜复查之前多少天；缺省取 limits.yaml'),
    quarantine: quarantineThreshold.optional(),
  };
}

/** A stream with every field that its rows need. */
function streamSchema(stream: Stream) {
  const shape = streamShape(stream);
  const map = shape.map.superRefine((given, context) => {
    for (const [name, spec] of Object.entries(FIELDS[stream])) {
      if (spec.required === true && given[name] === undefined) {
        context.addIssue({ code: 'custom', message: `缺少必填字段 ${name}` });
      }
    }
    if (
      stream === 'claims' &&
      given['personId'] === undefined &&
      given['certificate'] === undefined
    ) {
      context.addIssue({ code: 'custom', message: '须给出 personId 或 certificate 之一' });
    }
  });
  return z.strictObject({ ...shape, map });
}

const streams = z
  .strictObject({
    persons: streamSchema('persons').optional(),
    claims: streamSchema('claims').optional(),
    lines: streamSchema('lines').optional(),
    diagnoses: streamSchema('diagnoses').optional(),
    procedures: streamSchema('procedures').optional(),
  } satisfies Record<Stream, unknown>)
  .refine((given) => STREAMS.some((name) => given[name] !== undefined), '至少要有一个数据流');

/** What only completes a field that an earlier layer gave: it names no column. */
const amendedField = columnField.omit({ from: true });

/** A part of a stream; an empty value (`~`) takes away what an earlier layer gave. */
function streamLayer(stream: Stream) {
  const { cursorFormat: format, expect, map, ...shape } = streamShape(stream);
  return z
    .strictObject({
      ...shape,
      cursorFormat: format.unwrap(),
      expect: expect.unwrap(),
      map: z.partialRecord(map.keyType, z.union([fieldMapping, amendedField]).nullable()),
    })
    .partial()
    .nullable();
}

const streamLayers = z
  .strictObject({
    persons: streamLayer('persons'),
    claims: streamLayer('claims'),
    lines: streamLayer('lines'),
    diagnoses: streamLayer('diagnoses'),
    procedures: streamLayer('procedures'),
  } satisfies Record<Stream, unknown>)
  .partial();

const codeTable = z
  .string()
  .min(1)
  .describe('对照表 CSV（相对站点目录），或 national = 已是国家编码');

const parts = {
  connector: z.string().describe('postgres、mysql、mssql、xml 或 csv'),
  options: z.record(z.string(), z.string()).describe('连接方式；密码等写作 ${环境变量}'),
  receipts: z.string().min(1).describe('回执目录：每个投放文件处理后写一份回执；缺省不写'),
  limits: z.strictObject({
    windowRows: whole(1, 50_000_000).optional(),
    statementTimeoutMs: whole(1_000, 3_600_000).optional(),
    readersAtOnce: whole(1, 16).optional().describe('同时读取本来源的任务数，含所有主机'),
  }),
  catalogue: z.strictObject({
    items: codeTable.optional(),
    diagnoses: codeTable.optional(),
    procedures: codeTable.optional(),
  }),
  hours: readingHours,
  streams,
};

const profile = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, '小写字母、数字、短横')
  .describe('接口模板名：config/profiles/<名称>.yaml，或站点自己的 profiles/<名称>.yaml');
const template = z
  .string()
  .regex(/^[\w.-]+\.yaml$/)
  .describe('institutions/templates/ 下的模板文件名');
const code = z.string().min(1).max(64).describe('定点医药机构编号');

/** `config/profiles/<name>.yaml`: how a kind of hospital system keeps its records; not where. */
export const profileSchema = z.strictObject({
  title: z.string().min(1).describe('这是什么系统的表'),
  connector: parts.connector,
  options: parts.options.optional(),
  catalogue: parts.catalogue.optional(),
  streams: streamLayers,
});
/** What a file under institutions/templates/ may give: a layer between the profile and the member's own file. */
export const templateSchema = z
  .strictObject({ ...parts, streams: streamLayers, profile })
  .partial();
/** The member's own file by itself, as an editor checks it. */
export const institutionFileSchema = templateSchema.extend({
  institution: code,
  template: template.optional(),
});
/** All layers of a member together. */
export const institutionSchema = z
  .strictObject({ ...parts, connector: parts.connector.optional(), streams: streams.optional() })
  .partial()
  .extend({ institution: code, profile: profile.optional(), template: template.optional() })
  .extend({ title: z.string().optional() });
export type MergedInstitution = z.output<typeof institutionSchema>;
export type StreamConfig = z.output<ReturnType<typeof streamSchema>>;

/** A member's source once all layers are one. */
export interface InstitutionConfig {
  readonly institution: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
  /** Folder for receipts of dropped files; null: none are written. */
  readonly receipts: string | null;
  readonly limits: Readonly<
    Partial<Pick<SourceLimits, 'windowRows' | 'statementTimeoutMs'>> & { readersAtOnce?: number }
  >;
  /** Site-relative CSV of local codes, or `national`. */
  readonly catalogue: Readonly<Record<'items' | 'diagnoses' | 'procedures', string>>;
  /** When the source may be read; null: always. */
  readonly hours: ReadingHours | null;
  readonly streams: Readonly<Partial<Record<Stream, StreamConfig>>>;
}

/** @returns what is still missing, when it is a string */
export function configOf(merged: MergedInstitution): InstitutionConfig | string {
  const { connector, streams: given } = merged;
  if (connector === undefined) return '缺少 connector（本文件、其模板或接口模板）';
  if (given === undefined) return '缺少 streams（本文件、其模板或接口模板）';
  const national = { items: 'national', diagnoses: 'national', procedures: 'national' };
  return {
    institution: merged.institution,
    connector,
    options: merged.options ?? {},
    receipts: merged.receipts ?? null,
    limits: withoutUndefined(merged.limits ?? {}),
    catalogue: { ...national, ...withoutUndefined(merged.catalogue ?? {}) },
    hours: merged.hours ?? null,
    streams: withoutUndefined(given),
  };
}

function withoutUndefined<T extends object>(
  given: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

import { z } from 'zod';
import { isIsoDate } from '../kernel/dates.js';
import { type Decimal, parseDecimal } from '../kernel/decimal.js';
import { parseYuan, yuan } from '../kernel/money.js';
import { filingFault } from '../policy/checks.js';
import { clauseRef, documentsSchema, type FilingRecord, GRADES } from '../policy/policy-schema.js';
import { filingsOf, type RegionChain } from '../policy/resolve.js';
import { methodFactsSchema } from './method-facts-schema.js';

/**
 * What people decided and filed (`<site>/records.yaml`): grades, approvals, baselines, sanctions. Every record is dated and cites a
 * clause of a listed document; settlement reads them as facts. Money is yuan text, ratios decimal text.
 */

const year = z.string().regex(/^\d{4}$/, '应写年份 YYYY');
const pool = z.enum(['employee', 'resident']);
const poolOrAll = z.enum(['employee', 'resident', 'all']);
const label = z.string().min(1).max(100).optional();
const institution = z.string().min(1).max(64);
const isoDate = z.string().refine(isIsoDate, '日期不存在或格式不是 YYYY-MM-DD');
const money = z
  .string()
  .refine((text) => parseYuan(text) !== null, '应为元，最多两位小数，例如 118000000.00')
  .transform((text) => yuan(text));
const rate = z
  .string()
  .refine((text) => parseDecimal(text) !== null, '应为十进制数字，例如 0.06')
  .transform((text) => parseDecimal(text) as Decimal);

const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(2_000).default([]);

/** Kinds of sanction that bar a member's overspend from being shared (等: `other`). */
export const SANCTIONS = [
  'correction-order', // 责令限期整改
  'suspension', // 暂停服务协议
  'termination', // 解除服务协议
  'administrative-penalty', // 行政处罚
  'other',
] as const;

export const recordsSchema = z
  .strictObject({
    consortium: z.string().min(1),
    region: z.string().min(1),
    documents: documentsSchema.default({}),
    /** The documents are samples: nothing may be paid by what is filed here. */
    sample: z.enum(['true', 'false']).optional(),
    /** Year-end assessment grade (年终考核等次). */
    grades: list(z.strictObject({ year, grade: z.enum(GRADES), clause: clauseRef })),
    /** A past year's booked amount in scope: of members and other lines, and of all in-province bookings; its budget. */
    baselines: list(
      z.strictObject({
        year,
        pool,
        booked: money.optional(),
        allInProvince: money.optional(),
        budget: money.optional(),
        clause: clauseRef,
      }),
    ),
    /** Growth of fund expenditure in the three years before `year`, oldest first; `all` = the whole fund. */
    growth: list(
      z.strictObject({
        year,
        pool: poolOrAll,
        rates: z.array(rate).length(3, '应为前三年的三个增长率'),
        clause: clauseRef,
      }),
    ),
    /** The city's expenditure budget before and after a cut. */
    cityBudgets: list(
      z.strictObject({ year, pool: poolOrAll, before: money, after: money, clause: clauseRef }),
    ),
    /** The budget the bureau approved. */
    budgetApprovals: list(z.strictObject({ year, pool, amount: money, clause: clauseRef })),
    budgetAdjustments: list(
      z.strictObject({
        year,
        pool,
        amount: money,
        reason: z.enum(['major-policy', 'public-health', 'other']),
        label,
        clause: clauseRef,
      }),
    ),
    /** Other lines known only to the agency, such as spending in another city. */
    otherLines: list(z.strictObject({ year, pool, label, amount: money, clause: clauseRef })),
    sanctions: list(
      z.strictObject({ institution, kind: z.enum(SANCTIONS), on: isoDate, clause: clauseRef }),
    ),
    /** Purchases that the lead settled for a member in a month or year, taken off what it passes on. */
    procurement: list(
      z.strictObject({
        period: z.string().regex(/^\d{4}(-(0[1-9]|1[0-2]))?$/, '应写年 YYYY 或月 YYYY-MM'),
        pool,
        institution,
        amount: money.refine((amount) => amount >= 0n, '不能为负'),
        label,
        clause: clauseRef,
      }),
    ),
    reasonableOverspend: list(z.strictObject({ year, pool, amount: money, clause: clauseRef })),
    /** What payment methods count of a member and claims do not say: rosters, signings, reviewed cases, weights. */
    methodFacts: list(
      z.strictObject({
        period: z.string().regex(/^\d{4}(-(0[1-9]|1[0-2]))?$/, '应写年 YYYY 或月 YYYY-MM'),
        pool,
        institution,
        methods: methodFactsSchema,
        clause: clauseRef,
      }),
    ),
    /** Facts by the names that the region's file declares under `filings`, for a year or a month. */
    filings: list(
      z.strictObject({
        filing: z.string().min(1).max(100),
        period: z.string().regex(/^\d{4}(-(0[1-9]|1[0-2]))?$/, '应写年 YYYY 或月 YYYY-MM'),
        pool: pool.optional(),
        institution: institution.optional(),
        value: z.string().min(1).max(400),
        clause: clauseRef,
      }),
    ),
  })
  .superRefine((records, context) => {
    const known = Object.keys(records.documents);
    for (const [name, entries] of Object.entries(records)) {
      if (!Array.isArray(entries)) continue;
      entries.forEach(({ clause }: { readonly clause: string }, index) => {
        const document = clause.split(' ')[0] ?? '';
        if (!known.includes(document))
          context.addIssue({
            code: 'custom',
            path: [name, index, 'clause'],
            message: `documents 中没有列出文件 ${document}`,
          });
      });
    }
    const filed = new Set<string>();
    records.filings.forEach(({ filing, period, pool: of = '', institution: whose = '' }, index) => {
      const key = [filing, period, of, whose].join(' ');
      if (filed.has(key))
        context.addIssue({ code: 'custom', path: ['filings', index], message: `${key} 写了两次` });
      filed.add(key);
    });
    const counted = new Set<string>();
    records.methodFacts.forEach(({ period, pool: of, institution: whose }, index) => {
      const key = [period, of, whose].join(' ');
      if (counted.has(key))
        context.addIssue({
          code: 'custom',
          path: ['methodFacts', index],
          message: `${key} 写了两次`,
        });
      counted.add(key);
    });
    for (const name of ONE_A_YEAR) {
      const seen = new Set<string>();
      records[name].forEach((entry, index) => {
        const key = 'pool' in entry ? `${entry.year} ${entry.pool}` : entry.year;
        if (seen.has(key))
          context.addIssue({ code: 'custom', path: [name, index], message: `${key} 写了两次` });
        seen.add(key);
      });
    }
  });

/** Lists that hold at most one record a year and pool: two would leave open which one counts. */
const ONE_A_YEAR = [
  'grades',
  'baselines',
  'growth',
  'cityBudgets',
  'budgetApprovals',
  'reasonableOverspend',
] as const;

/** The records' schema, knowing what the region asks to be filed, of whom, and for which kind of period. */
export function checkedRecordsSchema(chain: RegionChain) {
  const declared = filingsOf(chain);
  return recordsSchema.superRefine(({ filings }, context) => {
    filings.forEach((entry, index) => {
      const record = Object.hasOwn(declared, entry.filing) ? declared[entry.filing] : undefined;
      const message =
        record === undefined
          ? `地区没有申报事项 ${entry.filing}`
          : (placeFault(record, entry) ?? filingFault(record, entry.value));
      if (message !== null) context.addIssue({ code: 'custom', path: ['filings', index], message });
    });
  });
}

/** Whether an entry stands for what the filing is filed by: pool, member, year or month. */
function placeFault({ by, per }: FilingRecord, entry: Entry): string | null {
  if ((entry.period.length === 7) !== (per === 'month'))
    return per === 'month' ? 'period 应写月份 YYYY-MM' : 'period 应写年份 YYYY';
  if (by === 'pool' && entry.pool === undefined) return '须写 pool';
  if (by === undefined && entry.pool !== undefined) return '不分险种，不写 pool';
  if ((by === 'institution') !== (entry.institution !== undefined))
    return by === 'institution' ? '须写 institution' : '不分机构，不写 institution';
  return null;
}

type Entry = z.output<typeof recordsSchema>['filings'][number];

export type Records = Readonly<z.output<typeof recordsSchema>>;

import type { StatisticResult } from '../assessment/statistics/compute.js';
import { REASON_LABELS } from '../assessment/statistics/judge.js';
import { type Fen, toReadableYuan, toYuan } from '../kernel/money.js';
import { isMonth } from '../kernel/period.js';
import type { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows } from './output.js';

const SPAN_LABELS = { month: '当月', 'rolling-12': '滚动 12 个月' } as const;
const FLAGS = new Map([
  [true, '异常'],
  [false, ''],
]);

const COLUMNS: readonly Column<StatisticResult>[] = [
  { title: '规则', cell: ({ rule }) => rule.id },
  { title: '分项', cell: ({ part }) => part.label },
  { title: '机构', cell: ({ institution }) => (institution === '' ? '全部' : institution) },
  { title: '口径', cell: ({ span }) => SPAN_LABELS[span] },
  { title: '数值', cell: ({ value }) => value?.toFixed(4) ?? '—', align: 'right' },
  { title: '例数', cell: ({ cases }) => cases, align: 'right' },
  { title: '同类 P90', cell: ({ verdict }) => verdict.p90?.toFixed(4) ?? '', align: 'right' },
  { title: '稳健 z', cell: ({ verdict }) => verdict.z?.toFixed(2) ?? '', align: 'right' },
  { title: '上年同期', cell: ({ verdict }) => verdict.lastYear?.toFixed(4) ?? '', align: 'right' },
  {
    title: '分项',
    cell: ({ verdict }) => (verdict.flagged === null ? '不适用' : FLAGS.get(verdict.flagged)),
  },
  {
    title: '规则',
    cell: ({ ruleFlagged }) => (ruleFlagged === null ? '不适用' : FLAGS.get(ruleFlagged)),
  },
  { title: '说明', cell: reasonsOf },
];

/** `heyi indicators <month> --rules`: computes and keeps the statistics rules of a month, and shows them. */
export async function printStatistics(
  database: CliDatabase,
  {
    consortium,
    period,
    json,
  }: { readonly consortium: string; readonly period: string; readonly json: boolean },
): Promise<void> {
  if (!isMonth(period)) throw new UsageError(`统计规则按月计算，期间应写 YYYY-MM：${period}`);
  const { StatisticsModule } = await import('../assessment/statistics/statistics.module.js');
  const { StatisticsService } = await import('../assessment/statistics/statistics.service.js');
  const results = await database.withModules([StatisticsModule], (app) =>
    app.get(StatisticsService).run(consortium, period),
  );
  if (json) for (const result of results) printJson(plain(result));
  else printRows(results, COLUMNS, { json: false });
  if (json) return;
  for (const { rule, span, exportFen } of results)
    if (exportFen > 0n)
      print(
        `${rule.id} ${SPAN_LABELS[span]}：增长部分折合 ${toReadableYuan(exportFen as Fen)} 元，供考核使用`,
      );
}

function reasonsOf({ part, verdict }: StatisticResult): string {
  return part.unavailable ?? verdict.reasons.map((reason) => REASON_LABELS[reason]).join('、');
}

function plain({ rule, part, verdict, exportFen, ...result }: StatisticResult) {
  const { p90, z, lastYear, ...judged } = verdict;
  return {
    ...result,
    ...judged,
    ruleId: rule.id,
    part: part.id,
    numerator: result.numerator?.toFixed() ?? null,
    denominator: result.denominator?.toFixed() ?? null,
    value: result.value?.toFixed() ?? null,
    p90: p90?.toFixed() ?? null,
    z: z?.toFixed() ?? null,
    lastYear: lastYear?.toFixed() ?? null,
    export: toYuan(exportFen as Fen),
  };
}

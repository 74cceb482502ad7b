import { Command, CommandRunner, Option } from 'nest-commander';
import type { AssessedIndicator } from '../assessment/assess.js';
import type { UnitAssessment } from '../assessment/assessment.service.js';
import { toReadableYuan, yuan } from '../kernel/money.js';
import { isMonth } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows, remark } from './output.js';
import { printStatistics } from './statistics-table.js';

interface IndicatorsOptions {
  readonly members?: boolean;
  readonly rules?: boolean;
  readonly json?: boolean;
}

const DIRECTIONS = { higher: '越高越好', lower: '越低越好', stable: '宜平稳' } as const;

const COLUMNS: readonly Column<AssessedIndicator>[] = [
  { title: '指标', cell: ({ label }) => label },
  { title: '数值', cell: shown, align: 'right' },
  { title: '限值', cell: ({ limit }) => limit ?? '' },
  { title: '预警', cell: ({ alarm }) => (alarm ? '超限' : '') },
  {
    title: '得分',
    cell: ({ earned, weight }) =>
      weight === null ? '' : `${earned?.toFixed(2) ?? '—'} / ${weight.toFixed()}`,
    align: 'right',
  },
  { title: '方向', cell: ({ direction }) => DIRECTIONS[direction] },
  { title: '条款', cell: ({ clause }) => clause },
  { title: '说明', cell: ({ reason, proxy }) => reason ?? proxy ?? '' },
];

@Command({
  name: 'indicators',
  arguments: '<period>',
  argsDescription: { period: '年 YYYY 或月 YYYY-MM / a year or a month' },
  description:
    '考核与监督指标：政策点名的指标、限值预警和评分建议 / assessment and supervision indicators, alarms, proposed grade',
})
export class IndicatorsCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    [period = '']: string[],
    { members = false, rules = false, json = false }: IndicatorsOptions,
  ): Promise<void> {
    if (!/^\d{4}$/.test(period) && !isMonth(period))
      throw new UsageError(`期间应写 YYYY 或 YYYY-MM：${period}`);
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    if (rules) return printStatistics(this.database, { consortium, period, json });
    const { AssessmentModule } = await import('../assessment/assessment.module.js');
    const { AssessmentService } = await import('../assessment/assessment.service.js');
    await this.database.withModules([AssessmentModule], async (app) => {
      const units = await app.get(AssessmentService).assess({ consortium, period });
      const chosen = members ? units : units.slice(0, 1);
      if (json) printJson(chosen.map(plain));
      else for (const unit of chosen) show(unit);
    });
  }

  @Option({ flags: '--members', description: '逐个成员单位列出 / every member as well' })
  members(): boolean {
    return true;
  }

  @Option({
    flags: '--rules',
    description:
      '改为计算统计规则 STA（某月及滚动十二个月，与同级同类机构和上年同期比较）/ the statistics rules of a month instead',
  })
  rules(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '输出一个 JSON 数组 / one JSON array' })
  json(): boolean {
    return true;
  }
}

function show({ institution, name, indicators, score, proposed, gaps }: UnitAssessment): void {
  print(institution === null ? name : `${institution} ${name}`);
  printRows(indicators, COLUMNS, { json: false });
  if (score !== null)
    print(
      `评分 ${score.toFixed(2)}，建议等次 ${proposed ?? '—'}；等次以 records.yaml 中引用文件的记录为准`,
    );
  if (institution === null)
    for (const { label, reason, clause } of gaps) remark(`${label}：${reason}（${clause}）`);
}

function shown({ value, unit }: AssessedIndicator): string {
  if (value === null) return '—';
  if (unit === 'yuan') return toReadableYuan(yuan(value.toFixed(2)));
  if (unit === 'ratio') return `${value.times(100).toFixed(2)}%`;
  return value.toFixed(unit === 'count' ? 0 : 2);
}

function plain({ indicators, score, ...unit }: UnitAssessment) {
  return {
    ...unit,
    score: score?.toFixed() ?? null,
    indicators: indicators.map(({ value, earned, weight, inputs, ...each }) => ({
      ...each,
      value: value?.toFixed() ?? null,
      earned: earned?.toFixed() ?? null,
      weight: weight?.toFixed() ?? null,
      inputs: inputs.map((input) => ({ term: input.term, value: input.value.toFixed() })),
    })),
  };
}

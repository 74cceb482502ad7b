import { Command, CommandRunner, Option } from 'nest-commander';
import { toReadableYuan, yuan } from '../kernel/money.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import type { ContributingClaim, Explanation } from '../settlement/explain.repository.js';
import type { FigureInput } from '../settlement/figure.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { readableAmount } from './figures-table.js';
import { type Column, print, printJson, printRows } from './output.js';

interface ExplainOptions {
  readonly limit?: number;
  readonly offset?: number;
  readonly json?: boolean;
}

@Command({
  name: 'explain',
  arguments: '<figure>',
  argsDescription: { figure: '结算数字的编号 / figure id, e.g. sanya.2024.resident.final' },
  description:
    '解释一个结算数字：公式、依据、条款、结算记录和原始行 / formula, inputs, clause, claims, raw rows',
})
export class ExplainCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    [figureId = '']: string[],
    { json = false, ...page }: ExplainOptions,
  ): Promise<void> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { SettlementModule } = await import('../settlement/settlement.module.js');
    const { SettlementService } = await import('../settlement/settlement.service.js');
    await this.database.withModules([SettlementModule], async (app) => {
      const explained = await app.get(SettlementService).explain({ consortium, figureId, ...page });
      if (json) printJson(explained);
      else show(explained);
    });
  }

  @Option({ flags: '--limit <n>', description: '列出几条结算记录，缺省 10 / claims to list' })
  limit(text: string): number {
    return wholeNumber(text);
  }

  @Option({ flags: '--offset <n>', description: '跳过几条 / claims to skip' })
  offset(text: string): number {
    return wholeNumber(text);
  }

  @Option({ flags: '--json', description: '输出一个 JSON 对象 / one JSON object' })
  json(): boolean {
    return true;
  }
}

const MOST_CLAIMS = 1_000;

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number > MOST_CLAIMS * 1_000)
    throw new UsageError(`应为整数：${text}`);
  return number;
}

const CLAIM_COLUMNS: readonly Column<ContributingClaim>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '结算号', cell: ({ claimNo }) => claimNo },
  { title: '结算日', cell: ({ settledOn }) => settledOn },
  { title: '类别', cell: ({ careType }) => careType },
  { title: '记账金额', cell: ({ booked }) => toReadableYuan(yuan(booked)), align: 'right' },
  { title: '病种', cell: ({ dipGroup }) => dipGroup },
  { title: '分值', cell: ({ dipPoints }) => dipPoints, align: 'right' },
  { title: '参保人', cell: ({ person }) => person },
  { title: '批次:行', cell: ({ batchId, rawRow }) => `${batchId}:${rawRow}` },
];

function show({ figure, run, claims, deductions }: Explanation): void {
  print(`${figure.label}　${readableAmount(figure)}${figure.unit === 'yuan' ? ' 元' : ''}`);
  print(`编号 ${figure.id}（第 ${run.version} 版${run.closed ? '，已关账' : ''}）`);
  print(`条款 ${figure.clause}`);
  print(`公式 ${figure.formula}`);
  if (figure.note !== undefined) print(`说明 ${figure.note}`);
  for (const input of figure.inputs) print(`  ${inputText(input)}`);
  if (deductions.length > 0) print(`扣款 ${deductions.length} 笔`);
  for (const { deductionId, institution, amount } of deductions)
    print(`  ${deductionId}　${institution}　${amount} 元`);
  if (claims === null) return;
  print(`结算记录 ${claims.total} 条，记账金额合计 ${toReadableYuan(yuan(claims.booked))} 元`);
  printRows(claims.rows, CLAIM_COLUMNS);
  for (const { claimNo, raw } of claims.rows)
    if (raw !== null) print(`  ${claimNo} 原始行 ${JSON.stringify(raw)}`);
}

function inputText({ label, value, unit, figure, clause, reading, overlay }: FigureInput): string {
  const amount = unit === 'yuan' ? `${toReadableYuan(yuan(value))} 元` : value;
  const rest = [
    clause,
    reading === undefined ? undefined : `解读：${reading}`,
    overlay === undefined ? undefined : `本地补充：${overlay}`,
    figure === undefined ? undefined : `→ ${figure}`,
  ].filter((part) => part !== undefined);
  return `${label} = ${amount}　${rest.join('　')}`;
}

import { Command, CommandRunner, Option } from 'nest-commander';
import { type Fen, fen, toReadableYuan } from '../kernel/money.js';
import { isMonth } from '../kernel/period.js';
import { DIFFERENCE_KINDS } from '../reconciliation/difference.js';
import type { DifferenceView } from '../reconciliation/reconciliation.repository.js';
import type { ReconciliationSummary } from '../reconciliation/reconciliation.service.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { type Cell, type Column, print, printJson, printRows } from './output.js';

type Totals = ReconciliationSummary['sources'][number];

const shown = (value: Cell): Cell => value ?? '未知';
const column = (title: string, name: string): Column<Totals> => ({
  title,
  cell: (row) => shown(row[name]),
  align: 'right',
});

const SOURCE_COLUMNS: readonly Column<Totals>[] = [
  { title: '机构', cell: (row) => row['institution'] },
  column('来源行', 'sourceRows'),
  column('来源金额', 'source'),
  column('入库行', 'landedRows'),
  column('入库金额', 'landed'),
  column('隔离行', 'quarantinedRows'),
  column('隔离金额', 'quarantined'),
];

const AGENCY_COLUMNS: readonly Column<Totals>[] = [
  { title: '结算机构', cell: (row) => row['institution'] },
  { title: '险种', cell: (row) => (row['pool'] === 'employee' ? '职工' : '居民') },
  column('网关笔数', 'gatewayClaims'),
  column('网关总费用', 'gatewayTotalFee'),
  column('网关基金', 'gatewayFundPaid'),
  column('经办笔数', 'agencyClaims'),
  column('经办总费用', 'agencyTotalFee'),
  column('经办基金', 'agencyFundPaid'),
];

const OWNERS = { 'it-engineer': '信息科', 'settlement-clerk': '结算员' } as const;

const DIFFERENCE_COLUMNS: readonly Column<DifferenceView>[] = [
  { title: '类型', cell: ({ kind }) => DIFFERENCE_KINDS[kind].label },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '结算号', cell: ({ claimNo }) => claimNo },
  { title: '金额', cell: ({ amountFen }) => toReadableYuan(fenOf(amountFen)), align: 'right' },
  { title: '责任人', cell: ({ owner }) => OWNERS[owner] },
  { title: '天数', cell: ({ ageDays }) => ageDays, align: 'right' },
  {
    title: '依据',
    cell: ({ evidence }) =>
      Object.entries(evidence)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
  },
];

const STATES = { balanced: '平', differs: '不平', unfinished: '未完成（有一方尚未答复）' } as const;

@Command({
  name: 'reconcile',
  arguments: '<month>',
  argsDescription: { month: '月份 / month, 2024-03' },
  description: '来源、网关、经办三方对账 / compare source, gateway and agency',
})
export class ReconcileCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([month = '']: string[], { json = false }: { json?: boolean }): Promise<void> {
    if (!isMonth(month)) throw new UsageError(`不是月份：${month}`);
    const { loadConsortium } = await import('../ingest/consortium.loader.js');
    const { consortium } = loadConsortium(this.database.site.siteDir, null);
    const { ReconciliationModule } = await import('../reconciliation/reconciliation.module.js');
    const { ReconciliationService } = await import('../reconciliation/reconciliation.service.js');
    await this.database.withModules([ReconciliationModule], async (app) => {
      const reconciliation = app.get(ReconciliationService);
      const summary = await reconciliation.run({ consortium, month });
      const differences = await reconciliation.differences({ consortium, month });
      if (json) printJson({ ...summary, open: differences });
      else report(summary, differences);
      if (summary.state !== 'balanced') process.exitCode = EXIT.failed;
    });
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

function report(summary: ReconciliationSummary, differences: readonly DifferenceView[]): void {
  print('来源 ↔ 网关');
  printRows(summary.sources, SOURCE_COLUMNS);
  print();
  print('网关 ↔ 经办');
  printRows(summary.agency, AGENCY_COLUMNS);
  print();
  print('差异');
  printRows(differences, DIFFERENCE_COLUMNS);
  print();
  const { month, state, digest } = summary;
  print(
    `${month} 对账结果：${STATES[state]}，差异 ${summary.differences} 条，摘要 ${digest.slice(0, 16)}`,
  );
}

function fenOf(text: string): Fen {
  return fen(BigInt(text));
}

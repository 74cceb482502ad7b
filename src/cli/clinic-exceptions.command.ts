import { Command, CommandRunner, Option } from 'nest-commander';
import { toReadableYuan, yuan } from '../kernel/money.js';
import { isMonth, lastDay } from '../kernel/period.js';
import { policyAt } from '../policy/resolve.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import type { ClinicException } from '../settlement/clinic-exceptions.repository.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { type Column, printRows } from './output.js';

interface ClinicExceptionsOptions {
  readonly json?: boolean;
}

const WHY = {
  'own-settlement': '没有与乡镇卫生院合并结算',
  'outside-scope': '不在村卫生室可开通的待遇内',
} as const;

const COLUMNS: readonly Column<ClinicException>[] = [
  { title: '村卫生室', cell: ({ clinic }) => clinic },
  { title: '结算单位', cell: ({ settledBy }) => settledBy },
  { title: '险种', cell: ({ pool }) => pool },
  { title: '医疗类别', cell: ({ careType }) => careType },
  { title: '条数', cell: ({ claims }) => String(claims), align: 'right' },
  {
    title: '统筹基金',
    cell: ({ pooledFundPaid }) => toReadableYuan(yuan(pooledFundPaid)),
    align: 'right',
  },
  { title: '原因', cell: ({ why }) => WHY[why] },
];

/** What village clinics claimed beside what the region lets them offer. Exit code 1 when there is any. */
@Command({
  name: 'clinic-exceptions',
  arguments: '<month>',
  description:
    '村卫生室例外：超出可开通待遇或未合并结算的结算记录 / claims of village clinics outside their scope',
})
export class ClinicExceptionsCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    [month = '']: string[],
    { json = false }: ClinicExceptionsOptions,
  ): Promise<void> {
    if (!isMonth(month)) throw new UsageError(`应写月份 YYYY-MM：${month}`);
    const { siteDir } = this.database.site;
    const { consortium } = loadSettlementUnits(siteDir);
    const { loadSitePolicy } = await import('../settlement/site-policy.loader.js');
    const { readClinicExceptions } = await import('../settlement/clinic-exceptions.repository.js');
    const { chain, overlays } = loadSitePolicy(this.database.site, consortium);
    const policy = policyAt(chain, lastDay(month), overlays);
    await this.database.use(async ({ pool }) => {
      const found = await readClinicExceptions(pool, { consortium, month, policy });
      const empty =
        found === null
          ? `地区 ${policy.region} 没有限定村卫生室的待遇`
          : `${month} 没有村卫生室例外`;
      printRows(found ?? [], COLUMNS, { json, empty });
      if ((found?.length ?? 0) > 0) process.exitCode = EXIT.failed;
    });
  }

  @Option({ flags: '--json', description: '每行一个 JSON 对象 / one JSON object a line' })
  json(): boolean {
    return true;
  }
}

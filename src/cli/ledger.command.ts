import { Command, CommandRunner, Option } from 'nest-commander';
import { toReadableYuan, yuan } from '../kernel/money.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import type { Balance, LedgerEntry } from '../settlement/ledger.repository.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, printRows } from './output.js';

interface LedgerOptions {
  readonly account?: string;
  readonly period?: string;
  readonly entries?: boolean;
  readonly json?: boolean;
}

const money = (text: string): string => toReadableYuan(yuan(text));

const BALANCES: readonly Column<Balance>[] = [
  { title: '险种', cell: ({ pool }) => pool },
  { title: '账户', cell: ({ account }) => account },
  { title: '基金', cell: ({ fund }) => fund },
  { title: '收入', cell: (row) => money(row.in), align: 'right' },
  { title: '支出', cell: ({ out }) => money(out), align: 'right' },
  { title: '余额', cell: ({ balance }) => money(balance), align: 'right' },
];

const ENTRIES: readonly Column<LedgerEntry>[] = [
  { title: '结算', cell: ({ kind, period, version }) => `${kind} ${period} 第 ${version} 版` },
  { title: '凭证', cell: ({ voucher }) => voucher },
  { title: '账户', cell: ({ account }) => account },
  { title: '金额', cell: ({ amount }) => money(amount), align: 'right' },
  { title: '冲回', cell: ({ reverses }) => reverses },
];

@Command({
  name: 'ledger',
  description:
    '账簿：经办机构、牵头医院、成员、预留和应收的余额与分录 / balances and postings of the ledger',
})
export class LedgerCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    _: string[],
    { entries = false, json = false, ...filter }: LedgerOptions,
  ): Promise<void> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { readBalances, readEntries } = await import('../settlement/ledger.repository.js');
    const empty = '账上没有分录：先用 heyi settle 结算';
    await this.database.use(async ({ pool }) => {
      if (entries)
        printRows(await readEntries(pool, { consortium, ...filter }), ENTRIES, { json, empty });
      else
        printRows(await readBalances(pool, { consortium, ...filter }), BALANCES, { json, empty });
    });
  }

  @Option({
    flags: '--account <account>',
    description:
      '账户或一类账户：agency、lead、receivable、member、member:<机构>、reserve / an account or a kind of account',
  })
  account(account: string): string {
    return account;
  }

  @Option({ flags: '--period <period>', description: '月份或年份 / a month or a year' })
  period(period: string): string {
    if (!/^\d{4}(-\d{2})?$/.test(period)) throw new UsageError(`应写 YYYY 或 YYYY-MM：${period}`);
    return period;
  }

  @Option({ flags: '--entries', description: '逐笔列出分录 / list every posting' })
  entries(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '每行一个 JSON 对象 / one JSON object a line' })
  json(): boolean {
    return true;
  }
}

import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type { RetentionItem } from '../operations/retention/retention.service.js';
import { readSizes, type TableSize } from '../operations/sizes.repository.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows } from './output.js';

interface Options {
  readonly json?: boolean;
  readonly reason?: string;
}

const CLASSES: Readonly<Record<RetentionItem['class'], string>> = {
  canonical: '结算记录',
  findings: '疑点',
  quarantine: '隔离行',
  raw: '原始行',
  work: '运行记录',
};

const MIB = 2n ** 20n;
const mib = (bytes: string): string =>
  `${(BigInt(bytes) * 10n) / MIB / 10n}.${((BigInt(bytes) * 10n) / MIB) % 10n} MB`;

const COLUMNS: readonly Column<RetentionItem>[] = [
  { title: '类别', cell: (item) => CLASSES[item.class] },
  {
    title: '范围',
    cell: (item) => (item.action === 'drop' ? item.month.month : `${item.before} 之前`),
  },
  { title: '方式', cell: ({ action }) => (action === 'drop' ? '按月删除分区' : '逐行删除') },
  {
    title: '表',
    cell: (item) => (item.action === 'drop' ? item.month.partitions : item.tables).join(' '),
  },
  {
    title: '行数',
    cell: (item) => (item.action === 'drop' ? `约 ${item.month.rows}` : item.rows),
    align: 'right',
  },
  {
    title: '大小',
    cell: (item) => (item.action === 'drop' ? mib(item.month.bytes) : ''),
    align: 'right',
  },
  { title: '保留原因', cell: (item) => (item.action === 'drop' ? item.keptBecause : null) },
];

const SIZE_COLUMNS: readonly Column<TableSize>[] = [
  { title: '表', cell: ({ table }) => table },
  { title: '月份', cell: ({ month }) => month },
  { title: '行数（估计）', cell: ({ rows }) => rows, align: 'right' },
  { title: '大小', cell: ({ bytes }) => mib(bytes), align: 'right' },
];

/** The month it is where the site is. */
async function planned(database: CliDatabase) {
  const { loadConsortium } = await import('../ingest/consortium.loader.js');
  const { loadRetention } = await import('../operations/retention/retention-policy.loader.js');
  const { planRetention } = await import('../operations/retention/retention.service.js');
  const { consortium, timezone } = loadConsortium(database.site.siteDir, null);
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(new Date());
  const policy = loadRetention(database.site);
  return {
    consortium,
    plan: (pool: Parameters<typeof planRetention>[0]) =>
      planRetention(pool, policy, today.slice(0, 7)),
  };
}

@SubCommand({
  name: 'plan',
  description:
    '哪些数据已超过保留期，什么会被删除；不改动 / what is older than kept; changes nothing',
})
export class RetentionPlanCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { json = false }: Options): Promise<void> {
    const { plan } = await planned(this.database);
    await this.database.use(async ({ pool }) => {
      printRows(await plan(pool), COLUMNS, { json, empty: '没有超过保留期的数据' });
    });
  }

  @Option({ flags: '--json', description: '每项一个 JSON 对象 / one JSON object an item' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'apply',
  description:
    '删除超过保留期且可以删除的数据，并记入存证链 / delete what may go, with a journal entry',
})
export class RetentionApplyCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { json = false, reason = '' }: Options): Promise<void> {
    if (reason.trim() === '') throw new UsageError('须用 --reason 写明依据，例如档案处置审批单号');
    const { applyRetention } = await import('../operations/retention/retention.service.js');
    const { consortium, plan } = await planned(this.database);
    await this.database.use(async ({ pool }) => {
      const items = await plan(pool);
      const gone = await applyRetention(pool, items, { consortium, reason });
      const kept = items.filter((item) => !gone.includes(item));
      if (json) {
        printJson({ gone, kept });
      } else {
        print('已删除');
        printRows(gone, COLUMNS);
        print();
        print('保留');
        printRows(kept, COLUMNS);
      }
      if (kept.length > 0) process.exitCode = EXIT.failed;
    });
  }

  @Option({ flags: '--reason <text>', description: '依据，记入存证链 / why, kept in the journal' })
  reason(text: string): string {
    return text;
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@Command({
  name: 'retention',
  description: '保留期：计划与执行 / how long data are kept',
  subCommands: [RetentionPlanCommand, RetentionApplyCommand],
})
export class RetentionCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 plan 或 apply');
  }
}

@Command({ name: 'size', description: '各表占用空间，按月 / disk space of tables, by month' })
export class SizeCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override run(_: string[], { json = false }: Options): Promise<void> {
    return this.database.use(async ({ pool }) => {
      const sizes = await readSizes(pool);
      printRows(sizes, SIZE_COLUMNS, { json });
      if (json) return;
      const all = sizes.reduce((sum, { bytes }) => sum + BigInt(bytes), 0n);
      print();
      print(`合计 ${mib(all.toString())}`);
    });
  }

  @Option({ flags: '--json', description: '每行一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

import { Command, CommandRunner, Option } from 'nest-commander';
import type { BatchResult, PullRequest } from '../ingest/batch.js';
import { STREAMS, type Stream } from '../ingest/fields.js';
import { isIsoDate } from '../kernel/dates.js';
import { fen, toReadableYuan } from '../kernel/money.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { type Column, print, printRows } from './output.js';

interface IngestOptions {
  readonly from?: string;
  readonly to?: string;
  readonly stream?: Stream;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const STATES: Readonly<Record<BatchResult['state'], string>> = {
  complete: '完整',
  incomplete: '不完整',
  empty: '无数据',
  rejected: '拒收',
  duplicate: '重复文件',
};

const yuanOf = (text: string | null): string =>
  text === null ? '' : toReadableYuan(fen(BigInt(text)));

const COLUMNS: readonly Column<BatchResult>[] = [
  { title: '数据流', cell: ({ stream }) => stream },
  { title: '文件', cell: ({ unit }) => unit },
  { title: '状态', cell: ({ state }) => STATES[state] },
  { title: '来源行', cell: ({ sourceRows }) => sourceRows, align: 'right' },
  { title: '落地行', cell: ({ landedRows }) => landedRows, align: 'right' },
  { title: '隔离行', cell: ({ quarantinedRows }) => quarantinedRows, align: 'right' },
  { title: '来源金额', cell: ({ sourceFen }) => yuanOf(sourceFen), align: 'right' },
  { title: '落地金额', cell: ({ landedFen }) => yuanOf(landedFen), align: 'right' },
  { title: '隔离金额', cell: ({ quarantinedFen }) => yuanOf(quarantinedFen), align: 'right' },
  { title: '新增', cell: ({ newRows }) => newRows, align: 'right' },
  { title: '变更', cell: ({ changedRows }) => changedRows, align: 'right' },
  { title: '未变', cell: ({ sameRows }) => sameRows, align: 'right' },
  { title: '说明', cell: ({ message, remedy }) => [message, remedy].filter(Boolean).join(' ') },
];

@Command({
  name: 'ingest',
  arguments: '<institution>',
  argsDescription: { institution: '机构编号 / institution code' },
  description: '读取一个机构的一个时间窗 / read one window of one institution',
})
export class IngestCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([institution = '']: string[], options: IngestOptions): Promise<void> {
    const request = requestOf(institution, options);
    const { IngestModule } = await import('../ingest/ingest.module.js');
    const { IngestService } = await import('../ingest/ingest.service.js');
    const stop = new AbortController();
    process.once('SIGINT', () =>
      stop.abort(new UsageError('已中断；已提交的部分保留，重新运行即续读')),
    );
    await this.database.withModules([IngestModule], async (app) => {
      const { batches, state, digest } = await app.get(IngestService).pull(request, stop.signal);
      printRows(batches, COLUMNS, { json: options.json });
      if (options.json !== true) print(`${STATES[state]}，摘要 ${digest}`);
      if (state === 'incomplete' || state === 'rejected') process.exitCode = EXIT.failed;
    });
  }

  @Option({ flags: '--from <day>', description: '起始日（含） / first day, 2024-12-01' })
  from(text: string): string {
    return dayOf(text);
  }

  @Option({ flags: '--to <day>', description: '截止日（不含） / day after the last' })
  to(text: string): string {
    return dayOf(text);
  }

  @Option({
    flags: '--stream <name>',
    description: `只读一个数据流 / one of ${STREAMS.join(', ')}`,
  })
  stream(text: string): Stream {
    const known = STREAMS.find((each) => each === text);
    if (known === undefined)
      throw new UsageError(`没有数据流 ${text}；可用：${STREAMS.join('、')}`);
    return known;
  }

  @Option({
    flags: '--dry-run',
    description: '只读取和检查，不写入 / read and check, write nothing',
  })
  dryRun(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '每批一个 JSON 对象 / one JSON object a batch' })
  json(): boolean {
    return true;
  }
}

function requestOf(institution: string, options: IngestOptions): PullRequest {
  const { from, to, stream, dryRun = false } = options;
  if (from === undefined || to === undefined || from >= to) {
    throw new UsageError('请写明 --from 与 --to（截止日不含，须晚于起始日）');
  }
  const streams = stream === undefined ? {} : { streams: [stream] };
  return { institution, window: { from, to }, dryRun, ...streams };
}

function dayOf(text: string): string {
  if (!isIsoDate(text)) throw new UsageError(`不是日期：${text}`);
  return text;
}

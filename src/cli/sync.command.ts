import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { STREAMS, type Stream } from '../ingest/fields.js';
import type { SyncService } from '../ingest/sync.service.js';
import type { StretchRequest, Word } from '../jobs/sync-plan.js';
import { isIsoDate } from '../kernel/dates.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printRows, remark } from './output.js';
import {
  SyncAdjustmentsCommand,
  SyncRefundsCommand,
  SyncWithdrawnCommand,
} from './sync-lists.command.js';
import { runSync } from './sync-run.js';
import { IMPACT } from './sync-tables.js';

interface SyncOptions {
  readonly stream?: Stream;
  readonly dryRun?: boolean;
  readonly withdraw?: boolean;
  readonly now?: boolean;
  readonly queueOnly?: boolean;
  readonly as?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

@Injectable()
abstract class SyncStretchCommand extends CommandRunner {
  constructor(protected readonly database: CliDatabase) {
    super();
  }

  protected async work<T>(work: (sync: SyncService) => Promise<T>): Promise<T> {
    const { IngestModule } = await import('../ingest/ingest.module.js');
    const { SyncService } = await import('../ingest/sync.service.js');
    return this.database.withModules([IngestModule], (app) => work(app.get(SyncService)));
  }

  @Option({
    flags: '--stream <name>',
    description: `只看一个数据流 / one of ${STREAMS.join(', ')}`,
  })
  stream(text: string): Stream {
    return streamOf(text);
  }

  @Option({ flags: '--dry-run', description: '只看不写 / look, write nothing' })
  dryRun(): boolean {
    return true;
  }

  @Option({
    flags: '--now',
    description: '不等允许读取的时段 / outside the reading hours, with --as and --reason',
  })
  now(): boolean {
    return true;
  }

  @Option({
    flags: '--queue-only',
    description: '只排入队列，由正在运行的进程完成 / leave it to running processes',
  })
  queueOnly(): boolean {
    return true;
  }

  @Option({ flags: '--as <person>', description: '经手人 / who does it' })
  as(text: string): string {
    return text;
  }

  @Option({ flags: '--reason <text>', description: '原因（记入存证） / why, kept in the journal' })
  reason(text: string): string {
    return text;
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'compare',
  arguments: '<institution> <from> <to>',
  description:
    '与来源逐键比对一段日期（止日不含），并补读、撤销 / compare days with their source, then put right',
})
export class SyncCompareCommand extends SyncStretchCommand {
  override async run(given: string[], options: SyncOptions): Promise<void> {
    const request = {
      ...stretchOf(given, options),
      repair: options.dryRun !== true,
      ...(options.withdraw === true ? { withdrawal: orderOf(options) } : {}),
    };
    await runSync(this.database, (runs) => runs.compare(request, wordOf(options)), options);
  }

  @Option({
    flags: '--withdraw',
    description:
      '来源已删的行不论多少都撤销，须 --as 与 --reason / withdraw deleted rows however many',
  })
  withdraw(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'backfill',
  arguments: '<institution> <from> <to>',
  description: '补读或重读一段日期（止日不含） / read days anew, in the windows they were read in',
})
export class SyncBackfillCommand extends SyncStretchCommand {
  override async run(given: string[], options: SyncOptions): Promise<void> {
    const request = stretchOf(given, options);
    const impact = await this.work((sync) => sync.impact(request));
    if (options.dryRun === true) {
      printRows(impact, IMPACT, { json: options.json });
      return;
    }
    for (const { stream, windows, unreadDays } of impact)
      remark(`${stream}：${windows} 个已读时间窗，${unreadDays} 天未读`);
    await runSync(this.database, (runs) => runs.backfill(request, wordOf(options)), options);
  }
}

@SubCommand({
  name: 'rewind',
  arguments: '<institution> <stream> <day>',
  description: '把一个数据流的书签退回到某日，之后各夜从该日起复读 / set a stream’s bookmark back',
})
export class SyncRewindCommand extends SyncStretchCommand {
  override async run(given: string[], options: SyncOptions): Promise<void> {
    const [institution = '', name = '', day = ''] = given;
    const request = { institution, stream: streamOf(name), day: dayOf(day) };
    await this.work(async (sync) => {
      const impact =
        options.dryRun === true
          ? await sync.rewindImpact(request)
          : await sync.rewind({ ...request, ...orderOf(options) });
      printRows([impact], IMPACT, { json: options.json });
      if (options.json === true) return;
      print(
        options.dryRun === true
          ? `书签现在在 ${impact.bookmark}，未改动`
          : `书签已从 ${impact.bookmark} 退回到 ${day}；下一夜起复读，也可立即运行 heyi sync backfill ${institution} ${day} ${impact.bookmark}`,
      );
    });
  }
}

@Command({
  name: 'sync',
  description: '与来源的一致性：比对、补读、回退、调整清单 / agreement with the sources',
  subCommands: [
    SyncCompareCommand,
    SyncBackfillCommand,
    SyncRewindCommand,
    SyncAdjustmentsCommand,
    SyncRefundsCommand,
    SyncWithdrawnCommand,
  ],
})
export class SyncCommand extends CommandRunner {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}

function stretchOf(
  [institution = '', from = '', to = '']: string[],
  options: SyncOptions,
): StretchRequest {
  if (dayOf(from) >= dayOf(to)) throw new UsageError('截止日不含，须晚于起始日');
  return {
    ...{ institution, from, to },
    ...(options.stream === undefined ? {} : { streams: [options.stream] }),
    ...(options.now === true ? { outsideHours: orderOf(options) } : {}),
  };
}

/** What somebody said about it, if anybody did. */
function wordOf(options: SyncOptions): Word | null {
  return options.as === undefined && options.reason === undefined ? null : orderOf(options);
}

function orderOf({ as, reason }: SyncOptions): Word {
  if (as === undefined || reason === undefined || as.trim() === '' || reason.trim() === '')
    throw new UsageError('请写明 --as <经手人> 与 --reason <原因>');
  return { by: as, reason };
}

function streamOf(text: string): Stream {
  const known = STREAMS.find((each) => each === text);
  if (known === undefined) throw new UsageError(`没有数据流 ${text}；可用：${STREAMS.join('、')}`);
  return known;
}

function dayOf(text: string): string {
  if (!isIsoDate(text)) throw new UsageError(`不是日期：${text}`);
  return text;
}

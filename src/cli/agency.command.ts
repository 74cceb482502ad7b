import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type { AgencyService } from '../agency/agency.service.js';
import { titleOf } from '../agency/courier.client.js';
import type { MessageView } from '../agency/message.repository.js';
import { isMonth } from '../kernel/period.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows } from './output.js';

interface AgencyOptions {
  readonly json?: boolean;
  readonly again?: boolean;
  readonly open?: boolean;
  readonly as?: 'accepted' | 'rejected';
  readonly by?: string;
  readonly reason?: string;
}

/** A command on the outbox of the site's consortium. Injectable, so that its subclasses are given the database. */
@Injectable()
abstract class OutboxCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  protected async onOutbox(
    work: (agency: AgencyService, consortium: string) => Promise<void>,
  ): Promise<void> {
    const { loadConsortium } = await import('../ingest/consortium.loader.js');
    const { consortium } = loadConsortium(this.database.site.siteDir, null);
    const { AgencyModule } = await import('../agency/agency.module.js');
    const { AgencyService } = await import('../agency/agency.service.js');
    await this.database.withModules([AgencyModule], (app: INestApplicationContext) =>
      work(app.get(AgencyService), consortium),
    );
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'declare',
  arguments: '<month>',
  argsDescription: { month: '月份 / month, 2024-03' },
  description: '把一个月的合计写入发件箱 / write a month’s totals into the outbox',
})
export class AgencyDeclareCommand extends OutboxCommand {
  override async run([month = '']: string[], { json, again }: AgencyOptions): Promise<void> {
    if (!isMonth(month)) throw new UsageError(`不是月份：${month}`);
    await this.onOutbox(async (agency, consortium) => {
      const result = await agency.declareMonth({ consortium, month, again: again === true });
      const { enqueued, unchanged, waiting } = result;
      if (json === true) printJson(result);
      else print(`${month}：新写入 ${enqueued}，未变 ${unchanged}，等前一报文结束 ${waiting}`);
    });
  }

  @Option({
    flags: '--again',
    description: '被拒的报文以新编号重报 / repeat what was rejected',
  })
  again(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'dispatch',
  description: '发送发件箱中的报文 / send what waits in the outbox',
})
export class AgencyDispatchCommand extends OutboxCommand {
  override async run(_: string[], { json }: AgencyOptions): Promise<void> {
    await this.onOutbox(async (agency, consortium) => {
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort(new UsageError('已中断')));
      const result = await agency.dispatch({ consortium }, stop.signal);
      const { accepted, rejected, open, busy } = result;
      if (json === true) printJson(result);
      else if (busy) print('另一个进程正在发送');
      else print(`受理 ${accepted}，拒绝 ${rejected}，仍未结束 ${open}`);
      if (busy || rejected > 0 || open > 0) process.exitCode = EXIT.failed;
    });
  }
}

const COLUMNS: readonly Column<MessageView>[] = [
  { title: '编号', cell: ({ outboxId }) => outboxId, align: 'right' },
  { title: '交易', cell: ({ transactionCode: code }) => `${code} ${titleOf(code)}` },
  { title: '机构', cell: ({ institution }) => institution },
  { title: '月份', cell: ({ month }) => month },
  { title: '险种', cell: ({ pool }) => pool },
  { title: '清算类别', cell: ({ clearingType }) => clearingType },
  { title: '版本', cell: ({ version }) => version, align: 'right' },
  { title: '状态', cell: ({ state }) => state },
  { title: '结果', cell: ({ outcome }) => outcome },
  { title: '次数', cell: ({ attempts }) => attempts, align: 'right' },
  { title: '报文编号', cell: ({ messageId }) => messageId },
  { title: '说明', cell: ({ text }) => text },
];

@SubCommand({
  name: 'list',
  arguments: '[month]',
  argsDescription: { month: '月份，缺省为全部 / month, default all' },
  description: '报文及其状态 / messages and their states',
})
export class AgencyListCommand extends OutboxCommand {
  override async run([month]: string[], { json, open }: AgencyOptions): Promise<void> {
    if (month !== undefined && !isMonth(month)) throw new UsageError(`不是月份：${month}`);
    await this.onOutbox(async (agency, consortium) => {
      const which = { consortium, open: open === true, ...(month === undefined ? {} : { month }) };
      printRows(await agency.messages(which), COLUMNS, { json });
    });
  }

  @Option({ flags: '--open', description: '只列未结束的 / only those that have not ended' })
  open(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'resolve',
  arguments: '<message>',
  argsDescription: { message: '报文的编号（list 第一列） / number of the message' },
  description: '人工认定结果未知的报文 / settle an unknown outcome by decision',
})
export class AgencyResolveCommand extends OutboxCommand {
  override async run([outboxId = '']: string[], options: AgencyOptions): Promise<void> {
    const { as: outcome, by: decidedBy, reason } = options;
    if (!/^\d{1,18}$/.test(outboxId)) throw new UsageError(`不是报文编号：${outboxId}`);
    if (outcome === undefined || decidedBy === undefined || reason === undefined) {
      throw new UsageError('请写明 --as、--by 和 --reason');
    }
    await this.onOutbox(async (agency) => {
      await agency.resolve({ outboxId, outcome, decidedBy, reason });
      if (options.json === true) printJson({ outboxId, outcome });
      else print(`报文 ${outboxId} 已认定为${outcome === 'accepted' ? '受理' : '拒绝'}`);
    });
  }

  @Option({
    flags: '--as <outcome>',
    description: 'accepted（已受理）或 rejected（未受理） / what the agency says',
  })
  as(text: string): 'accepted' | 'rejected' {
    if (text !== 'accepted' && text !== 'rejected') throw new UsageError(`不认识的结果：${text}`);
    return text;
  }

  @Option({ flags: '--by <person>', description: '认定人工号 / who decides' })
  by(text: string): string {
    return text;
  }

  @Option({ flags: '--reason <text>', description: '依据 / on what ground' })
  reason(text: string): string {
    return text;
  }
}

@Command({
  name: 'agency',
  description: '与经办机构的报文 / messages to the insurance agency',
  subCommands: [
    AgencyDeclareCommand,
    AgencyDispatchCommand,
    AgencyListCommand,
    AgencyResolveCommand,
  ],
})
export class AgencyCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 declare、dispatch、list 或 resolve');
  }
}

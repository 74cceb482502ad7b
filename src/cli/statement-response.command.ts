import { Injectable } from '@nestjs/common';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { loadSettlementUnits } from '../records/records.loader.js';
import type { ListedResponse } from '../statements/response.repository.js';
import type { ResponseService } from '../statements/response.service.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printRows } from './output.js';
import { runChoice } from './statement-choice.js';

interface ResponseOptions {
  readonly by?: string;
  readonly reason?: string;
}

/** What the subcommands share: the site's consortium, who speaks, and why. */
@Injectable()
abstract class StatementResponseCommand extends CommandRunner {
  constructor(protected readonly database: CliDatabase) {
    super();
  }

  protected async respond<T>(
    work: (service: ResponseService, consortium: string) => Promise<T>,
  ): Promise<T> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { StatementsModule } = await import('../statements/statements.module.js');
    const { ResponseService: Service } = await import('../statements/response.service.js');
    return this.database.withModules([StatementsModule], (app) =>
      work(app.get(Service), consortium),
    );
  }

  @Option({ flags: '--by <name>', description: '经办人 / who stands for it', required: true })
  by(name: string): string {
    return name;
  }
}

@SubCommand({
  name: 'ack',
  arguments: '<period> <institution>',
  description: '成员单位确认结算单 / a member acknowledges its statement',
})
export class StatementAckCommand extends StatementResponseCommand {
  override async run(
    [period = '', institution = '']: string[],
    { by = '', reason }: ResponseOptions,
  ): Promise<void> {
    const remark = reason === undefined ? {} : { remark: reason };
    const id = await this.respond((service, consortium) =>
      service.acknowledge({ consortium, choice: runChoice(period), institution, by, ...remark }),
    );
    print(`已确认，记录编号 ${id}`);
  }

  @Option({ flags: '--remark <text>', name: 'reason', description: '备注 / remark' })
  remark(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'dispute',
  arguments: '<period> <institution> <line>',
  argsDescription: { line: '结算单上的序号或数字编号 / number of the line, or figure id' },
  description: '成员单位对一项提出异议 / a member disputes a line',
})
export class StatementDisputeCommand extends StatementResponseCommand {
  override async run(
    [period = '', institution = '', line = '']: string[],
    { by = '', reason = '' }: ResponseOptions,
  ): Promise<void> {
    const choice = runChoice(period);
    const id = await this.respond((service, consortium) =>
      service.dispute({ consortium, choice, institution, line, by, reason }),
    );
    print(`已提出异议，编号 ${id}`);
  }

  @Option({ flags: '--reason <text>', description: '理由 / why', required: true })
  reason(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'answer',
  arguments: '<dispute> <outcome>',
  argsDescription: { dispute: '异议编号 / its number', outcome: 'accepted | refused' },
  description: '牵头医院答复异议：采纳或不采纳 / the lead answers a dispute',
})
export class StatementAnswerCommand extends StatementResponseCommand {
  override async run(
    [responseId = '', outcome = '']: string[],
    { by = '', reason = '' }: ResponseOptions,
  ): Promise<void> {
    if (!/^\d{1,18}$/.test(responseId)) throw new UsageError(`异议编号应为数字：${responseId}`);
    if (outcome !== 'accepted' && outcome !== 'refused')
      throw new UsageError(`答复应写 accepted（采纳）或 refused（不采纳）：${outcome}`);
    const id = await this.respond((service, consortium) =>
      service.answer({ consortium, responseId, outcome, by, reason }),
    );
    print(`已答复，记录编号 ${id}`);
    if (outcome === 'accepted') print('请更正来源数据或记录后重新结算；新版本须重新确认');
  }

  @Option({ flags: '--reason <text>', description: '理由 / why', required: true })
  reason(text: string): string {
    return text;
  }
}

const KINDS: Readonly<Record<ListedResponse['kind'], string>> = {
  acknowledgement: '确认',
  dispute: '异议',
  answer: '答复',
};

const COLUMNS: readonly Column<ListedResponse>[] = [
  { title: '编号', cell: ({ responseId }) => responseId, align: 'right' },
  { title: '期间', cell: ({ period, version }) => `${period} 第 ${version} 版` },
  { title: '机构', cell: ({ institution }) => institution },
  {
    title: '事项',
    cell: ({ kind, answers }) => (answers === null ? KINDS[kind] : `${KINDS[kind]} ${answers}`),
  },
  {
    title: '结果',
    cell: ({ outcome }) => (outcome === null ? '' : outcome === 'accepted' ? '采纳' : '不采纳'),
  },
  {
    title: '项目',
    cell: ({ label, figureId }) => (figureId === null ? '' : `${label ?? ''} ${figureId}`),
  },
  { title: '理由', cell: ({ reason }) => reason },
  { title: '经办', cell: ({ by }) => by },
  { title: '时间', cell: ({ at }) => at },
];

@SubCommand({
  name: 'responses',
  arguments: '[period]',
  description: '确认、异议与答复 / acknowledgements, disputes, answers',
})
export class StatementResponsesCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([period]: string[], { json = false }: { json?: boolean }): Promise<void> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { listResponses } = await import('../statements/response.repository.js');
    await this.database.use(async ({ pool }) => {
      const rows = await listResponses(pool, { consortium, period: period ?? null });
      printRows(rows, COLUMNS, { json, empty: '没有确认或异议 / none' });
    });
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a response' })
  json(): boolean {
    return true;
  }
}

import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type {
  ExemptionDecisions,
  RecordedExemption,
} from '../audit/governance/exemption-decisions.service.js';
import { loadSiteFiles } from '../audit/rules.loader.js';
import { proposedExemptionSchema, type ScopedExemption } from '../audit/scoped-exemption.js';
import { loadYaml } from '../config/yaml.loader.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printRows } from './output.js';

/** What the subcommands share. */
@Injectable()
abstract class OnExemptions extends CommandRunner {
  constructor(protected readonly database: CliDatabase) {
    super();
  }

  protected async work<T>(
    task: (decisions: ExemptionDecisions, consortium: string) => Promise<T>,
  ): Promise<T> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { GovernanceModule } = await import('../audit/governance/governance.module.js');
    const { ExemptionDecisions: service } = await import(
      '../audit/governance/exemption-decisions.service.js'
    );
    return this.database.withModules([GovernanceModule], (app) =>
      task(app.get(service), consortium),
    );
  }
}

/** Who does it. */
@Injectable()
abstract class Signed extends OnExemptions {
  @Option({ flags: '--by <user>', required: true, description: '经办人 / who does it' })
  by(user: string): string {
    return user;
  }
}

const STATES = {
  file: '站点文件',
  proposed: '待批准',
  'in-force': '有效',
  ended: '已终止',
} as const;

type Listed = Pick<RecordedExemption, 'name' | 'content'> & {
  readonly state: keyof typeof STATES;
  readonly approvedBy: string | null;
};

@SubCommand({ name: 'list', description: '本站点的专项豁免 / this site’s own exemptions' })
export class ExemptionsListCommand extends OnExemptions {
  override async run(_: string[], { json = false }: { json?: boolean }): Promise<void> {
    const { scoped } = loadSiteFiles(this.database.site).book;
    const recorded = await this.work((decisions, consortium) => decisions.list(consortium));
    const filed = [...(scoped ?? [])].map(([name, each]) => listed(name, each));
    printRows(
      [...filed, ...recorded] as readonly Listed[],
      [
        { title: '名称', cell: ({ name }) => name },
        { title: '状态', cell: ({ state }) => STATES[state] },
        { title: '规则', cell: ({ content }) => content.rules.join(' ') },
        { title: '起', cell: ({ content }) => content.from },
        { title: '止（不含）', cell: ({ content }) => content.until },
        { title: '范围', cell: ({ content }) => scopeOf(content) },
        { title: '批准', cell: ({ approvedBy }) => approvedBy ?? '' },
        { title: '依据', cell: ({ content }) => content.document },
        { title: '理由', cell: ({ content }) => content.reason },
      ],
      { json, empty: '没有专项豁免 / none' },
    );
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

function listed(name: string, { approvedBy, ...content }: ScopedExemption): Listed {
  return { name, content, state: 'file', approvedBy };
}

function scopeOf(content: RecordedExemption['content']): string {
  const { institutions, departments, persons, diagnoses, items, months, batches } = content;
  return Object.entries({
    机构: institutions,
    科室: departments,
    诊断: diagnoses,
    项目: items,
    月份: months,
    知识点批次: batches,
  })
    .flatMap(([title, values]) => (values === undefined ? [] : [`${title} ${values.join(' ')}`]))
    .concat(persons === undefined ? [] : [`参保人 ${persons.length} 名`])
    .join('；');
}

@SubCommand({
  name: 'add',
  arguments: '<name> <file>',
  argsDescription: {
    name: '名称，如 flood-2024',
    file: '豁免内容 .yaml，同站点 audit/exemptions.yaml 的一条，不写 approvedBy',
  },
  description: '提出一条豁免，待另一人批准 / propose an exemption; somebody else approves it',
})
export class ExemptionsAddCommand extends Signed {
  override async run([name = '', file = '']: string[], { by }: { by: string }): Promise<void> {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
      throw new UsageError(`名称用小写英文短词，以连字符连接：${name}`);
    const content = loadYaml(file, proposedExemptionSchema);
    const known = new Set(loadSiteFiles(this.database.site).book.rules.map(({ id }) => id));
    const unknown = content.rules.filter((id) => !known.has(id));
    if (unknown.length > 0) throw new UsageError(`没有规则 ${unknown.join('、')}`);
    await this.work((decisions, consortium) =>
      decisions.propose({ consortium, name, by, content }),
    );
    print(`已提出 ${name}，待另一人批准：heyi exemptions approve ${name} --by <用户>`);
  }
}

@SubCommand({
  name: 'approve',
  arguments: '<name>',
  argsDescription: { name: '名称 / name' },
  description: '批准一条豁免，须与提出人不同 / approve one; not by who proposed it',
})
export class ExemptionsApproveCommand extends Signed {
  override async run([name = '']: string[], { by }: { by: string }): Promise<void> {
    await this.work((decisions, consortium) => decisions.approve({ consortium, name, by }));
    print(`已批准 ${name}，下次审核起生效 / in force from the next audit`);
  }
}

@SubCommand({
  name: 'end',
  arguments: '<name>',
  argsDescription: { name: '名称 / name' },
  description: '终止一条豁免 / end one',
})
export class ExemptionsEndCommand extends Signed {
  override async run(
    [name = '']: string[],
    { by, reason }: { by: string; reason: string },
  ): Promise<void> {
    await this.work((decisions, consortium) => decisions.end({ consortium, name, by, reason }));
    print(`已终止 ${name}，下次审核起不再适用 / no longer applied from the next audit`);
  }

  @Option({ flags: '--reason <text>', required: true, description: '理由 / why' })
  reason(text: string): string {
    return text;
  }
}

@Command({
  name: 'exemptions',
  description: '专项豁免：提出、批准、终止 / local exemptions from audit rules',
  subCommands: [
    ExemptionsListCommand,
    ExemptionsAddCommand,
    ExemptionsApproveCommand,
    ExemptionsEndCommand,
  ],
})
export class ExemptionsCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 list、add、approve 或 end');
  }
}

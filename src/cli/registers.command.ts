import { basename } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type { RegisterService } from '../audit/register.service.js';
import { REGISTERS, type RegisterName } from '../audit/registers.js';
import { REGISTER_WORDS } from '../audit/words.js';
import { loadLimits } from '../config/limits.loader.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { requireInput } from './input-file.loader.js';
import { print, printJson, printRows } from './output.js';

/** What the subcommands share: the registers of this site's database. */
@Injectable()
abstract class OnRegisters extends CommandRunner {
  constructor(protected readonly database: CliDatabase) {
    super();
  }

  protected async work<T>(
    task: (registers: RegisterService, consortium: string) => Promise<T>,
  ): Promise<T> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { AuditModule } = await import('../audit/audit.module.js');
    const { RegisterService: service } = await import('../audit/register.service.js');
    return this.database.withModules([AuditModule], (app) => task(app.get(service), consortium));
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@SubCommand({ name: 'list', description: '各登记的行数与来源 / what is held' })
export class RegistersListCommand extends OnRegisters {
  override async run(_: string[], { json = false }: { json?: boolean }): Promise<void> {
    const held = await this.work((registers, consortium) => registers.held(consortium));
    const rows = REGISTERS.map((name) => ({
      name,
      ...held.find((each) => each.name === name),
    }));
    printRows(
      rows,
      [
        { title: '登记', cell: ({ name }) => name },
        { title: '内容', cell: ({ name }) => REGISTER_WORDS[name] },
        { title: '行数', cell: (row) => row.rows ?? '未导入', align: 'right' },
        { title: '来源', cell: ({ sourceName = '' }) => sourceName },
        { title: '经办人', cell: ({ importedBy = '' }) => importedBy },
        { title: '导入时间', cell: ({ importedAt }) => importedAt?.toISOString() ?? '' },
      ],
      { json },
    );
  }
}

interface ImportOptions {
  readonly as: string;
  readonly dryRun?: boolean;
  readonly fewer?: boolean;
  readonly json?: boolean;
}

@SubCommand({
  name: 'import',
  arguments: '<name> <file>',
  argsDescription: { name: REGISTERS.join('、'), file: '.csv 或 .xlsx' },
  description: '整份替换一个登记，下次审核起使用 / replace a register as a whole',
})
export class RegistersImportCommand extends OnRegisters {
  override async run([given = '', file = '']: string[], options: ImportOptions): Promise<void> {
    const { as: by, dryRun = false, fewer = false, json = false } = options;
    const name = registerNamed(given);
    requireInput(file, '');
    if (!/\.(xlsx|csv)$/i.test(file)) throw new UsageError('导入文件应以 .xlsx 或 .csv 结尾');
    const { readSheetFile } = await import('../tables/sheet-file.loader.js');
    const sheet = await readSheetFile(file, loadLimits(this.database.site.configDir).registers);
    const request = { name, sheet, sourceName: basename(file), by, dryRun, fewer };
    const change = await this.work((registers, consortium) =>
      registers.import({ consortium, ...request }),
    );
    if (json) {
      printJson({ name, ...change, dryRun });
      return;
    }
    const { before, rows, added, removed, isChanged } = change;
    print(
      `${REGISTER_WORDS[name]}：原 ${before} 行，现 ${rows} 行；新增 ${added}，去掉 ${removed} / ${rows} rows, ${added} new, ${removed} gone`,
    );
    if (!isChanged) print('内容没有变化 / nothing has changed');
    else if (dryRun) print('仅检查，未导入 / dry run: nothing written');
    else print('下次审核（夜间或月末）起使用 / used from the next audit on');
  }

  @Option({ flags: '--as <user>', required: true, description: '经办人 / who files it' })
  as(user: string): string {
    return user;
  }

  @Option({ flags: '--dry-run', description: '只检查，不导入 / check only' })
  dryRun(): boolean {
    return true;
  }

  @Option({
    flags: '--fewer',
    description: '确认行数减少一半以上 / yes, it is less than half of what is held',
  })
  fewer(): boolean {
    return true;
  }
}

function registerNamed(given: string): RegisterName {
  const name = REGISTERS.find((each) => each === given);
  if (name === undefined) throw new UsageError(`没有登记 ${given}；可用：${REGISTERS.join('、')}`);
  return name;
}

@Command({
  name: 'registers',
  description: '审核用登记：参保、死亡、资格、慢特病、医嘱 / registers beside the claims',
  subCommands: [RegistersListCommand, RegistersImportCommand],
})
export class RegistersCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 list 或 import');
  }
}

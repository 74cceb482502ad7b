import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { agencySiteSchema } from '../agency/profile.js';
import { type NationalObject, OBJECTS } from '../audit/export/national-objects.js';
import { loadYaml } from '../config/yaml.loader.js';
import { isMonth } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { print, remark } from './output.js';

interface ExportOptions {
  readonly for?: string;
  readonly profile?: string;
  readonly warn?: 'before' | 'during';
  readonly out?: string;
  readonly push?: boolean;
}

const MOST_FAULTS = 20;

@Command({
  name: 'audit-export',
  arguments: '<object> <month>',
  argsDescription: {
    object: '3101、3102（分析结果）、3103（反馈）、3701（单据）/ object of the national interface',
    month: '疑点月份，例如 2024-03 / month of the findings',
  },
  description:
    '疑点按国家接口对象导出为 JSON，逐字段检查 / findings as objects of the national interface, checked',
})
export class AuditExportCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([name = '', month = '']: string[], options: ExportOptions): Promise<void> {
    const object = OBJECTS.find((each) => each === name);
    if (object === undefined) throw new UsageError(`没有对象 ${name}；可用：${OBJECTS.join('、')}`);
    if (!isMonth(month)) throw new UsageError(`不是月份：${month}（写作 2024-03）`);
    if (options.push === true) await this.pushFeedback(object, month, options);
    else await this.export(object, month, options);
  }

  private async export(
    object: NationalObject,
    month: string,
    options: ExportOptions,
  ): Promise<void> {
    const { warn: moment = 'during', for: institution = null, out } = options;
    const profile = options.profile ?? this.ownProfile();
    const { AuditModule } = await import('../audit/audit.module.js');
    const { AuditExportService } = await import('../audit/export/audit-export.service.js');
    await this.database.withModules([AuditModule], async (app) => {
      const request = { object, month, institution, profile, moment };
      const { node, rows, faults } = await app.get(AuditExportService).build(request);
      for (const { at, message } of faults.slice(0, MOST_FAULTS)) remark(`${at}：${message}`);
      if (faults.length > 0) {
        remark(`${faults.length} 处不符合字段表，没有导出 / not exported`);
        process.exitCode = EXIT.failed;
        return;
      }
      const text = JSON.stringify({ [node]: rows }, null, 2);
      if (out === undefined) print(text);
      else writeFileSync(out, `${text}\n`);
      remark(`${object}：${rows.length} 条${out === undefined ? '' : `，${out}`}`);
    });
  }

  private async pushFeedback(
    object: NationalObject,
    month: string,
    options: ExportOptions,
  ): Promise<void> {
    if (object !== '3103') throw new UsageError('只有 3103（反馈）写入发件箱');
    const { warn: moment = 'during', profile = this.ownProfile() } = options;
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { ReviewModule } = await import('../review/review.module.js');
    const { WarningFeedbackService } = await import('../review/warning-feedback.service.js');
    await this.database.withModules([ReviewModule], async (app) => {
      const service = app.get(WarningFeedbackService);
      const done = await service.push({ consortium, month, profile, moment });
      print(
        `${done.warnings} 条反馈：新写入 ${done.enqueued} 条报文，未变 ${done.unchanged}，等前一报文结束 ${done.waiting}`,
      );
    });
  }

  /** The profile of the agency that the site speaks to. */
  private ownProfile(): string {
    const path = join(this.database.site.siteDir, 'agency.yaml');
    return loadYaml(path, agencySiteSchema, { secretsUnder: ['connection'], environment: null })
      .profile;
  }

  @Option({ flags: '--for <institution>', description: '只导出一个机构的 / one institution only' })
  for(code: string): string {
    return code;
  }

  @Option({
    flags: '--profile <name>',
    description: '用哪种接口方式的代码，缺省站点 agency.yaml 的 / whose codes; default: the site’s',
  })
  profile(name: string): string {
    return name;
  }

  @Option({
    flags: '--warn <moment>',
    description:
      '3103 反馈的是事前 before 还是事中 during（缺省）的提醒 / warnings before or during',
  })
  warn(text: string): 'before' | 'during' {
    if (text !== 'before' && text !== 'during')
      throw new UsageError(`--warn 应为 before 或 during：${text}`);
    return text;
  }

  @Option({
    flags: '--push',
    description:
      '3103 写入发件箱，由 heyi agency dispatch 发出 / into the outbox instead (3103 only)',
  })
  push(): boolean {
    return true;
  }

  @Option({
    flags: '--out <file>',
    description: '写到文件，缺省标准输出 / file; default: standard output',
  })
  out(file: string): string {
    return file;
  }
}

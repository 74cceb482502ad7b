import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { loadLimits } from '../config/limits.loader.js';
import type { Site } from '../config/site.js';
import { GatewayError } from '../kernel/errors.js';
import { bad, type DoctorFinding, good, warning } from '../operations/doctor/finding.js';
import { machineFindings } from '../operations/doctor/machine.client.js';
import { serviceFindings } from '../operations/doctor/services.client.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { type Column, print, printRows } from './output.js';

const DEFAULT_PORT = 7300;
const VERDICTS: Readonly<Record<DoctorFinding['verdict'], string>> = {
  good: '正常',
  warning: '注意',
  bad: '不行',
};

const COLUMNS: readonly Column<DoctorFinding>[] = [
  { title: '结论', cell: ({ verdict }) => VERDICTS[verdict] },
  { title: '项目', cell: ({ what }) => what },
  { title: '现状', cell: ({ detail }) => detail },
  { title: '怎么办', cell: ({ remedy }) => remedy },
];

@Command({
  name: 'doctor',
  description:
    '安装前后逐项检查本机、数据库、队列与站点配置 / check the machine, the database, the site',
})
export class DoctorCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    _: string[],
    { json = false, port = DEFAULT_PORT }: { json?: boolean; port?: number },
  ): Promise<void> {
    const { site } = this.database;
    const limits = loadLimits(site.configDir);
    const addresses = {
      databaseUrl: process.env['DATABASE_URL'],
      redisUrl: process.env['REDIS_URL'],
    };
    const findings = [
      ...(await machineFindings(site, { limits, port })),
      ...(await serviceFindings(site, addresses, limits)),
      await siteFinding(site),
    ];
    printRows(findings, COLUMNS, { json });
    const failed = findings.filter(({ verdict }) => verdict === 'bad').length;
    if (failed > 0) process.exitCode = EXIT.failed;
    if (!json) print(failed === 0 ? '\n可以使用' : `\n有 ${failed} 项须先处理`);
  }

  @Option({
    flags: '--port <port>',
    description: `接口端口 / port of the API（默认 ${DEFAULT_PORT}）`,
  })
  port(text: string): number {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError('端口有误');
    return port;
  }

  @Option({ flags: '--json', description: '每项一个 JSON 对象 / one JSON object an item' })
  json(): boolean {
    return true;
  }
}

/** Whether the site folder is one, with every variable and file it names. */
async function siteFinding(folders: Site): Promise<DoctorFinding> {
  const { siteDir } = folders;
  const remedy = '请运行 heyi check-config --secrets 查看逐条说明。';
  if (!existsSync(join(siteDir, 'consortium.yaml'))) {
    const how = '请把 config/demo 复制为站点文件夹后修改，并用 HEYI_SITE 指明。';
    return warning('站点配置', `${siteDir} 还不是站点文件夹`, how);
  }
  const { loadInstitutions } = await import('../ingest/consortium.loader.js');
  try {
    return good('站点配置', `${loadInstitutions(folders).size} 个机构已配置`);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return bad('站点配置', error.message.split('\n')[0] ?? '', remedy);
  }
}

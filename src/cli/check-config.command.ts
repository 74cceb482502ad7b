import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { ConfigError, type ConfigProblem, problemText } from '../config/errors.js';
import { loadYaml } from '../config/yaml.loader.js';
import { GatewayError } from '../kernel/errors.js';
import { CliDatabase } from './cli-database.service.js';
import { filesOf } from './config-files.loader.js';
import { CONFIG_KINDS, type ConfigKind } from './config-registry.js';
import { EXIT } from './exit-code.js';
import { print, printJson, remark } from './output.js';

interface Options {
  readonly json?: boolean;
  readonly secrets?: boolean;
}

@Command({
  name: 'check-config',
  description: '检查全部配置文件，逐条给出 文件:行:列 / check every configuration file',
})
export class CheckConfigCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { json, secrets }: Options): Promise<void> {
    const problems: ConfigProblem[] = [...missingSite(this.database.site.siteDir)];
    let files = 0;
    for (const kind of CONFIG_KINDS) {
      for (const path of filesOf(kind, this.database.site)) {
        files += 1;
        problems.push(...(await problemsOf(path, kind, secrets === true)));
      }
    }
    for (const problem of problems) {
      if (json === true) printJson(problem);
      else print(problemText(problem));
    }
    if (json !== true) print(`${files} 个文件，${problems.length} 处问题`);
    if (problems.length > 0) process.exitCode = EXIT.failed;
  }

  @Option({ flags: '--json', description: '每个问题一个 JSON 对象 / one JSON object a problem' })
  json(): boolean {
    return true;
  }

  @Option({
    flags: '--secrets',
    description: '同时检查所引用的环境变量已设置 / also require the environment variables named',
  })
  secrets(): boolean {
    return true;
  }
}

/** A site that was named must be one; without a name only what ships is checked. */
function missingSite(siteDir: string): readonly ConfigProblem[] {
  if (existsSync(join(siteDir, 'consortium.yaml'))) return [];
  const message = '不是站点文件夹：没有 consortium.yaml；可从 config/demo 复制一份';
  const path = relative(process.cwd(), siteDir) || '.';
  if (process.env['HEYI_SITE'] !== undefined) return [{ path, line: 0, column: 0, message }];
  remark(`${path} 还不存在，只检查了随产品提供的配置 / no site of your own yet`);
  return [];
}

async function problemsOf(
  path: string,
  { schema, check, secretsUnder = [] }: ConfigKind,
  secrets: boolean,
): Promise<readonly ConfigProblem[]> {
  try {
    loadYaml(path, schema, { secretsUnder, environment: secrets ? process.env : null });
    await check?.(path);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    if (!(error instanceof GatewayError)) throw error;
    return [{ path: relative(process.cwd(), path), line: 0, column: 0, message: error.message }];
  }
}

import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { ConfigError, type ConfigProblem, problemText } from '../config/errors.js';
import type { Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';
import { GatewayError } from '../kernel/errors.js';
import { CliDatabase } from './cli-database.service.js';
import { filesOf } from './config-files.loader.js';
import type { ConfigKind } from './config-kind.js';
import { CONFIG_KINDS } from './config-registry.js';
import { EXIT } from './exit-code.js';
import { print, printJson, printRows, remark } from './output.js';

interface Options {
  readonly json?: boolean;
  readonly secrets?: boolean;
  readonly effective?: string;
}

@Command({
  name: 'check-config',
  description: '检查全部配置文件，逐条给出 文件:行:列 / check every configuration file',
})
export class CheckConfigCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { json, secrets, effective }: Options): Promise<void> {
    const { site } = this.database;
    if (effective !== undefined) return this.showEffective(effective, json);
    const problems: ConfigProblem[] = [...missingSite(site.siteDir)];
    let files = 0;
    for (const kind of CONFIG_KINDS) {
      for (const path of filesOf(kind, site)) {
        files += 1;
        problems.push(...(await problemsOf(path, kind, { site, secrets: secrets === true })));
      }
    }
    for (const problem of problems) {
      if (json === true) printJson(problem);
      else print(problemText(problem));
    }
    if (json !== true) print(`${files} 个文件，${problems.length} 处问题`);
    if (problems.length > 0) process.exitCode = EXIT.failed;
  }

  /** What a member's layers come to, value by value, each with the file and line it comes from. */
  private async showEffective(institution: string, json = false): Promise<void> {
    const { institutionPath, loadInstitution } = await import('../ingest/consortium.loader.js');
    const { institutionLayers } = await import('../ingest/institution-layers.loader.js');
    const { site } = this.database;
    const path = institutionPath(institution, site);
    const layers = institutionLayers(path, site, null);
    const rows = layers.leaves().map(({ path: keys, text }): Effective => {
      const { path: file, line } = layers.placeOf(keys);
      return {
        key: keys.map(String).join('.'),
        value: shownValue(keys, text),
        from: `${file}:${line}`,
      };
    });
    printRows(
      rows,
      [
        { title: '项', cell: ({ key }) => key },
        { title: '值', cell: ({ value }) => value },
        { title: '来自', cell: ({ from }) => from },
      ],
      { json },
    );
    loadInstitution(path, site, null);
  }

  @Option({ flags: '--json', description: '每个问题一个 JSON 对象 / one JSON object a problem' })
  json(): boolean {
    return true;
  }

  @Option({
    flags: '--effective <institution>',
    description:
      '逐项列出该机构各层合并后的配置及其出处 / a member’s merged settings and where each stands',
  })
  effective(institution: string): string {
    return institution;
  }

  @Option({
    flags: '--secrets',
    description: '同时检查所引用的环境变量已设置 / also require the environment variables named',
  })
  secrets(): boolean {
    return true;
  }
}

interface Effective {
  readonly key: string;
  readonly value: string;
  readonly from: string;
}

/** One line; a password that stands in the open is not repeated. */
function shownValue(keys: readonly PropertyKey[], text: string): string {
  const isSecret = keys[0] === 'options' && keys[1] === 'password' && !text.includes('${');
  return isSecret ? '******' : text.trim().replaceAll(/\s*\n\s*/g, ' ');
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
  { schema, check, layered, secretsUnder = [] }: ConfigKind,
  { site, secrets }: { readonly site: Site; readonly secrets: boolean },
): Promise<readonly ConfigProblem[]> {
  try {
    const environment = secrets ? process.env : null;
    if (layered !== true) loadYaml(path, schema, { secretsUnder, environment });
    await check?.(path, { site, environment });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    if (!(error instanceof GatewayError)) throw error;
    return [{ path: relative(process.cwd(), path), line: 0, column: 0, message: error.message }];
  }
}

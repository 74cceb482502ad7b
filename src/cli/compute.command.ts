import { join } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { loadYaml } from '../config/yaml.loader.js';
import { PolicyGapError } from '../policy/errors.js';
import { loadOverlay, loadRegion } from '../policy/policy.loader.js';
import { checkedFactsSchema } from '../settlement/checked-facts.js';
import { computeFile } from '../settlement/compute.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT } from './exit-code.js';
import { printResult } from './figures-table.js';
import { printJson } from './output.js';

interface ComputeOptions {
  readonly policy: string;
  readonly facts: string;
  readonly overlay?: readonly string[];
  readonly json?: boolean;
}

@Command({
  name: 'compute',
  description:
    '按政策计算一个事实文件，不需要数据库，格式见 docs/formats/facts.md / compute a facts file under a policy; no database',
})
export class ComputeCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override run(
    _: string[],
    { policy, facts, overlay = [], json = false }: ComputeOptions,
  ): Promise<void> {
    const chain = loadRegion(join(this.database.site.configDir, 'policies'), policy);
    const overlays = overlay.map((path) => loadOverlay(path, chain));
    const file = loadYaml(facts, checkedFactsSchema(chain));
    try {
      printResult(computeFile(chain, file, overlays), json);
    } catch (error) {
      if (!json || !(error instanceof PolicyGapError)) throw error;
      const { plan, period } = file;
      printJson({ region: policy, period, plan, gaps: error.gaps });
      process.exitCode = EXIT.halted;
    }
    return Promise.resolve();
  }

  @Option({ flags: '--policy <region>', required: true, description: '地区，例如 sanya / region' })
  policy(region: string): string {
    return region;
  }

  @Option({
    flags: '--facts <file>',
    required: true,
    description: '事实文件 facts.yaml / facts file',
  })
  facts(path: string): string {
    return path;
  }

  @Option({
    flags: '--overlay <file>',
    description: '本地补充文件，可写多次，后者优先 / policy overlay, repeatable',
  })
  overlay(path: string, before: readonly string[] = []): readonly string[] {
    return [...before, path];
  }

  @Option({ flags: '--json', description: '输出一个 JSON 对象 / one JSON object' })
  json(): boolean {
    return true;
  }
}

import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { documentsSchema } from '../../audit/rules.loader.js';
import { ConfigError } from '../../config/errors.js';
import { loadYaml } from '../../config/yaml.loader.js';
import { type Statistic, statisticSchema } from './statistic.js';

/**
 * The statistics rules as shipped in `config/audit/indicators`, each replaced by the site's own file of the same name in
 * `<site>/audit/indicators`.
 *
 * @throws ConfigError
 */
export function loadStatistics(folders: {
  readonly configDir: string;
  readonly siteDir: string | null;
}): readonly Statistic[] {
  const shipped = filesOf(join(folders.configDir, 'audit', 'indicators'));
  const own = folders.siteDir === null ? [] : filesOf(join(folders.siteDir, 'audit', 'indicators'));
  const paths = new Map([...shipped, ...own].map((path) => [basename(path), path]));
  return [...paths.keys()].sort().map((name) => {
    const path = paths.get(name) ?? '';
    const rule = loadYaml(path, statisticSchema);
    if (`${rule.id}.yaml` === name) return rule;
    throw problem(path, `文件名应与规则编号一致：${rule.id}.yaml`);
  });
}

/** Whether what a statistics rule cites is among the documents beside it. @throws ConfigError */
export function checkStatisticFile(path: string): void {
  const rule = loadYaml(path, statisticSchema);
  const documents = loadYaml(join(path, '../../documents.yaml'), documentsSchema);
  const [unknown] = rule.basis.filter((each) => !((each.split(' ')[0] ?? '') in documents));
  if (unknown !== undefined) throw problem(path, `basis：documents.yaml 中没有 ${unknown}`);
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => join(folder, name));
}

function problem(path: string, message: string): ConfigError {
  return new ConfigError([{ path, line: 0, column: 0, message }]);
}

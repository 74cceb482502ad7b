import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import { ConfigError, type ConfigProblem } from '../../config/errors.js';
import { loadYaml } from '../../config/yaml.loader.js';
import { sha256 } from '../../kernel/hash.js';
import {
  CATALOGUE_COLUMNS,
  type Catalogue,
  type CatalogueEntry,
  catalogueOf,
  catalogueRowSchema,
  toEntry,
} from './catalogue.js';
import { type RulePackage, rulePackageSchema } from './rule-package.js';

/** A rule package with its catalogue, and the digest of both files. */
export interface LoadedPackage {
  readonly rules: RulePackage;
  readonly catalogue: Catalogue;
  readonly digest: string;
}

/** The package of that name below a folder; null when no file has it. @throws ConfigError with file and line */
export function loadRulePackage(folder: string, name: string): LoadedPackage | null {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((each) => each.endsWith('.yaml'))
    : [];
  for (const file of files.sort()) {
    const path = join(folder, file);
    const rules = loadYaml(path, rulePackageSchema);
    if (rules.package === name) return withCatalogue(path, rules);
  }
  return null;
}

function withCatalogue(path: string, rules: RulePackage): LoadedPackage {
  const csv = join(dirname(path), rules.catalogue);
  if (!existsSync(csv)) throw new ConfigError([problemAt(csv, 0, '找不到病种目录文件')]);
  const bytes = readFileSync(csv);
  return {
    rules,
    catalogue: catalogueOf(readCatalogue(csv, bytes)),
    digest: sha256(`${sha256(readFileSync(path))}\n${sha256(bytes)}`),
  };
}

/** @throws ConfigError naming every bad row */
function readCatalogue(path: string, bytes: Buffer): readonly CatalogueEntry[] {
  const [header = [], ...rows] = parse(bytes, {
    bom: true,
    relax_column_count: true,
  }) as string[][];
  if (header.join() !== CATALOGUE_COLUMNS.join())
    throw new ConfigError([problemAt(path, 1, `表头应为 ${CATALOGUE_COLUMNS.join()}`)]);
  const problems: ConfigProblem[] = [];
  const entries: CatalogueEntry[] = [];
  const codes = new Set<string>();
  rows.forEach((cells, index) => {
    const line = index + 2;
    const row = Object.fromEntries(header.map((column, at) => [column, cells[at] ?? '']));
    const parsed = catalogueRowSchema.safeParse(row);
    if (!parsed.success) {
      for (const { path: where, message } of parsed.error.issues)
        problems.push(problemAt(path, line, `${where.join('.')}：${message}`));
      return;
    }
    if (codes.has(parsed.data.code))
      problems.push(problemAt(path, line, `病种编码 ${parsed.data.code} 重复`));
    codes.add(parsed.data.code);
    entries.push(toEntry(parsed.data));
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return entries;
}

function problemAt(path: string, line: number, message: string): ConfigProblem {
  return { path: relative(process.cwd(), path), line, column: 1, message };
}

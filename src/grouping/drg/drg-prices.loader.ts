import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parse } from 'csv-parse/sync';
import { ConfigError, type ConfigProblem } from '../../config/errors.js';
import { loadYaml } from '../../config/yaml.loader.js';
import { sha256 } from '../../kernel/hash.js';
import {
  type DrgPackage,
  type DrgPrice,
  drgPackageSchema,
  PRICE_COLUMNS,
  priceRowSchema,
} from './drg-prices.js';

/** A price package with its groups by code, and the digest of both files. */
export interface LoadedPrices {
  readonly rules: DrgPackage;
  readonly prices: ReadonlyMap<string, DrgPrice>;
  readonly digest: string;
}

/** The package of that name below a folder; null when no file has it. @throws ConfigError with file and line */
export function loadDrgPrices(folder: string, name: string): LoadedPrices | null {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((each) => each.endsWith('.yaml'))
    : [];
  for (const file of files.sort()) {
    const path = join(folder, file);
    const rules = loadYaml(path, drgPackageSchema);
    if (rules.package === name) return withPrices(path, rules);
  }
  return null;
}

function withPrices(path: string, rules: DrgPackage): LoadedPrices {
  const csv = join(dirname(path), rules.prices);
  if (!existsSync(csv)) throw new ConfigError([problemAt(csv, 0, '找不到 DRG 权重表')]);
  const bytes = readFileSync(csv);
  return {
    rules,
    prices: readPrices(csv, bytes),
    digest: sha256(`${sha256(readFileSync(path))}\n${sha256(bytes)}`),
  };
}

/** @throws ConfigError naming every bad row */
function readPrices(path: string, bytes: Buffer): ReadonlyMap<string, DrgPrice> {
  const [header = [], ...rows] = parse(bytes, {
    bom: true,
    relax_column_count: true,
  }) as string[][];
  if (header.join() !== PRICE_COLUMNS.join())
    throw new ConfigError([problemAt(path, 1, `表头应为 ${PRICE_COLUMNS.join()}`)]);
  const problems: ConfigProblem[] = [];
  const prices = new Map<string, DrgPrice>();
  rows.forEach((cells, index) => {
    const row = Object.fromEntries(header.map((column, at) => [column, cells[at] ?? '']));
    const parsed = priceRowSchema.safeParse(row);
    if (!parsed.success) {
      for (const { path: where, message } of parsed.error.issues)
        problems.push(problemAt(path, index + 2, `${where.join('.')}：${message}`));
      return;
    }
    const { code } = parsed.data;
    if (prices.has(code)) problems.push(problemAt(path, index + 2, `DRG ${code} 重复`));
    prices.set(code, parsed.data);
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return prices;
}

function problemAt(path: string, line: number, message: string): ConfigProblem {
  return { path: relative(process.cwd(), path), line, column: 1, message };
}

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ConfigError } from '../config/errors.js';
import { sha256 } from '../kernel/hash.js';
import { type CodeMapping, parseCodeTable } from './code-table.js';

export interface LoadedCodeTable {
  readonly digest: string;
  readonly mappings: readonly CodeMapping[];
}

/** @throws ConfigError naming file and line */
export function loadCodeTable(path: string): LoadedCodeTable {
  const shown = relative(process.cwd(), path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([{ path: shown, line: 0, column: 0, message: '找不到对照表文件' }]);
  }
  const { mappings, problems } = parseCodeTable(text);
  if (problems.length > 0) {
    throw new ConfigError(problems.map((each) => ({ path: shown, column: 1, ...each })));
  }
  return { digest: sha256(text), mappings };
}

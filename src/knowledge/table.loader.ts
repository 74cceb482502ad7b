import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type CsvRow, parseCsv } from './csv.js';
import { KnowledgeFileError } from './errors.js';

let shippedFolder: string | null = null;

/** The `knowledge/` folder shipped with the product: the nearest one above this file, in source and in `dist` alike. */
export function knowledgeFolder(): string {
  if (shippedFolder !== null) return shippedFolder;
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'knowledge', 'SOURCES.md'))) {
      shippedFolder = join(folder, 'knowledge');
      return shippedFolder;
    }
    if (dirname(folder) === folder) {
      throw new KnowledgeFileError('找不到 knowledge 目录', { file: 'knowledge/SOURCES.md' });
    }
  }
}

/**
 * The rows of one reference table (`.csv`, or `.csv.gz`), path relative to the knowledge folder.
 *
 * @throws KnowledgeFileError when the file is missing or is not a table
 */
export function readKnowledgeTable(path: string, folder = knowledgeFolder()): readonly CsvRow[] {
  return parseCsv(readKnowledgeText(path, folder), path);
}

/** @throws KnowledgeFileError when the file is missing or damaged */
export function readKnowledgeText(path: string, folder = knowledgeFolder()): string {
  try {
    const bytes = readFileSync(join(folder, path));
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    throw new KnowledgeFileError(`读不出知识库文件 ${path}`, { file: path }, { cause });
  }
}

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { z } from 'zod';
import { ConfigError } from './errors.js';
import { parseYaml, readYaml, type YamlContent, type YamlSource } from './yaml-text.js';

export type LoadOptions<Schema extends z.ZodType> = Pick<
  YamlSource<Schema>,
  'secretsUnder' | 'environment'
>;

/** Limit on one configuration file; a bigger one is a mistake (bytes). */
const MAX_FILE_BYTES = 8 << 20;

/**
 * Reads one YAML file through its schema. `${NAME}` below `secretsUnder` comes from the process's environment unless told otherwise.
 *
 * @throws ConfigError naming file, line and column of every problem
 */
export function loadYaml<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  options: LoadOptions<Schema> = {},
): z.output<Schema> {
  return parseYaml({ ...sourceOf(path, options), schema });
}

/** Reads one YAML file that is only a part of what its schema describes. @throws ConfigError */
export function loadLayer(path: string, options: LoadOptions<z.ZodType> = {}): YamlContent {
  return readYaml(sourceOf(path, options));
}

function sourceOf(path: string, options: LoadOptions<z.ZodType>) {
  const shown = relative(process.cwd(), path);
  return {
    environment: process.env,
    ...options,
    text: textOf(path, shown),
    path: shown.startsWith('..') ? path : shown,
  };
}

function textOf(path: string, shown: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw fault(shown, missing ? '找不到文件' : '无法读取文件');
  }
  if (bytes.length > MAX_FILE_BYTES) throw fault(shown, `文件超过 ${MAX_FILE_BYTES} 字节`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fault(shown, '不是 UTF-8 编码，请另存为 UTF-8');
  }
}

function fault(path: string, message: string): ConfigError {
  return new ConfigError([{ path, line: 0, column: 0, message }]);
}

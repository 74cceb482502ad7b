import { readFileSync } from 'node:fs';
import { ConfigError } from './errors.js';

/** `DATABASE_URL_FILE=/run/secrets/database_url`: what may be given as a file instead of in the open. */
const BY_FILE = /^(DATABASE_URL|REDIS_URL|HEYI_[A-Z0-9_]+)_FILE$/;
/** Names of files themselves, not of values. */
const FILES_BY_NAME: ReadonlySet<string> = new Set(['HEYI_KEK_FILE']);

/**
 * For each `NAME_FILE` sets `NAME` to the file's content without the line end, unless `NAME` is set already. Passwords given in this way
 * show neither in a process list nor in a description of a container.
 *
 * @throws ConfigError when a named file cannot be read
 */
export function readEnvironmentFiles(
  environment: Record<string, string | undefined> = process.env,
): void {
  for (const [variable, path] of Object.entries(environment)) {
    const name = BY_FILE.exec(variable)?.[1];
    if (name === undefined || path === undefined || FILES_BY_NAME.has(variable)) continue;
    environment[name] ??= contentOf(path, variable);
  }
}

function contentOf(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    const message = `无法读取环境变量 ${variable} 所指的文件`;
    throw new ConfigError([{ path, line: 0, column: 0, message }]);
  }
}

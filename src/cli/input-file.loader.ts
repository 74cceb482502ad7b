import { statSync } from 'node:fs';
import { UsageError } from './exit-code.js';

/**
 * An input file, or standard input when none is named.
 *
 * @param example  how the command is fed, for whoever typed it alone
 * @throws UsageError
 */
export function requireInput(file: string | undefined, example: string): void {
  if (file === undefined) {
    if (process.stdin.isTTY) throw new UsageError(`没有输入：请给出文件，或用 ${example}`);
    return;
  }
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`找不到文件 ${file}`);
  if (found.isDirectory()) throw new UsageError(`${file} 是文件夹，应为文件`);
}

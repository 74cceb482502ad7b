import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConfigError } from '../config/errors.js';
import { readSheetFile, type SheetLimits } from '../tables/sheet-file.loader.js';
import { RegisterFileError } from './errors.js';
import {
  type PersonRegisters,
  parseRegister,
  type RegisterRow,
  registerDigest,
  registersByPerson,
  siteRegistersOf,
} from './register-rows.js';
import { REGISTERS, type RegisterName, type SiteRegisters } from './registers.js';

/** Registers from a folder of files, for an audit without a database. */
export interface FiledRegisters {
  readonly site: SiteRegisters;
  readonly ofPerson: PersonRegisters;
}

/**
 * The registers of a folder, each in a file of its name: `coverage.csv`, `deaths.xlsx` …
 *
 * @throws ConfigError when the folder or a file of it is none of these
 * @throws RegisterFileError
 */
export async function loadRegisters(folder: string, limits: SheetLimits): Promise<FiledRegisters> {
  if (!existsSync(folder)) throw problem(folder, '找不到文件夹');
  const digests = new Map<RegisterName, string>();
  const all: RegisterRow[] = [];
  for (const file of readdirSync(folder).sort()) {
    const name = registerNamed(join(folder, file));
    const { rows, problems } = parseRegister(name, await readSheetFile(join(folder, file), limits));
    if (problems.length > 0) throw new RegisterFileError(file, problems);
    if (digests.has(name)) throw problem(join(folder, file), `${name} 有两份文件`);
    digests.set(name, registerDigest(rows));
    for (const row of rows) all.push(row);
  }
  const rights = all.filter(({ name }) => name === 'doctor-rights');
  return { site: siteRegistersOf(digests, rights), ofPerson: registersByPerson(all) };
}

function registerNamed(path: string): RegisterName {
  const [stem = ''] = basename(path).split('.');
  const name = REGISTERS.find((each) => each === stem);
  if (name !== undefined && /\.(csv|xlsx)$/i.test(path)) return name;
  throw problem(path, `不是登记；可用：${REGISTERS.map((each) => `${each}.csv`).join('、')}`);
}

function problem(path: string, message: string): ConfigError {
  return new ConfigError([{ path, line: 0, column: 0, message }]);
}

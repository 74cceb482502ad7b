/** The command `heyi`. Exit codes: exit-code.ts. */
import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { CommandFactory, type CommandRunner } from 'nest-commander';
import { readEnvironmentFiles } from '../config/environment-files.loader.js';
import { GatewayError } from '../kernel/errors.js';
import { safeStack } from '../kernel/safe-text.js';
import { CliModule, Shell, type ShellCommand } from './cli.module.js';
import { EXIT, exitCodeOf, UsageError } from './exit-code.js';
import { remark } from './output.js';
import { PURE_COMMANDS } from './pure-commands.js';

/** Where nest-commander keeps what `@Command` was given. */
const COMMAND_META = 'CommandBuilder:Command:Meta';

const TITLES: readonly (readonly [RegExp, string])[] = [
  [/^Usage:/m, '用法 Usage:'],
  [/^Arguments:/m, '参数 Arguments:'],
  [/^Options:/m, '选项 Options:'],
  [/^Commands:/m, '命令 Commands:'],
  [/display help for command/g, '显示帮助 / show help'],
  [/output the version number/g, '显示版本 / show the version'],
];

const translated = (text: string): string =>
  TITLES.reduce((result, [english, both]) => result.replace(english, both), text);

/** How the operating system refuses a file; sockets fail in other words. */
const FILE_REFUSALS = new Set('ENOENT EACCES EPERM EISDIR ENOTDIR EEXIST EROFS ENOSPC'.split(' '));
const FILE_CALLS = new Set('open read write mkdir stat scandir rename'.split(' '));

/** Commander's own ends: help and version are fine, everything else is a mistake on the command line. */
class CommandLineEnd extends Error {
  constructor(readonly exitCode: number) {
    super('command line');
  }
}

if (process.argv.length === 2) process.argv.push('--help');
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code)); // exit hooks stop a server that this command started
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode); // `heyi … | head` has seen enough
  report(error);
  process.exit();
});
// What nobody caught would be printed with everything its driver hung on it, cells of rows among them.
process.on('uncaughtException', (error) => {
  report(error);
  process.exit();
});
try {
  readEnvironmentFiles();
  takeSiteOption(process.argv);
  await run();
} catch (error) {
  report(error);
}

async function run(): Promise<void> {
  const app = await CommandFactory.createWithoutRunning(CliModule.withCommands(await commands()), {
    logger: ['error', 'warn'],
    abortOnError: false,
    serviceErrorHandler: report,
    helpConfiguration: { showGlobalOptions: false },
    outputConfiguration: {
      writeOut: (text) => process.stdout.write(translated(text)),
      writeErr: (text) => process.stderr.write(translated(text).replace(/^error:/, '错误 error:')),
    },
  });
  prepare(app.get(Shell).root);
  await CommandFactory.runApplication(app);
  await app.close();
}

/** Database commands are loaded only when the first word is not a pure command. */
async function commands(): Promise<readonly Type<CommandRunner>[]> {
  const asked = process.argv[2];
  if (PURE_COMMANDS.some((command) => nameOf(command) === asked)) return PURE_COMMANDS;
  const { DATABASE_COMMANDS } = await import('./database-commands.js');
  const all = [...PURE_COMMANDS, ...DATABASE_COMMANDS];
  return all.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf(command: Type<CommandRunner>): string {
  return (Reflect.getMetadata(COMMAND_META, command) as { name?: string } | undefined)?.name ?? '';
}

function prepare(root: ShellCommand): void {
  root
    .name('heyi')
    .description(
      [
        '合医：紧密型县域医共体的医保对接与结算 / insurance gateway and settlement of a medical consortium',
        '通用选项 / everywhere: --site <dir> 站点配置文件夹（默认 config/site，或环境变量 HEYI_SITE）',
        '退出码 / exit codes: 0 成功 ok · 1 失败或有差异 failed · 2 用法或配置有误 usage · 3 政策参数缺口，已停止 halted',
      ].join('\n'),
    );
  overrideExits(root);
}

function overrideExits(command: ShellCommand): void {
  command.exitOverride(({ code, exitCode }) => {
    throw new CommandLineEnd(exitCode === 0 || code === 'commander.help' ? EXIT.ok : EXIT.usage);
  });
  // A word too many is a mistake, unless a command that only groups others names them itself.
  if (command.commands.length === 0) command.allowExcessArguments(false);
  for (const each of command.commands) overrideExits(each);
}

function report(error: unknown): void {
  if (error instanceof CommandLineEnd) {
    process.exitCode = error.exitCode;
    return;
  }
  process.exitCode = isFileError(error) ? fileExit(error) : exitCodeOf(error);
  if (error instanceof GatewayError) {
    remark(`错误 [${error.code}] ${error.message}`);
    remark(`办法 ${error.remedy}`);
  } else if (isFileError(error)) {
    remark(`错误 [file.${error.code}] ${error.message}`);
    remark('办法 请检查该文件或文件夹是否存在、是否有读写权限、磁盘是否已满。');
  } else {
    remark(safeStack(error));
  }
}

/** No fault of the program, so no stack. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error)) return false;
  return FILE_REFUSALS.has(code ?? '') && FILE_CALLS.has(syscall ?? '');
}

function fileExit({ code }: NodeJS.ErrnoException): number {
  return code === 'ENOSPC' ? EXIT.failed : EXIT.usage;
}

/** `--site <dir>` may stand anywhere on the line; every part reads it as HEYI_SITE. */
function takeSiteOption(line: string[]): void {
  const at = line.findIndex((word) => word === '--site' || word.startsWith('--site='));
  if (at === -1) return;
  const word = line[at] ?? '';
  const [value, words] = word === '--site' ? [line[at + 1] ?? '', 2] : [word.slice(7), 1];
  if (value === '' || value.startsWith('-')) throw new UsageError('--site 后应写站点文件夹');
  process.env['HEYI_SITE'] = value;
  line.splice(at, words);
}

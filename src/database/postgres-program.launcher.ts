import { spawnSync } from 'node:child_process';
import { PostgresStartError } from './errors.js';
import type { ServerAccount } from './postgres-account.launcher.js';

interface ProgramRun {
  readonly program: string;
  readonly options: readonly string[];
  readonly account: ServerAccount;
  /** Text for its standard input. */
  readonly input?: string;
}

/** What PostgreSQL's programs say under an account without a name, as containers like to use. */
const NAMELESS = 'could not look up effective user ID';
/** Lends such an account the name of `nobody` for the length of one program; the server itself needs no name. */
const LEND_NAME = ['--user', '--map-user=65534', '--map-group=65534'] as const;

/** Runs one of PostgreSQL's own programs to its end. @throws PostgresStartError with what it said */
export function runProgram(run: ProgramRun): void {
  const first = outcome(run);
  if (first === null) return;
  const last = first.includes(NAMELESS)
    ? outcome({ ...run, program: 'unshare', options: [...LEND_NAME, run.program, ...run.options] })
    : first;
  if (last === null) return;
  const said = (first.includes(NAMELESS) ? first : last).split('\n').slice(-3).join(' ');
  throw new PostgresStartError(`初始化内置 PostgreSQL 失败：${said}`, { program: run.program });
}

/** Null when it went well, else what it said. */
function outcome({ program, options, account, input = '' }: ProgramRun): string | null {
  const { status, stderr, error } = spawnSync(program, options, {
    ...account,
    cwd: '/',
    input,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (status === 0) return null;
  return error?.message ?? stderr.trim();
}

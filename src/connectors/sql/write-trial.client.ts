import type { ProbeFinding } from '../connector.js';
import type { SqlStream } from './sql-stream.js';
import { bareName, tablesOf } from './tables-of.js';

/** How one kind of database is asked to write, and says no. */
export interface WriteTrial {
  readonly ask: (sql: string) => Promise<readonly (readonly (string | null)[])[]>;
  /** Opens a transaction that may write, whatever the session's default. */
  readonly begin: string;
  readonly rollback: string;
  readonly quoted: (identifier: string) => string;
  /** Whether the server refused for want of the right. */
  readonly denied: (error: unknown) => boolean;
  /** Whether the server as a whole takes no writes (a replica). */
  readonly readOnlyServer: (error: unknown) => boolean;
}

const CHECK = '试写被拒绝';
const MOST_TABLES = 30;

/** The tables behind all streams. */
export function mappedTables(streams: Readonly<Record<string, SqlStream>>): readonly string[] {
  return [...new Set(Object.values(streams).flatMap(({ query }) => tablesOf(query)))];
}

/**
 * Proves by trying that the login cannot write: on each mapped table it sends an INSERT, an UPDATE and a DELETE that touch no row, each in a
 * transaction that is rolled back, and expects to be refused.
 */
export async function tryWrites(
  trial: WriteTrial,
  streams: Readonly<Record<string, SqlStream>>,
): Promise<ProbeFinding> {
  const tables = mappedTables(streams).slice(0, MOST_TABLES);
  const allowed: string[] = [];
  const unclear: string[] = [];
  for (const table of tables) {
    const outcomes: Outcome[] = [];
    for (const [verb, sql] of await statementsFor(trial, table)) {
      const outcome = await attempt(trial, sql);
      outcomes.push(outcome);
      if (outcome === 'allowed') allowed.push(`${verb} ${table}`);
    }
    if (outcomes.every((outcome) => outcome === 'other')) unclear.push(table);
  }
  return findingOf({ tables, allowed, unclear });
}

type Outcome = 'allowed' | 'denied' | 'other';

interface Outcomes {
  readonly tables: readonly string[];
  readonly allowed: readonly string[];
  readonly unclear: readonly string[];
}

function findingOf({ tables, allowed, unclear }: Outcomes): ProbeFinding {
  if (allowed.length > 0) {
    return {
      check: CHECK,
      ok: false,
      detail: `试写未被拒绝（未改动任何行，已回滚）：${allowed.join('、')}`,
      remedy: '请改用只有 SELECT 权限的账号。',
    };
  }
  if (tables.length === 0) return { check: CHECK, ok: true, detail: '没有可试写的表' };
  const detail = `在 ${tables.length} 张表上试写（INSERT、UPDATE、DELETE，均不涉及任何行）`;
  return unclear.length === 0
    ? { check: CHECK, ok: true, detail: `${detail}，都因没有权限被拒绝` }
    : {
        check: CHECK,
        ok: true,
        detail: `${detail}；${unclear.join('、')} 无法试写（可能是视图）`,
        remedy: '请由来源数据库管理员确认该账号对其底层表没有写权限。',
      };
}

async function statementsFor(
  { ask, quoted }: WriteTrial,
  table: string,
): Promise<readonly (readonly [string, string])[]> {
  const statements: (readonly [string, string])[] = [
    ['INSERT', `INSERT INTO ${table} SELECT * FROM ${table} WHERE 1 = 0`],
    ['DELETE', `DELETE FROM ${table} WHERE 1 = 0`],
  ];
  const name = bareName(table).replaceAll("'", "''");
  const rows = await ask(
    `SELECT column_name FROM information_schema.columns WHERE table_name = '${name}' ORDER BY ordinal_position`,
  ).catch(() => []);
  const column = rows[0]?.[0];
  if (column == null) return statements;
  const own = quoted(column);
  return [...statements, ['UPDATE', `UPDATE ${table} SET ${own} = ${own} WHERE 1 = 0`]];
}

async function attempt(trial: WriteTrial, sql: string): Promise<Outcome> {
  try {
    await trial.ask(trial.begin);
    await trial.ask(sql);
    return 'allowed';
  } catch (error) {
    return trial.denied(error) || trial.readOnlyServer(error) ? 'denied' : 'other';
  } finally {
    await trial.ask(trial.rollback).catch(() => []);
  }
}

import { describe, expect, it } from '@jest/globals';
import type { SourceContext } from '../../src/connectors/connector.js';
import { mssqlConnector } from '../../src/connectors/mssql/mssql.connector.js';
import {
  type FixtureRow,
  type PreparedSource,
  type SourceFixture,
  sourceContext,
} from './conformance/source-fixture.js';
import { connectorConformance } from './conformance/suite.js';
import { type TdsAnswer, TdsStandIn } from './tds-stand-in.js';

const COLUMNS = [
  ['no', 'bigint', null],
  ['settled', 'datetime', null],
  ['name', 'varchar(40)', 'Chinese_PRC_CI_AS'],
  ['amount', 'decimal(12,2)', null],
] as const;

/** Understands the statements this connector sends for one table of four columns, and no others. */
class TableAnswers {
  private readonly rows: readonly FixtureRow[];

  constructor(rows: readonly FixtureRow[]) {
    this.rows = [...rows].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  }

  answer(sql: string): TdsAnswer {
    if (sql.includes('dm_exec_describe')) return this.described(sql);
    if (sql.includes('SERVERPROPERTY')) {
      return answered([['16.0.1000.6', 'Chinese_PRC_CI_AS', '0', '0']]);
    }
    if (sql.includes('heyi_write_probe')) {
      return { error: 262, message: 'CREATE TABLE permission denied in database.' };
    }
    if (/(?:INSERT INTO|DELETE FROM|UPDATE) /.test(sql)) {
      return { error: 229, message: 'The permission was denied on the object.' };
    }
    if (sql.includes('information_schema')) return answered([['no']]);
    if (sql.includes('HAS_PERMS_BY_NAME')) return answered([['0']]);
    if (sql.includes('COUNT_BIG')) return this.totals(sql);
    if (sql.includes('TOP (')) return this.page(sql);
    return 'done';
  }

  private described(sql: string): TdsAnswer {
    const waited = sql.includes('waited') ? [['waited', 'int', null]] : [];
    return answered([...COLUMNS, ...waited].map(([...cells]) => [...cells, null]));
  }

  private totals(sql: string): TdsAnswer {
    const rows = this.within(sql);
    const fen = rows.reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n);
    const yuan = `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;
    return answered([[String(rows.length), rows.length === 0 ? '0.00' : yuan]]);
  }

  private page(sql: string): TdsAnswer {
    if (sql.includes('waited')) return 'never';
    const wanted = Number(/TOP \((\d+)\)/.exec(sql)?.[1]);
    const resume =
      /source\.\[settled\] = CONVERT\(datetime, N'([^']+)', 121\) AND source\.\[no\] > CONVERT\(bigint, N'(\d+)'\)/.exec(
        sql,
      );
    const after = resume === null ? '' : `${resume[1]} ${resume[2]?.padStart(20, '0')}`;
    const rows = this.within(sql).filter((row) => orderOf(row) > after);
    return answered(
      rows.slice(0, wanted).map((row) => [row.no, `${row.settled}.000`, row.name, row.amount]),
    );
  }

  private within(sql: string): readonly FixtureRow[] {
    const [from = '', to = ''] = [...sql.matchAll(/datetime, N'(\d{8})', 112/g)].map(
      ([, day]) => day,
    );
    return this.rows.filter(({ settled }) => {
      const day = settled.slice(0, 10).replaceAll('-', '');
      return day >= from && day < to;
    });
  }
}

function orderOf({ no, settled }: FixtureRow): string {
  return `${settled}.000 ${no.padStart(20, '0')}`;
}

function answered(rows: readonly (readonly (string | null)[])[]): TdsAnswer {
  return { columns: (rows[0] ?? []).map(() => 'nvarchar' as const), rows };
}

const OPTIONS = {
  host: '127.0.0.1',
  database: 'his',
  user: 'reader',
  password: 'x',
  encrypt: 'false',
};
const STREAM = {
  query: 'SELECT * FROM settlement;',
  cursor: 'settled',
  cursorFormat: 'iso',
  key: ['no'],
  columns: ['no', 'settled', 'name', 'amount'],
  amount: 'amount',
};

class StandInFixture implements SourceFixture {
  private server: TdsStandIn | null = null;

  async prepare(rows: readonly FixtureRow[]): Promise<PreparedSource> {
    const table = new TableAnswers(rows);
    this.server = new TdsStandIn((sql) => table.answer(sql));
    const port = String(await this.server.listen());
    return { options: { ...OPTIONS, port }, stream: STREAM, context: sourceContext('.') };
  }

  lacking(source: PreparedSource): PreparedSource {
    return { ...source, stream: { ...source.stream, columns: ['no', 'absent'] } };
  }

  unreachable(source: PreparedSource): PreparedSource {
    return { ...source, options: { ...source.options, port: '1' } };
  }

  slow(source: PreparedSource): PreparedSource {
    const query = 'SELECT settlement.*, dbo.wait(30) AS waited FROM settlement';
    const columns = ['no', 'settled', 'name', 'amount', 'waited'];
    return { ...source, stream: { ...source.stream, query, columns } };
  }

  async running(): Promise<number> {
    return this.server?.running ?? 0;
  }

  async dispose(): Promise<void> {
    await this.server?.close();
  }
}

describe('on a stand-in that speaks the protocol', () => {
  connectorConformance('mssql', new StandInFixture());
});

describe('mssql over the wire', () => {
  const { signal } = new AbortController();
  const window = { from: '2024-01-01', to: '2025-01-01' };
  const open = async (
    answer: (sql: string) => TdsAnswer,
    limits: Partial<SourceContext['limits']> = {},
    options = {},
  ) => {
    const server = new TdsStandIn(answer);
    const port = String(await server.listen());
    const context = sourceContext('.');
    const settings = mssqlConnector.options.parse({ ...OPTIONS, ...options, port });
    const session = await mssqlConnector.open(settings, {
      ...context,
      limits: { ...context.limits, ...limits },
    });
    return { server, session };
  };
  const many = (sql: string): TdsAnswer => {
    if (sql.includes('dm_exec')) {
      return answered([
        ['id', 'int', null, null],
        ['moment', 'date', null, null],
        ['filler', 'nvarchar(1000)', null, null],
      ]);
    }
    if (!sql.includes('TOP (')) return 'done';
    const filler = 'x'.repeat(1_000);
    const rows = (function* () {
      for (let id = 1; id <= 40_000; id += 1) yield [String(id), filler, '2024-06-01'];
    })();
    return { columns: ['nvarchar', 'nvarchar', 'nvarchar'], rows };
  };
  const wide = mssqlConnector.stream.parse({
    query: 'SELECT * FROM t',
    cursor: 'moment',
    cursorFormat: 'iso',
    key: ['id'],
    columns: ['id', 'filler'],
  });

  it('holds the server back while nobody takes rows, and stops it when reading is left', async () => {
    const { server, session } = await open(many);
    for await (const batch of session.read({ stream: wide, window, batchRows: 500, signal })) {
      expect(batch.rows).toHaveLength(500);
      await new Promise((resolve) => setTimeout(resolve, 500));
      const sent = server.rowsSent;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(server.rowsSent).toBe(sent);
      expect(sent).toBeLessThan(20_000);
      break;
    }
    expect(server.running).toBe(0);
    expect(server.rowsSent).toBeLessThan(25_000);
    await session.close();
    await server.close();
  });

  it('reads floating columns as the shortest text that names them', async () => {
    const { server, session } = await open((sql) => {
      if (sql.includes('dm_exec')) {
        return answered([
          ['id', 'int', null, null],
          ['moment', 'date', null, null],
          ['price', 'float', null, null],
          ['rate', 'real', null, null],
        ]);
      }
      if (!sql.includes('TOP (')) return 'done';
      const rows = [
        ['1', 12.3, 12.3, '2024-01-01'],
        ['2', 0.1 + 0.2, 0.1, '2024-01-01'],
        ['3', null, null, '2024-01-01'],
      ] as const;
      return { columns: ['nvarchar', 'float', 'real', 'nvarchar'], rows };
    });
    const stream = { ...wide, columns: ['id', 'price', 'rate'] };
    const found = [];
    for await (const batch of session.read({ stream, window, batchRows: 500, signal })) {
      found.push(...batch.rows.map((row) => row.slice(0, 3)));
    }
    expect(found).toEqual([
      ['1', '12.3', '12.3'],
      ['2', '0.30000000000000004', '0.1'],
      ['3', null, null],
    ]);
    await session.close();
    await server.close();
  });

  it('reads in one snapshot when told so, and lets go of it', async () => {
    const { server, session } = await open(many, { pageRows: 1_000 }, { isolation: 'snapshot' });
    for await (const _ of session.read({ stream: wide, window, batchRows: 500, signal })) break;
    const [first, last] = ['SNAPSHOT; BEGIN TRANSACTION', 'ROLLBACK'].map((part) =>
      server.statements.findIndex((sql) => sql.includes(part)),
    );
    expect(first).toBeGreaterThan(0);
    expect(last).toBeGreaterThan(first ?? 0);
    const pages = server.statements.filter((sql) => sql.includes('TOP (1000)'));
    expect(pages.every((sql) => sql.includes('IF @@TRANCOUNT = 0 THROW 51000'))).toBe(true);
    await session.close();
    await server.close();
  });

  it('keeps one connection through many statements and a cancelled one, after one that tries the log-in', async () => {
    const { server, session } = await open(many, { pageRows: 1_000 });
    for (let times = 0; times < 3; times += 1) {
      for await (const _ of session.read({ stream: wide, window, batchRows: 300, signal })) break;
    }
    expect(server.logins).toBe(2);
    await session.close();
    await server.close();
  });

  it('replaces a connection that broke between two statements, and is as gentle on the new one', async () => {
    const { server, session } = await open(many, { pageRows: 1_000 });
    const read = async () => {
      for await (const _ of session.read({ stream: wide, window, batchRows: 1_000, signal })) break;
    };
    await read();
    server.hangUp();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await read();
    expect(server.logins).toBe(3);
    const asked = server.statements.filter((sql) => /TOP \(|dm_exec/.test(sql));
    expect(asked).toHaveLength(3);
    expect(asked.every((sql) => sql.includes('SET LOCK_TIMEOUT 2000;'))).toBe(true);
    await session.close();
    await server.close();
  });

  it('says so when the connection breaks in the middle of a statement', async () => {
    const { server, session } = await open(many);
    const reading = (async () => {
      for await (const _ of session.read({ stream: wide, window, batchRows: 500, signal })) {
        server.hangUp();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'source.unreachable', recovery: 'retry' });
    await session.close();
    await server.close();
  });

  it('closes though somebody left a read half-way without a word', async () => {
    const { server, session } = await open(many);
    const reading = session.read({ stream: wide, window, batchRows: 500, signal });
    await reading[Symbol.asyncIterator]().next();
    await session.close();
    expect(server.running).toBe(0);
    await server.close();
  });

  it.each([
    [51000, 'source.unreachable', 'retry'],
    [1222, 'source.timeout', 'retry'],
    [1205, 'source.timeout', 'retry'],
    [229, 'source.rejected', 'halt'],
    [8114, 'source.rejected', 'halt'],
  ])('says what error %d of the server means', async (error, code, recovery) => {
    const { server, session } = await open((sql) =>
      sql.includes('TOP (1') ? { error, message: 'as the server says' } : many(sql),
    );
    const reading = (async () => {
      for await (const _ of session.read({ stream: wide, window, batchRows: 500, signal }));
    })();
    await expect(reading).rejects.toMatchObject({ code, recovery });
    await session.close();
    await server.close();
  });
});

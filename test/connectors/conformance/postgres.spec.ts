import { createEmptyDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  type FixtureRow,
  type PreparedSource,
  type SourceFixture,
  sourceContext,
} from './source-fixture.js';
import { connectorConformance } from './suite.js';

/** A HIS in an own database, read through a login that may only select. */
class PostgresFixture implements SourceFixture {
  private his: TestDatabase | null = null;
  private reader = '';

  constructor(private readonly read: 'copy' | 'cursor') {}

  async prepare(rows: readonly FixtureRow[]): Promise<PreparedSource> {
    this.his = await createEmptyDatabase();
    const { hostname, port, pathname } = new URL(this.his.url);
    this.reader = `reader_${pathname.slice(-12)}`;
    await this.his.pool.query(`
      CREATE TABLE settlement (no bigint, settled timestamp, name text, amount numeric(12,2));
      CREATE ROLE ${this.reader} LOGIN PASSWORD 'only-reads';
      GRANT SELECT ON settlement TO ${this.reader}`);
    for (const { no, settled, name, amount } of rows) {
      await this.his.pool.query('INSERT INTO settlement VALUES ($1, $2, $3, $4)', [
        no,
        settled,
        name,
        amount,
      ]);
    }
    return {
      options: {
        host: hostname,
        port,
        database: pathname.slice(1),
        user: this.reader,
        password: 'only-reads',
        read: this.read,
      },
      stream: {
        query: 'SELECT * FROM settlement;',
        cursor: 'settled',
        cursorFormat: 'iso',
        key: ['no'],
        columns: ['no', 'settled', 'name', 'amount'],
        amount: 'amount',
      },
      context: sourceContext('.'),
    };
  }

  lacking(source: PreparedSource): PreparedSource {
    return { ...source, stream: { ...source.stream, columns: ['no', 'absent'] } };
  }

  unreachable(source: PreparedSource): PreparedSource {
    return { ...source, options: { ...source.options, port: '1' } };
  }

  slow(source: PreparedSource): PreparedSource {
    const query = 'SELECT settlement.*, pg_sleep(30)::text AS waited FROM settlement OFFSET 0';
    const columns = ['no', 'settled', 'name', 'amount', 'waited'];
    return { ...source, stream: { ...source.stream, query, columns } };
  }

  async running(): Promise<number> {
    const found = await this.his?.pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE usename = $1 AND state = 'active'`,
      [this.reader],
    );
    return found?.rowCount ?? 0;
  }

  async dispose(): Promise<void> {
    await this.his?.pool.query(`DROP OWNED BY ${this.reader}; DROP ROLE ${this.reader}`);
    await this.his?.drop();
  }
}

connectorConformance('postgres', new PostgresFixture('copy'), ' by COPY');
connectorConformance('postgres', new PostgresFixture('cursor'), ' by cursor');

import { randomBytes } from 'node:crypto';
import { mssqlConnector } from '../../src/connectors/mssql/mssql.connector.js';
import { MssqlConnection } from '../../src/connectors/mssql/mssql-connection.client.js';
import type { MssqlOptions } from '../../src/connectors/mssql/mssql-options.js';
import { sourceContext } from './conformance/source-fixture.js';

/** A database of a test's own on the server that `MSSQL_URL` names (`mssql://sa:password@host:1433`), and a login that may only read it. */
export interface MssqlDatabase {
  run(sql: string): Promise<void>;
  /** Options of the connector for the reading login. */
  readonly options: MssqlOptions;
  /** Statements of the reading login that the server is running now. */
  running(): Promise<number>;
  drop(): Promise<void>;
}

export const hasMssql = process.env['MSSQL_URL'] !== undefined;
export const NO_MSSQL = 'MSSQL_URL is not set';

export async function createMssqlDatabase(): Promise<MssqlDatabase> {
  const url = new URL(process.env['MSSQL_URL'] ?? '');
  const name = `heyi_test_${randomBytes(5).toString('hex')}`;
  const login = `r_${name}`;
  const password = `Only-reads-${randomBytes(6).toString('hex')}`;
  const optionsFor = (user: string, secret: string, database: string): MssqlOptions =>
    mssqlConnector.options.parse({
      host: url.hostname,
      port: url.port === '' ? '1433' : url.port,
      database,
      user,
      password: secret,
      trustServerCertificate: 'true',
    });
  const [user, secret] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const context = sourceContext('.');
  const master = await MssqlConnection.connect(optionsFor(user, secret, 'master'), context);
  await master.rows(`CREATE DATABASE ${name} COLLATE Chinese_PRC_CI_AS`);
  await master.rows(
    `CREATE LOGIN ${login} WITH PASSWORD = '${password}', DEFAULT_DATABASE = ${name}`,
  );
  const admin = await MssqlConnection.connect(optionsFor(user, secret, name), context);
  await admin.rows(`CREATE USER ${login} FOR LOGIN ${login}; GRANT SELECT TO ${login}`);
  return {
    options: optionsFor(login, password, name),
    async run(sql) {
      await admin.rows(sql);
    },
    async running() {
      const rows = await master.rows(
        `SELECT CONVERT(nvarchar(10), COUNT(*)) FROM sys.dm_exec_requests r JOIN sys.dm_exec_sessions s ON s.session_id = r.session_id WHERE s.login_name = '${login}'`,
      );
      return Number(rows[0]?.[0]);
    },
    async drop() {
      await admin.close();
      await master.rows(
        `ALTER DATABASE ${name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE ${name}; DROP LOGIN ${login}`,
      );
      await master.close();
    },
  };
}

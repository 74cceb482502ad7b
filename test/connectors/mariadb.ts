import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import type { mysqlConnector } from '../../src/connectors/mysql/mysql.connector.js';

type Options = Parameters<typeof mysqlConnector.open>[0];

/** A database of a test's own on the MariaDB that `MARIADB_URL` names, and a login that may only read it. */
export interface MariaDatabase {
  readonly admin: mysql.Connection;
  /** Options of the connector for the reading login. */
  readonly options: Options;
  /** Queries of the reading login that the server is running now. */
  running(): Promise<number>;
  drop(): Promise<void>;
}

const PASSWORD = 'only-reads';

export async function createMariaDatabase(
  url = process.env['MARIADB_URL'] ?? '',
): Promise<MariaDatabase> {
  const { hostname, port } = new URL(url);
  const name = `heyi_test_${randomBytes(5).toString('hex')}`;
  const reader = `r_${name.slice(-10)}`;
  const admin = await mysql.createConnection({ uri: url, multipleStatements: true });
  await admin.query(`
    CREATE DATABASE ${name} CHARACTER SET utf8mb4;
    CREATE USER ${reader}@'%' IDENTIFIED BY '${PASSWORD}';
    GRANT SELECT ON ${name}.* TO ${reader}@'%';
    USE ${name}`);
  return {
    admin,
    options: {
      host: hostname,
      port: port === '' ? '3306' : port,
      database: name,
      user: reader,
      password: PASSWORD,
      ssl: 'false',
      bufferResult: 'false',
    },
    async running() {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(
        `SELECT 1 FROM information_schema.PROCESSLIST WHERE USER = ? AND COMMAND = 'Query'`,
        [reader],
      );
      return rows.length;
    },
    async drop() {
      await admin.query(`DROP DATABASE ${name}; DROP USER ${reader}@'%'`);
      await admin.end();
    },
  };
}

export const hasMariaDb = process.env['MARIADB_URL'] !== undefined;
export const NO_MARIADB = 'MARIADB_URL is not set';

import type { Connector } from './connector.js';
import { csvConnector } from './csv/csv.connector.js';
import { mssqlConnector } from './mssql/mssql.connector.js';
import { mysqlConnector } from './mysql/mysql.connector.js';
import { postgresConnector } from './postgres/postgres.connector.js';
import { xmlConnector } from './xml/xml.connector.js';

/** Every kind of source there is, sorted. */
export const CONNECTORS: readonly Connector[] = [
  csvConnector,
  mssqlConnector,
  mysqlConnector,
  postgresConnector,
  xmlConnector,
] as unknown as readonly Connector[];

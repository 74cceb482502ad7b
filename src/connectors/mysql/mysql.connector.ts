import { defineConnector } from '../connector.js';
import { mysqlOptions, mysqlStream } from './mysql-options.js';
import { MysqlSession } from './mysql-session.client.js';

/** A HIS on MySQL or MariaDB. */
export const mysqlConnector = defineConnector({
  kind: 'mysql',
  options: mysqlOptions,
  stream: mysqlStream,
  open: (settings, context) => MysqlSession.open(settings, context),
});

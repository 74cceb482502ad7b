import { defineConnector } from '../connector.js';
import { mysqlOptions, mysqlStream } from './mysql-options.js';

/** A HIS on MySQL or MariaDB. */
export const mysqlConnector = defineConnector({
  kind: 'mysql',
  options: mysqlOptions,
  stream: mysqlStream,
  async open(settings, context) {
    const { MysqlSession } = await import('./mysql-session.client.js'); // the driver is loaded by who needs it
    return MysqlSession.open(settings, context);
  },
});

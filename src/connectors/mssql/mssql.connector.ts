import { defineConnector } from '../connector.js';
import { mssqlOptions, mssqlStream } from './mssql-options.js';

/** A HIS on SQL Server 2012 or newer. */
export const mssqlConnector = defineConnector({
  kind: 'mssql',
  options: mssqlOptions,
  stream: mssqlStream,
  async open(settings, context) {
    const { MssqlSession } = await import('./mssql-session.client.js'); // the driver is loaded by who needs it
    return MssqlSession.open(settings, context);
  },
});

import { defineConnector } from '../connector.js';
import { mssqlOptions, mssqlStream } from './mssql-options.js';
import { MssqlSession } from './mssql-session.client.js';

/** A HIS on SQL Server 2012 or newer. */
export const mssqlConnector = defineConnector({
  kind: 'mssql',
  options: mssqlOptions,
  stream: mssqlStream,
  open: (settings, context) => MssqlSession.open(settings, context),
});

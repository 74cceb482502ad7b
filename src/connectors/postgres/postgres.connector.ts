import { defineConnector } from '../connector.js';
import { postgresOptions, postgresStream } from './postgres-options.js';

/** A HIS on PostgreSQL, or one that speaks its protocol (Kingbase, openGauss). */
export const postgresConnector = defineConnector({
  kind: 'postgres',
  options: postgresOptions,
  stream: postgresStream,
  async open(settings, context) {
    const { PostgresSession } = await import('./postgres-session.client.js'); // the driver is loaded by who needs it
    return PostgresSession.open(settings, context);
  },
});

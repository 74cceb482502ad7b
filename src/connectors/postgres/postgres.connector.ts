import { defineConnector } from '../connector.js';
import { postgresOptions, postgresStream } from './postgres-options.js';
import { PostgresSession } from './postgres-session.client.js';

/** A HIS on PostgreSQL, or one that speaks its protocol (Kingbase, openGauss). */
export const postgresConnector = defineConnector({
  kind: 'postgres',
  options: postgresOptions,
  stream: postgresStream,
  open: (settings, context) => PostgresSession.open(settings, context),
});

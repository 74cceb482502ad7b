import type { Connector } from './connector.js';
import { csvConnector } from './csv/csv.connector.js';
import { postgresConnector } from './postgres/postgres.connector.js';
import { xmlConnector } from './xml/xml.connector.js';

/** Every kind of source there is, sorted. */
export const CONNECTORS: readonly Connector[] = [
  csvConnector,
  postgresConnector,
  xmlConnector,
] as unknown as readonly Connector[];

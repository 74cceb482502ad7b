/**
 * One embedded PostgreSQL for the whole Jest run, with one migrated template that every test clones.
 * Both database projects name this file; the second call finds the first's server.
 */
import { register } from 'node:module';

export default async function globalSetup() {
  if (process.env.HEYI_TEST_SERVER_URL !== undefined) return;
  register('./typescript-loader.mjs', import.meta.url);
  const { startTestServer } = await import('./test-server.js');
  const server = await startTestServer();
  process.env.HEYI_TEST_SERVER_URL = server.url;
  globalThis.heyiTestServer = server;
}

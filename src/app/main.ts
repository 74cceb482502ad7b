/** A process of the gateway: `node dist/app/main.js --role api|worker|scheduler|all [--port 7300]`. */
import 'reflect-metadata';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironmentFiles } from '../config/environment-files.loader.js';
import { loadLimits } from '../config/limits.loader.js';
import { siteOf } from '../config/site.js';
import { migrateDatabase } from '../database/migrate.service.js';
import { openDatabase } from '../database/open-database.launcher.js';
import { GatewayError } from '../kernel/errors.js';
import { safeStack } from '../kernel/safe-text.js';
import { endInTime } from './deadline.launcher.js';
import { announceFirstUser } from './first-user.launcher.js';
import { CONNECTIONS, startProcess } from './process.launcher.js';
import { ROLES, type Role } from './role.js';

const DEFAULT_PORT = '7300';

/** As the command line's: a service manager does not start again what a wrong setting ended. */
const EXIT_CONFIGURATION = 2;

// What nobody caught would be printed with everything its driver hung on it, cells of rows among them.
process.on('uncaughtException', (error) => {
  lastWords(error);
  process.exit();
});
try {
  readEnvironmentFiles();
  await main();
} catch (error) {
  lastWords(error);
}

function lastWords(error: unknown): void {
  process.exitCode = 1;
  if (!(error instanceof GatewayError)) {
    process.stderr.write(`${safeStack(error)}\n`);
    return;
  }
  process.stderr.write(`错误 [${error.code}] ${error.message}\n办法 ${error.remedy}\n`);
  if (error.code.startsWith('config.')) process.exitCode = EXIT_CONFIGURATION;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      role: { type: 'string', default: 'all' },
      port: { type: 'string', default: DEFAULT_PORT },
    },
  });
  const role = ROLES.find((each) => each === values.role);
  if (role === undefined) {
    process.stderr.write(`--role 应为 ${ROLES.join('、')} 之一\n`);
    process.exitCode = 2;
    return;
  }
  await runUntilStopped(role, Number(values.port));
}

async function runUntilStopped(role: Role, port: number): Promise<void> {
  const home = process.env['HEYI_HOME'] ?? join(import.meta.dirname, '../..');
  const database = await openDatabase({
    home,
    url: process.env['DATABASE_URL'],
    server: 'any',
    connections: CONNECTIONS[role],
  });
  try {
    await migrateDatabase(database.pool);
    const site = siteOf(home, process.env);
    const { app, api, firstUser } = await startProcess(role, { pool: database.pool, site, port });
    if (firstUser !== null) {
      const { dataDir } = site;
      const isTerminal = process.stderr.isTTY === true;
      for (const line of announceFirstUser(firstUser, { dataDir, isTerminal }))
        process.stderr.write(`${line}\n`);
    }
    process.stdout.write(`${JSON.stringify({ ready: true, role, url: api?.url ?? null })}\n`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    endInTime(loadLimits(site.configDir).jobs.shutdownMs);
    await app.close();
  } finally {
    await database.close();
  }
}

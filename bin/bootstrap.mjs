/**
 * `npm run demo` and `npm test` on a machine that has only Node and npm: install what is missing, build what changed, run.
 *
 *     node bin/bootstrap.mjs demo [--once …]
 *     node bin/bootstrap.mjs test [jest options]
 *     node bin/bootstrap.mjs build
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, home } from './prepared.mjs';

const OLDEST_NODE = [20, 19];

const [task, ...options] = process.argv.slice(2);
refuseOldNode();
ensureInstalled();
ensureBuilt();
if (task === 'test') test();
if (task === 'demo') await demo();

async function demo() {
  const main = join(home, 'dist/demo/main.js');
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, main, ...options];
  await import(pathToFileURL(main).href);
}

function test() {
  const jest = join(home, 'node_modules/jest/bin/jest.js');
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
  const child = spawn(process.execPath, [jest, ...options], {
    cwd: home,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: nodeOptions.trim() },
  });
  // Ctrl-C reaches Jest by itself; a signal sent to us alone is passed on. Either way Jest ends first and clears up.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  process.stderr.write(
    `需要 Node ${OLDEST_NODE.join('.')} 以上 / Node ${OLDEST_NODE.join('.')} or newer is needed\n`,
  );
  process.exit(2);
}

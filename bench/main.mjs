/**
 * `npm run bench [-- --quick] [-- B1 B2 …]`: compiles src/ and bench/ beside each other below `.heyi/bench`, so that what is measured
 * runs exactly as it is shipped, then hands over to bench/harness/main.ts.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const home = resolve(import.meta.dirname, '..');
const build = join(home, '.heyi', 'bench');

function compile() {
  rmSync(build, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  const swc = join(home, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const folders = ['src', 'bench'];
  const options = ['-d', build, '-q', '--ignore', '**/node_modules/**', '--config-file', '.swcrc'];
  const done = spawnSync(process.execPath, [swc, ...folders, ...options], {
    cwd: home,
    stdio: 'inherit',
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
  cpSync(join(home, 'config'), join(build, 'config'), { recursive: true });
  symlinkSync(join(home, 'knowledge'), join(build, 'knowledge'));
  const rivals = join(home, 'bench', 'node_modules');
  if (existsSync(rivals)) symlinkSync(rivals, join(build, 'bench', 'node_modules'));
}

function installRivals() {
  if (existsSync(join(home, 'bench', 'node_modules'))) return;
  if (!existsSync(join(home, 'bench', 'package-lock.json'))) return;
  const flags = ['ci', '--prefix', 'bench', '--no-audit', '--no-fund', '--ignore-scripts'];
  const done = spawnSync('npm', flags, { cwd: home, stdio: 'inherit' });
  if (done.status !== 0) {
    process.stderr.write('rival engines could not be installed; their benchmarks will say so\n');
  }
}

installRivals();
compile();
process.env.HEYI_BENCH_HOME = home;
await import(pathToFileURL(join(build, 'bench', 'harness', 'main.js')).href);

/**
 * Brings a clone into working order with nothing but Node and npm: installed packages that match the lock file, and a build that
 * matches the sources. Both are skipped when a stamp says that nothing changed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const home = dirname(dirname(fileURLToPath(import.meta.url)));
const installStamp = join(home, 'node_modules/.heyi-installed');
const buildStamp = join(home, 'dist/.heyi-built');

/** Everything that decides what `dist/` holds. */
const BUILD_INPUTS = ['package-lock.json', 'tsconfig.json', 'nest-cli.json', '.swcrc'];

/** `npm ci` unless the installed packages are those of the lock file. */
export function ensureInstalled() {
  const digest = lockDigest();
  if (read(installStamp) === digest) return;
  if (!matchesLock()) {
    say('正在安装依赖 / installing packages (npm ci) …');
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  writeFileSync(installStamp, digest);
}

/** What the stamp in `node_modules/` holds when the packages are those of the lock file. */
export function lockDigest() {
  return digestOf([join(home, 'package-lock.json')]);
}

/** `nest build` unless `dist/` comes from these very sources. An installed package has no sources and needs no build. */
export function ensureBuilt() {
  if (!existsSync(join(home, 'src'))) return;
  const sources = filesBelow(join(home, 'src')).filter((path) => /(?<!\.spec)\.ts$/.test(path));
  const digest = digestOf([...BUILD_INPUTS.map((name) => join(home, name)), ...sources]);
  if (read(buildStamp) === digest) return;
  say('正在构建 / building …');
  run(process.execPath, [join(home, 'node_modules/@nestjs/cli/bin/nest.js'), 'build', '-b', 'swc']);
  removeOrphans();
  mkdirSync(dirname(buildStamp), { recursive: true });
  writeFileSync(buildStamp, digest);
}

/** Whether what npm says it installed is what the lock file asks for (a plain `npm install` leaves no stamp of ours). */
function matchesLock() {
  const installed = packagesOf(join(home, 'node_modules/.package-lock.json'));
  const wanted = packagesOf(join(home, 'package-lock.json'));
  if (installed === null || wanted === null) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? (optional ?? devOptional) === true : found.version === version;
  });
}

function packagesOf(path) {
  const text = read(path);
  return text === null ? null : JSON.parse(text).packages;
}

/** What a deleted source left in `dist/`. */
function removeOrphans() {
  for (const path of filesBelow(join(home, 'dist'))) {
    const source = join(home, 'src', relative(join(home, 'dist'), path)).replace(
      /\.js(\.map)?$/,
      '.ts',
    );
    if (/\.js(\.map)?$/.test(path) && !existsSync(source)) rmSync(path);
  }
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(relative(home, path))
      .update('\0')
      .update(read(path) ?? '');
  return hash.digest('hex');
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function npm(options) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) run(process.execPath, [script, ...options]);
  else run('npm', options);
}

function run(program, options) {
  // What these programs say is progress; the output of `heyi --json` must hold nothing else than its rows.
  const { status, error } = spawnSync(program, options, { cwd: home, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  say(`失败 / failed: ${program} ${options.join(' ')} ${error?.message ?? ''}`);
  process.exit(status ?? 1);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

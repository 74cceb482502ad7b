/**
 * The offline bundle: everything a hospital's LAN needs beside Node, in one archive with its checksum. Needs no registry: the packages are
 * those installed here, less the ones that only development needs.
 *
 *     node bin/bundle.mjs [--out <folder>] [--with-node]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, home, lockDigest } from './prepared.mjs';

const SHIPPED = [
  ...['LICENSE', 'NOTICE', 'README.md', 'README.zh-CN.md', 'package.json', 'package-lock.json'],
  ...['compose.yaml', 'config', 'deploy', 'dist', 'docs', 'knowledge', 'schemas'],
  ...['bin/bootstrap.mjs', 'bin/healthcheck.mjs', 'bin/heyi.mjs', 'bin/prepared.mjs'],
];
/** A site's own folder and secrets never leave it with the product. */
const KEPT_HERE = [join(home, 'config/site'), join(home, 'deploy/secrets')];

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.' },
    'with-node': { type: 'boolean', default: false },
  },
});
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
const name = `heyi-${version}-${process.platform}-${process.arch}`;
const out = resolve(values.out);
const work = mkdtempSync(join(tmpdir(), 'heyi-bundle-'));
try {
  bundle();
} finally {
  rmSync(work, { recursive: true, force: true });
}

function bundle() {
  ensureBuilt();
  const folder = join(work, name);
  for (const path of SHIPPED) copy(path, folder);
  for (const path of productionPackages()) copyPackage(path, folder);
  writeFileSync(join(folder, 'node_modules/.heyi-installed'), lockDigest());
  copyFileSync(join(home, 'deploy/install.sh'), join(folder, 'install.sh'));
  chmodSync(join(folder, 'install.sh'), 0o755);
  if (values['with-node']) {
    mkdirSync(join(folder, 'node'));
    copyFileSync(process.execPath, join(folder, 'node/node'));
    chmodSync(join(folder, 'node/node'), 0o755);
  }
  writeFileSync(join(folder, 'SHA256SUMS'), sums(folder));
  mkdirSync(out, { recursive: true });
  const archive = join(out, `${name}.tar.gz`);
  pack(archive);
  writeFileSync(`${archive}.sha256`, `${sha256(archive)}  ${name}.tar.gz\n`);
  process.stdout.write(`${archive}\n`);
}

function copy(path, folder) {
  const from = join(home, path);
  if (!existsSync(from)) throw new Error(`missing: ${path}`);
  cpSync(from, join(folder, path), {
    recursive: true,
    filter: (each) => !KEPT_HERE.includes(each),
  });
}

/** Installed packages that the lock file does not call development's own. */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync(join(home, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev }]) => path.startsWith('node_modules/') && dev !== true)
    .map(([path]) => path)
    .filter((path) => existsSync(join(home, path)));
}

/** Without the packages nested in it: each stands in the lock file by itself. Links between libraries stay links. */
function copyPackage(path, folder) {
  const from = join(home, path);
  cpSync(from, join(folder, path), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (each) => each !== join(from, 'node_modules'),
  });
}

function sums(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
    .map((path) => `${sha256(join(folder, path))}  ${path}\n`)
    .join('');
}

function sha256(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** The same files give the same bytes: sorted, without owners, of one time. */
function pack(archive) {
  const options = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  const { status, stderr, error } = spawnSync(
    'tar',
    [...options, '-I', 'gzip -n', '-cf', archive, '-C', work, name],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`tar: ${error?.message ?? stderr}`);
}

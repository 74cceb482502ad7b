import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

/** What a person sees who got something wrong: a reason, what to do, an exit code; never a stack, never half a result. */

const root = join(import.meta.dirname, '../..');
const LOADER = `import{register}from'node:module';register(${JSON.stringify(
  pathToFileURL(join(root, 'test/support/typescript-loader.mjs')).href,
)})`;
const folder = mkdtempSync(join(tmpdir(), 'heyi-wrong-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

const facts = join(root, 'docs/formats/facts-example.yaml');

interface Streams {
  readonly input?: string;
  /** File that standard output goes to. */
  readonly into?: string;
}

function heyi(line: readonly string[], { input = '', into }: Streams = {}) {
  const target = into === undefined ? null : openSync(into, 'w');
  const main = join(root, 'src/cli/main.ts');
  const args = ['--import', `data:text/javascript,${encodeURIComponent(LOADER)}`, main, ...line];
  const { HEYI_SITE: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, NODE_OPTIONS: '' },
    input,
    stdio: ['pipe', target ?? 'pipe', 'pipe'],
    timeout: 60_000,
  });
  if (target !== null) closeSync(target);
  return { status, stdout, stderr };
}

describe('a command line or file that is wrong', () => {
  writeFileSync(join(folder, 'a-file'), '');

  it.each<[string, readonly string[], RegExp]>([
    ['a word too many', ['compute', '--policy', 'sanya', '--facts', facts, 'x'], /too many/],
    ['a folder for a file', ['audit', '.'], /是文件夹/],
    [
      'no such region',
      ['compute', '--policy', '../x', '--facts', facts],
      /现有：ganyu、hainan、hunan、jilin、sanya/,
    ],
    ['an inherited word for a region', ['policy', 'coverage', 'constructor'], /没有地区/],
    ['an option without its value', ['check-config', '--site'], /--site 后应写/],
    ['a target that is a file', ['schemas', '--out', 'a-file'], /file\.(ENOTDIR|EEXIST)/],
    [
      'a format that is none',
      ['deduction-sheet', '2024-03', '--format', 'doc'],
      /pdf 或 xlsx：doc/,
    ],
    ['an option that is gone', ['deduction-sheet', '2024-03', '--pdf'], /--pdf/],
    ['a list that is not there', ['knowledge', 'import', 'missing.xlsx'], /找不到 missing/],
  ])('%s: exit code 2 and a reason', (_, line, reason) => {
    const { status, stdout, stderr } = heyi(line);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('a site that is none: named among the problems', () => {
    const { status, stdout } = heyi(['check-config', '--site', folder]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/不是站点文件夹/);
  });

  it('a full disk: exit code 1 and a reason', () => {
    const { status, stderr } = heyi(['compute', '--policy', 'sanya', '--facts', facts], {
      into: '/dev/full',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/ENOSPC/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

it('the example claims come in by standard input', () => {
  const input = readFileSync(join(root, 'docs/formats/claims-example.ndjson'), 'utf8');
  const { status, stdout } = heyi(['audit'], { input });
  expect(status).toBe(0);
  expect(stdout).toMatch(/4 笔结算，2 条疑点，涉及基金 312\.80 元/);
});

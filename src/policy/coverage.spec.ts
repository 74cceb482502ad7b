import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadCoverage, loadRegion } from './policy.loader.js';

const root = join(import.meta.dirname, '../..');
const coverage = loadCoverage(join(root, 'config/policies'));
const rows = Object.values(coverage).flatMap((region) => Object.entries(region));
const implemented = rows.filter(([, { state }]) => state === 'implemented');

/** Every test there is, but for this one. */
const tests = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.spec.ts'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter(
    (path) => path !== '' && !path.endsWith('coverage.spec.ts') && existsSync(join(root, path)),
  )
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');

describe('the register of clauses', () => {
  it('holds every row of the five documents', () => {
    const counts = Object.entries(coverage).map(([region, entries]) => [
      region,
      Object.keys(entries).length,
    ]);
    expect(Object.fromEntries(counts)).toEqual({
      sanya: 22,
      ganyu: 27,
      hunan: 16,
      jilin: 17,
      hainan: 11,
    });
  });

  it('calls a row implemented only where its file exists and a test cites it', () => {
    const known = new Set(tests.match(/\b[A-Z]{2}-\d{2}\b/g) ?? []);
    expect(
      implemented.filter(([, { file }]) => !existsSync(join(root, file ?? ''))).map(([id]) => id),
    ).toEqual([]);
    expect(implemented.filter(([id]) => !known.has(id)).map(([id]) => id)).toEqual([]);
  });

  it.each(Object.keys(coverage))('knows every row that the pack of %s names', (region) => {
    const ids = new Set(rows.map(([id]) => id));
    const named = loadRegion(join(root, 'config/policies'), region).flatMap(
      ({ parameters, filings, indicators, scope }) =>
        [
          ...Object.values(parameters),
          ...Object.values(filings),
          ...Object.values(indicators),
          ...(scope?.rules ?? []),
        ].flatMap((record) => record.rows),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });
});

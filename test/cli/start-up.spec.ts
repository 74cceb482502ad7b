import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const STATIC_IMPORT = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm;

/** Everything a module loads at once: packages by name, own files by path; `import()` and `import type` load nothing. */
function loadedBy(start: string): { files: ReadonlySet<string>; packages: ReadonlySet<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = [start];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const match of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) {
      const specifier = match[1] ?? match[2] ?? '';
      if (specifier.startsWith('.'))
        queue.push(join(dirname(file), specifier.replace(/\.js$/, '.ts')));
      else packages.add(specifier);
    }
  }
  return { files, packages };
}

describe('commands without a database', () => {
  const { files, packages } = loadedBy(join(root, 'src/cli/pure-commands.ts'));

  it('load no database driver at the start: import it inside run(), or move the command to database-commands.ts', () => {
    const drivers = [
      'pg',
      'pg-copy-streams',
      'typeorm',
      'bullmq',
      'ioredis',
      'mysql2',
      'mssql',
      '@nestjs/typeorm',
      '@nestjs/bullmq',
    ];
    expect(drivers.filter((name) => packages.has(name))).toEqual([]);
  });

  it('are found by this test at all', () => {
    expect([...files].map((file) => relative(root, file))).toContain(
      'src/cli/check-config.command.ts',
    );
    expect([...files].every((file) => existsSync(file))).toBe(true);
  });
});

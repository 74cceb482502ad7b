#!/usr/bin/env node
/** The command `heyi`. In a clone it first builds what changed; then it is `dist/cli/main.js`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, home } from './prepared.mjs';

if (existsSync(join(home, 'src')) && !existsSync(join(home, 'node_modules'))) {
  process.stderr.write('请先运行 npm ci / run `npm ci` first\n');
  process.exit(2);
}
ensureBuilt();
process.setSourceMapsEnabled(true);
await import(pathToFileURL(join(home, 'dist/cli/main.js')).href);

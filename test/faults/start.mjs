/** Runs the suite's TypeScript as Jest runs the tests', after building the product it hurts. */
import { register } from 'node:module';
import { ensureBuilt, ensureInstalled } from '../../bin/prepared.js';

if (!process.argv.includes('--shard')) {
  ensureInstalled();
  ensureBuilt();
}
register('../support/typescript-loader.mjs', import.meta.url);
await import('./main.js');

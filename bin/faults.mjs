/**
 * `npm run faults`: builds the product, then runs the fault suite's TypeScript as it stands.
 *
 *     node bin/faults.mjs [--seeds 10 | --seed 7] [--backend pg|redis|both] [--only 1,2,14] [--minutes 40] [--page]
 */
import { register } from 'node:module';
import { ensureBuilt, ensureInstalled } from './prepared.mjs';

if (!process.argv.includes('--shard')) {
  ensureInstalled();
  ensureBuilt();
}
register('../test/support/typescript-loader.mjs', import.meta.url);
await import('../test/faults/main.ts');

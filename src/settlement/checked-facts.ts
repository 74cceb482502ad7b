import { parametersOf } from '../policy/checked-schemas.js';
import { overlayFaults } from '../policy/checks.js';
import type { RegionChain } from '../policy/resolve.js';
import { inlineOverlay } from './facts-from-file.js';
import { factsSchema } from './facts-schema.js';

/** The facts schema, knowing the parameters of the region that the file's `set` speaks to. */
export function checkedFactsSchema(chain: RegionChain) {
  return factsSchema.superRefine((file, context) => {
    const overlay = inlineOverlay(chain[0].region, file);
    if (overlay === null) return;
    for (const { path, message } of overlayFaults(overlay, parametersOf(chain)))
      context.addIssue({ code: 'custom', path: [...path], message });
  });
}

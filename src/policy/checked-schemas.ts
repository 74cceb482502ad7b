import type { z } from 'zod';
import { type Fault, overlayFaults, regionFaults } from './checks.js';
import { overlaySchema, type ParameterRecord, regionSchema } from './policy-schema.js';
import type { RegionChain } from './resolve.js';

/** A region's schema with what its shape alone cannot see. */
export const checkedRegionSchema = regionSchema.superRefine((region, context) =>
  report(regionFaults(region), context),
);

/** An overlay's schema, knowing the parameters of the region it speaks to. */
export function checkedOverlaySchema(chain: RegionChain) {
  const parameters = parametersOf(chain);
  return overlaySchema.superRefine((overlay, context) => {
    if (overlay.region !== chain[0].region)
      report([{ path: ['region'], message: `本站点的地区是 ${chain[0].region}` }], context);
    else report(overlayFaults(overlay, parameters), context);
  });
}

/** Every parameter record of a chain, a region's own before its parents'. */
export function parametersOf(chain: RegionChain): Readonly<Record<string, ParameterRecord>> {
  return Object.assign({}, ...[...chain].reverse().map(({ parameters }) => parameters)) as Record<
    string,
    ParameterRecord
  >;
}

function report(faults: readonly Fault[], context: z.RefinementCtx): void {
  for (const { path, message } of faults)
    context.addIssue({ code: 'custom', path: [...path], message });
}

import { z } from 'zod';
import { whole } from '../../config/values.js';

const AUTOMATIC = 'auto';
const FEWEST_PROCESSORS = 4;
const MOST_AUTOMATIC = 4;

/** How many work on one audit (`workers:` of `config/audit/settings.yaml` and of a site's `audit.yaml`). No result depends on it. */
export const workerSettingsSchema = z.strictObject({
  /** Workers of one whole audit. `auto`: half of the processors, at most 4; 1 on machines with fewer than 4. */
  most: z.union([z.literal(AUTOMATIC), whole(1, 16)]),
  /** Audits that read fewer claims than this are done by one worker: the others would hardly be ready before it is over. */
  fromClaims: whole(0, 100_000_000),
});
export type WorkerSettings = z.infer<typeof workerSettingsSchema>;

/** How many workers share an audit of so many claims on a machine with so many processors. */
export function workersFor(
  { most, fromClaims }: WorkerSettings,
  { claims, processors }: { readonly claims: number; readonly processors: number },
): number {
  if (claims < fromClaims) return 1;
  if (most !== AUTOMATIC) return most;
  return processors < FEWEST_PROCESSORS ? 1 : Math.min(MOST_AUTOMATIC, Math.floor(processors / 2));
}

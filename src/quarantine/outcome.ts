import { GatewayError } from '../kernel/errors.js';
import type { EntryOutcome } from './correction.js';

/** Does the work for one of several entries. What the house raises on purpose is told, anything else breaks off. */
export async function outcomeOf(
  entry: string,
  work: () => Promise<string | null>,
): Promise<EntryOutcome> {
  try {
    return { entry, ok: true, decision: await work(), code: null, message: null };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { entry, ok: false, decision: null, code: error.code, message: error.message };
  }
}

/** How the agency can misbehave on one message. `…-after` and `timeout` happen when the message has already taken effect. */
export const FAULTS = [
  'timeout', // accepts, then never answers
  'drop-after', // accepts, then cuts the connection
  'drop-before', // cuts the connection without having looked
  'reject', // infcode -1
  'silent-error', // infcode 0, an error text, and no output
  'warning', // infcode 0, output, and a text all the same
  'string-code', // infcode "0"
  'garbled', // a page that is not JSON
  'unavailable', // HTTP 503
  'unauthorised', // refused by the gateway before the agency: code 401
] as const;
export type Fault = (typeof FAULTS)[number];

/** The `nth` message (from 1) of a transaction, or every one when `nth` is absent. */
export interface FaultRule {
  readonly fault: Fault;
  readonly infno?: string;
  readonly nth?: number;
  readonly fixmedins_code?: string;
}

/** Decides which message meets which fault; counts per rule, so rules do not disturb each other. */
export class FaultPlan {
  private readonly seen = new Map<FaultRule, number>();

  constructor(private readonly rules: readonly FaultRule[]) {}

  next(message: { readonly infno: string; readonly fixmedins_code: string }): Fault | null {
    let hit: Fault | null = null;
    for (const rule of this.rules) {
      if (rule.infno !== undefined && rule.infno !== message.infno) continue;
      if (rule.fixmedins_code !== undefined && rule.fixmedins_code !== message.fixmedins_code) {
        continue;
      }
      const count = (this.seen.get(rule) ?? 0) + 1;
      this.seen.set(rule, count);
      if (hit === null && (rule.nth === undefined || rule.nth === count)) hit = rule.fault;
    }
    return hit;
  }
}

/** Reads a JSON list of rules. @throws RangeError on anything else. */
export function parseFaults(text: string): FaultRule[] {
  const rules: unknown = JSON.parse(text);
  if (!Array.isArray(rules)) throw new RangeError('faults are a JSON list');
  return rules.map((rule: Partial<FaultRule>) => {
    const fault = FAULTS.find((known) => known === rule.fault);
    if (fault === undefined) throw new RangeError(`unknown fault: ${String(rule.fault)}`);
    return { ...rule, fault };
  });
}

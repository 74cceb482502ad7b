/** Injection token of the clock that stamps messages. */
export const AGENCY_CLOCK = Symbol('AGENCY_CLOCK');

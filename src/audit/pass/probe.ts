/**
 * Probes ask, on bare numbers, whether a person needs to be looked at at all. A probe may say yes for nothing, never no for something: on
 * yes the template itself judges, with all the facts. Persons with refunds are always looked at, so a probe sees quantities as charged.
 */

/** Lines of one person that woke one rule, by code number, then day. */
export interface PersonLines {
  readonly count: number;
  /** Numbers of item codes. */
  readonly code: Int32Array;
  /** Days since 1970. */
  readonly day: Int32Array;
  /** Ten-thousandths of a unit. */
  readonly quantity: Float64Array;
  /** Numbers that tell claims, and institutions, apart. */
  readonly claim: Int32Array;
  readonly institution: Int32Array;
  /** Hours of the line's claim on its first and last day where the times are known: see `ClaimEdges`. */
  edgesOf(claim: number): ClaimEdges;
  /** Days from admission to discharge of the line's claim, at least 1; 0 where one of them is not known. */
  stayDaysOf(claim: number): number;
}

/** Days since 1970 on which a claim begins and ends, with the hours present; day -1 = the hour is not known. */
export interface ClaimEdges {
  readonly admissionDay: number;
  readonly admissionHours: number;
  readonly dischargeDay: number;
  readonly dischargeHours: number;
}

export type LinesProbe = (lines: PersonLines) => boolean;

/** Sums of one claim, in fen. */
export interface ClaimTotals {
  readonly totalFeeFen: number;
  readonly fundPaidFen: number;
  /** The funds together. */
  readonly fundsFen: number;
  readonly accountPaidFen: number;
  readonly cashPaidFen: number;
  readonly linesFen: number;
  readonly lines: number;
  readonly datesInOrder: boolean;
}

export type ClaimProbe = (claim: ClaimTotals) => boolean;

/** Where the lines of the code at `from` end. */
export function endOfCode({ code, count }: PersonLines, from: number): number {
  let end = from + 1;
  while (end < count && code[end] === code[from]) end += 1;
  return end;
}

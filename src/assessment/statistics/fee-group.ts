import type { MeasureSpec } from './statistic.js';

export type FeeGroup = Extract<MeasureSpec, { readonly measure: 'lines' }>;

/** Cost of lines of one kind, fee class and beginning of the national code. */
export interface LineTotal {
  readonly kind: string;
  readonly feeClass: string | null;
  /** First six characters of a service's national code; null of other lines and while the local code has none. */
  readonly stem: string | null;
}

/**
 * A group names what it holds: kinds, fee classes, beginnings of codes. Where it names classes and the line has one, the class decides;
 * otherwise the code. Naming nothing is all lines.
 */
export function isInGroup({ kinds, classes, stems }: FeeGroup, line: LineTotal): boolean {
  if (kinds === undefined && classes === undefined && stems === undefined) return true;
  if (kinds?.some((kind) => kind === line.kind) === true) return true;
  if (classes !== undefined && line.feeClass !== null)
    return classes.some((name) => name === line.feeClass);
  return stems?.some((stem) => line.stem?.startsWith(stem) === true) === true;
}

/** A service of which nobody can say whether the group holds it. */
export function isUnclassified({ classes, stems }: FeeGroup, line: LineTotal): boolean {
  if (line.kind !== 'service' || (classes === undefined && stems === undefined)) return false;
  return line.stem === null && (classes === undefined || line.feeClass === null);
}

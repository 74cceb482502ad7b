import { Decimal } from '../kernel/decimal.js';
import { type Fen, greatest, subtract, sum, ZERO_FEN } from '../kernel/money.js';
import type { ClaimFacts } from './facts.js';
import { declaredCase, type Grouping, type GroupingCase, mergedCase } from './grouping.js';
import type { LocalTables, TableRow } from './local-table.js';
import type { NotApplicableReason } from './not-applicable.js';
import { type GroupStandard, groupStandard } from './tables/group-standard.js';
import type { Hit } from './template.js';

/** The row of a group for the claim's level and day; one for the level goes before one for all. */
export function standardRow(
  tables: LocalTables,
  group: string,
  { level, dischargedAt, settledOn }: ClaimFacts,
): TableRow<GroupStandard> | null {
  const day = (dischargedAt ?? settledOn).slice(0, 10);
  const rows = tables.get(groupStandard).at(group, day);
  const own = rows.find(({ row }) => row.level === level);
  return own ?? rows.find(({ row }) => row.level === null) ?? null;
}

/**
 * The group of a claim: as the agency says, else as our grouper says, which is asked only where some group's figures are known; null =
 * unknown.
 */
export function declaredGroup(claim: ClaimFacts, { grouping, tables }: Means): string | null {
  if (claim.agencyGroupCode !== null) return claim.agencyGroupCode;
  if (tables.get(groupStandard).isEmpty) return null;
  return grouping?.groupOf(declaredCase(claim)) ?? null;
}

export interface Priced {
  readonly group: string;
  readonly standard: Fen;
}

export type Pricing = Priced | { readonly unknown: NotApplicableReason };

interface Means {
  readonly grouping: Grouping | null;
  readonly tables: LocalTables;
}

/**
 * Group and standard of a claim as it was declared; the standard by the table, else as the claim says. Where the agency says a group that
 * our grouper does not arrive at, the two go by different schemes or facts, and nothing that follows from regrouping would hold.
 */
export function priceDeclared(claim: ClaimFacts, means: Means): Pricing {
  if (means.grouping === null) return { unknown: 'no-grouper' };
  const group = means.grouping.groupOf(declaredCase(claim));
  if (group === null) return { unknown: 'not-grouped' };
  const { agencyGroupCode, groupStandardFen } = claim;
  if (agencyGroupCode !== null && agencyGroupCode !== group)
    return { unknown: 'group-not-reproduced' };
  const standard = standardRow(means.tables, group, claim)?.row.standard ?? groupStandardFen;
  return standard === null ? { unknown: 'no-group-standard' } : { group, standard };
}

/** Group and standard of a case put together anew, at the level of a claim. */
export function priceCase(
  found: GroupingCase,
  claim: ClaimFacts,
  { grouping, tables }: Means,
): Pricing {
  if (grouping === null) return { unknown: 'no-grouper' };
  const group = grouping.groupOf(found);
  if (group === null) return { unknown: 'not-grouped' };
  const standard = standardRow(tables, group, claim)?.row.standard;
  return standard === undefined ? { unknown: 'no-group-standard' } : { group, standard };
}

/**
 * What two stays cost more than one (MERGED_STAY), at stake with the later one: the standards of both less that of the stays as one case. The
 * order of the codes of a stay that never was is unknown: the dearer of the two ways counts, in favour of the institution. Where a group or
 * standard is unknown, or one stay would not have cost less, people decide.
 */
export function mergedPart(
  earlier: ClaimFacts,
  later: ClaimFacts,
  means: Means,
): Pick<Hit, 'violatingClaims' | 'awaitsPanel'> {
  const amountFen = mergedExcess(earlier, later, means);
  if (amountFen === null)
    return { violatingClaims: [{ claim: later, days: 1, ofDays: 1 }], awaitsPanel: true };
  return { violatingClaims: [{ claim: later, days: 1, ofDays: 1, amountFen }] };
}

function mergedExcess(first: ClaimFacts, second: ClaimFacts, means: Means): Fen | null {
  if (means.tables.get(groupStandard).isEmpty) return null;
  const apart = standardsOf([first, second].map((claim) => priceDeclared(claim, means)));
  const together = standardsOf([
    priceCase(mergedCase(first, second), second, means),
    priceCase(mergedCase(second, first), second, means),
  ]);
  if (apart === null || together === null) return null;
  const dearest = together.reduce((most, each) => greatest(most, each), ZERO_FEN);
  const excess = subtract(sum(apart), dearest);
  return excess > 0n ? excess : null;
}

function standardsOf(pricings: readonly Pricing[]): Fen[] | null {
  const standards = pricings.flatMap((each) => ('unknown' in each ? [] : [each.standard]));
  return standards.length === pricings.length ? standards : null;
}

/** Groups of which the table says the figure. */
export function groupsWith(
  tables: LocalTables,
  figure: 'standard' | 'mean' | 'meanDays',
): readonly string[] {
  const rows = tables.get(groupStandard).rows.map(({ row }) => row);
  return [...new Set(rows.flatMap((row) => (row[figure] === null ? [] : [row.group])))];
}

/**
 * Groups of which the table knows a figure, and for each the bound worked out from it that the most stays are within, as the books are asked
 * with: whole numbers as text.
 */
export function boundsOf(
  tables: LocalTables,
  bound: (row: GroupStandard) => Decimal | null,
  within: 'above' | 'below',
): { readonly groups: readonly string[]; readonly bounds: readonly string[] } {
  const bounds = new Map<string, Decimal>();
  for (const { row } of tables.get(groupStandard).rows) {
    const [known, own] = [bounds.get(row.group), bound(row)];
    if (own === null) continue;
    const wider = within === 'above' ? Decimal.min : Decimal.max;
    bounds.set(row.group, known === undefined ? own : wider(known, own));
  }
  const rounded = (each: Decimal) => (within === 'above' ? each.floor() : each.ceil()).toFixed();
  return { groups: [...bounds.keys()], bounds: [...bounds.values()].map(rounded) };
}

import { z } from 'zod';
import { type Fen, fen, least, toYuan } from '../../kernel/money.js';
import type { ClaimFacts } from '../facts.js';
import type { LocalTables, TableRow } from '../local-table.js';
import { MICRO_YUAN } from '../scaled.js';
import { type VisitCap, visitCap } from '../tables/fund-cap.js';
import { defineTemplate, type Hit } from '../template.js';
import { claimsByPayment } from '../windows/claim-order.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/**
 * T3 in money, by claim: the pooled fund paid more than the cap of a visit, or of a calendar year (超单次、年度限额). Of a year the claims
 * paid last are beyond it. Where several rows fit, the lowest cap holds.
 */
export const fundCap = defineTemplate<Params>({
  name: 'fund-cap',
  params,
  trigger: 'claims',
  needs: () => ({ tables: [visitCap] }),
  codes: () => [],
  suspects: (_params, tables) => ({ query: 'fundOverCap', values: capsOf(tables) }),

  evaluate({ claims }, _lines, { tables }) {
    const rows = new Map<TableRow<VisitCap>, ClaimFacts[]>();
    const hits: Hit[] = [];
    for (const claim of claimsByPayment(claims)) {
      const visit = lowest(rowsFor(claim, 'visit', tables));
      if (visit !== null) hits.push(...ofVisit(claim, visit));
      const year = lowest(rowsFor(claim, 'year', tables));
      if (year !== null) rows.set(year, [...(rows.get(year) ?? []), claim]);
    }
    return [...hits, ...[...rows].flatMap(([row, ofRow]) => ofYears(ofRow, row))];
  },
});

function capsOf(tables: LocalTables) {
  const { rows } = tables.get(visitCap);
  return {
    careTypes: rows.map(({ row }) => row.careType),
    scopes: rows.map(({ row }) => row.scope),
    caps: rows.map(({ row }) => String(fenOf(row))),
  };
}

function rowsFor(claim: ClaimFacts, scope: VisitCap['scope'], tables: LocalTables) {
  return tables
    .get(visitCap)
    .at(claim.careType, claim.settledOn)
    .filter(
      ({ row: { pool, level, scope: own } }) =>
        own === scope &&
        (pool === null || pool === claim.pool) &&
        (level === null || level === claim.level),
    );
}

function lowest(rows: readonly TableRow<VisitCap>[]): TableRow<VisitCap> | null {
  return rows.toSorted((a, b) => a.row.cap - b.row.cap)[0] ?? null;
}

export function fenOf({ cap }: { readonly cap: number }): Fen {
  return fen(BigInt(cap) / BigInt(MICRO_YUAN / 100));
}

/** What the pooled fund paid. */
export function pooledOf({ fundsFen }: ClaimFacts): Fen {
  return fundsFen[0] ?? fen(0n);
}

function ofVisit(claim: ClaimFacts, row: TableRow<VisitCap>): Hit[] {
  const excess = fen(pooledOf(claim) - fenOf(row.row));
  return excess <= 0n
    ? []
    : [hitOf(claim, { row, window: '单次', total: pooledOf(claim), excess, earlier: [] })];
}

function ofYears(claims: readonly ClaimFacts[], row: TableRow<VisitCap>): Hit[] {
  const years = new Map<string, ClaimFacts[]>();
  const hits: Hit[] = [];
  for (const claim of claims) {
    const year = claim.settledOn.slice(0, 4);
    const earlier = years.get(year) ?? [];
    const total = [...earlier, claim].reduce((sum, each) => fen(sum + pooledOf(each)), fen(0n));
    const excess = least(fen(total - fenOf(row.row)), pooledOf(claim));
    if (excess > 0n) hits.push(hitOf(claim, { row, window: `${year} 年`, total, excess, earlier }));
    years.set(year, [...earlier, claim]);
  }
  return hits;
}

function hitOf(
  claim: ClaimFacts,
  found: {
    readonly row: TableRow<VisitCap>;
    readonly window: string;
    readonly total: Fen;
    readonly excess: Fen;
    readonly earlier: readonly ClaimFacts[];
  },
): Hit {
  return {
    certainty: 'core',
    windowKey: `${found.window} ${claim.careType}`,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: 1, ofDays: 1, amountFen: found.excess }],
    involvedClaims: found.earlier,
    facts: {
      window: found.window,
      total: toYuan(found.total),
      cap: toYuan(fenOf(found.row.row)),
      excess: toYuan(found.excess),
    },
    point: null,
    tableRow: { table: visitCap.name, cells: found.row.cells },
  };
}

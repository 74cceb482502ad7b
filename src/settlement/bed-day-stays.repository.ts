import type pg from 'pg';
import type { Pool } from '../claims/claim.js';
import { add, fen, ZERO_FEN } from '../kernel/money.js';
import type { PolicyAt } from '../policy/policy.js';
import type { BookedStays } from './book-methods.js';
import { CASE_NO } from './dip-cases.repository.js';
import { SettlementInputError } from './errors.js';
import { type ClaimQuestion, OF_PERIODS, SCOPED_CLAIMS, scopeValues } from './scoped-claims.js';

interface Row {
  readonly pool: Pool;
  readonly settled_by: string;
  readonly code: string | null;
  readonly nights: number | null;
  readonly stays: string;
  readonly cost: string;
}

const CLASSES = 'bed_day.classes';
/** The class of a stay where the region tells none apart. */
const GENERAL = 'general';

/**
 * The bed-day stays of the periods, each net of its refunds. Regions without such claims are not asked.
 *
 * @throws SettlementInputError for a stay without day of admission or discharge
 */
export async function readBedDayStays(
  client: pg.ClientBase,
  question: ClaimQuestion,
  policy: PolicyAt,
): Promise<readonly BookedStays[]> {
  if (!question.scope.rows.some(({ bucket }) => bucket === 'bed-day')) return [];
  const { rows } = await client.query<Row>(STAYS, scopeValues(question));
  return merged(rows.map((row) => toStays(row, policy)));
}

const STAYS = `
  SELECT k.pool, k.settled_by, d.code, k.nights, count(*) AS stays, sum(k.cost)::text AS cost
  FROM (
    SELECT c.institution, ${CASE_NO} AS case_no, c.pool, min(c.settled_by) AS settled_by,
      max(left(c.discharged_at, 10))::date - min(left(c.admitted_at, 10))::date AS nights,
      sum(c.total_fee_fen) AS cost
    FROM ${SCOPED_CLAIMS}
    WHERE ${OF_PERIODS} AND s.bucket = 'bed-day'
    GROUP BY c.institution, ${CASE_NO}, c.pool
    HAVING sum(c.total_fee_fen) > 0
  ) k
  LEFT JOIN LATERAL (
    SELECT code FROM claim_diagnosis
    WHERE consortium = $1 AND institution = k.institution AND claim_no = k.case_no AND is_principal
    ORDER BY settled_on DESC, sequence LIMIT 1
  ) d ON true
  GROUP BY k.pool, k.settled_by, d.code, k.nights
  ORDER BY k.pool, k.settled_by COLLATE "C", d.code COLLATE "C", k.nights`;

function toStays(
  { pool, settled_by: institution, code, nights, stays, cost }: Row,
  policy: PolicyAt,
): BookedStays {
  if (nights === null)
    throw new SettlementInputError(
      `机构 ${institution} 有 ${stays} 条床日结算没有入院或出院日期，不能计算床日`,
      { institution },
    );
  return {
    ...{ pool, institution, nights },
    class: classOf(policy, code ?? ''),
    stays: Number(stays),
    cost: fen(BigInt(cost)),
  };
}

/** The class of the longest prefix of the diagnosis that the region's table has; `none` in it stands for any other. */
function classOf(policy: PolicyAt, code: string): string {
  if (policy.gapOf(CLASSES) !== null) return GENERAL;
  const rows = policy.table(CLASSES).map((row) => ({
    prefix: row['diagnosis'] === 'none' ? '' : (row['diagnosis'] ?? ''),
    class: row['class'] ?? GENERAL,
  }));
  const fitting = rows.filter(({ prefix }) => code.startsWith(prefix));
  return fitting.sort((a, b) => b.prefix.length - a.prefix.length)[0]?.class ?? GENERAL;
}

/** Stays of one class and length stand once, whatever their diagnoses. */
function merged(all: readonly BookedStays[]): readonly BookedStays[] {
  const byKey = new Map<string, BookedStays>();
  for (const each of all) {
    const key = [each.pool, each.institution, each.class, each.nights].join(' ');
    const { stays = 0, cost = ZERO_FEN } = byKey.get(key) ?? {};
    byKey.set(key, { ...each, stays: stays + each.stays, cost: add(cost, each.cost) });
  }
  return [...byKey.values()];
}

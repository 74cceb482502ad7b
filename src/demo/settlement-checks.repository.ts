import type pg from 'pg';

/** Something that holds in every region's settlement, and how often it does not. */
export interface SettlementCheck {
  readonly label: string;
  /** Cases looked at. */
  readonly looked: number;
  readonly broken: number;
}

/** Looks at the current runs by plain SQL: nothing of the settlement's own arithmetic is called. */
export async function checkSettlement(
  pool: pg.Pool,
  consortium: string,
): Promise<readonly SettlementCheck[]> {
  const checks: SettlementCheck[] = [];
  for (const [label, statement] of CHECKS) {
    const { rows } = await pool.query<Omit<SettlementCheck, 'label'>>(statement, [consortium]);
    checks.push({ label, looked: rows[0]?.looked ?? 0, broken: rows[0]?.broken ?? 0 });
  }
  return checks;
}

const COUNTED = 'count(*)::integer AS looked, (count(*) FILTER (WHERE broken))::integer AS broken';

const VOUCHERS = `
  SELECT ${COUNTED} FROM (
    SELECT sum(p.amount_fen) <> 0 AS broken
      FROM posting p JOIN settlement_run r USING (run_id)
     WHERE r.consortium = $1 GROUP BY p.run_id, p.voucher, p.fund) voucher`;

/** What came to the lead went on to members and reserves, or is owed: nothing rests with the lead. */
const LEAD = `
  SELECT ${COUNTED} FROM (
    SELECT sum(p.amount_fen) FILTER (WHERE p.account = 'lead' OR p.account LIKE 'receivable:%') <> 0 AS broken
      FROM posting p JOIN settlement_run r USING (run_id)
     WHERE r.consortium = $1 AND r.current GROUP BY p.run_id, p.pool) run`;

const MEMBERS = `
  SELECT ${COUNTED} FROM (
    SELECT f.amount_fen <> (
             SELECT coalesce(sum(m.amount_fen), 0) FROM figure m
              WHERE m.run_id = f.run_id AND m.pool = f.pool AND m.key LIKE 'member.%' AND split_part(m.key, '.', 3) = f.key
           ) AS broken
      FROM figure f JOIN settlement_run r USING (run_id)
     WHERE r.consortium = $1 AND r.current AND f.key IN ('final', 'settlement', 'prepayment', 'released')) figures`;

const DEDUCTIONS = `
  SELECT ${COUNTED} FROM (
    SELECT count(t.run_id) <> 1 OR sum(t.amount_fen) <> d.amount_fen AS broken
      FROM deduction d
      LEFT JOIN (SELECT t.* FROM deduction_taken t JOIN settlement_run r USING (run_id)
                  WHERE r.consortium = $1 AND r.current) t USING (deduction_id)
     WHERE d.consortium = $1 GROUP BY d.deduction_id, d.amount_fen) deductions`;

const CHECKS: readonly (readonly [label: string, statement: string])[] = [
  ['每张凭证借贷相抵为零', VOUCHERS],
  ['牵头医疗机构收支相抵（转给成员、留存或应收）', LEAD],
  ['各成员单位之和等于集团', MEMBERS],
  ['每笔确认的审核扣款只扣一次', DEDUCTIONS],
];

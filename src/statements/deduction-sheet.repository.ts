import type pg from 'pg';
import type { Pool, Sex } from '../claims/claim.js';
import { type Fen, fen } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { SheetEntry, SheetRowKind, StageOpinion } from './deduction-sheet.js';

export interface SheetQuestion {
  readonly consortium: string;
  readonly month: Month;
  /** IANA name of where the consortium counts its days. */
  readonly timezone: string;
  /** Who settles; null: everybody. */
  readonly settledBy: string | null;
  /** Where the care took place; null: anywhere. */
  readonly institution: string | null;
}

type Stage = 'appeal' | 'feedback' | 'final' | 'first' | 'second';

interface Row {
  readonly id: string;
  readonly institution: string;
  readonly settledBy: string;
  readonly pool: Pool;
  readonly personId: string | null;
  readonly sex: Sex | null;
  readonly settledOn: string | null;
  readonly claimNo: string | null;
  readonly items: string[] | null;
  readonly ruleId: string;
  readonly ruleTitle: string;
  readonly content: string | null;
  readonly speaksOf: string[] | null;
  readonly suspected: string;
  readonly deducted: string;
  readonly kind: SheetRowKind;
  /** The month a deduction is booked in, or the finding's. */
  readonly takenIn: Month;
  readonly decidedBy: string;
  readonly reason: string;
  readonly decidedAt: string;
  readonly findingMonth: Month | null;
  readonly stages: Readonly<Partial<Record<Stage, StageOpinion>>> | null;
  readonly proposed: string | null;
  readonly appealed: string | null;
}

/** The first violating claim of a finding at an institution, its items there, and whom the finding speaks of. */
const ABOUT = (finding: string, institution: string): string => `
  LEFT JOIN LATERAL (
    SELECT p.claim_no, p.settled_on, c.person_id, c.sex FROM finding_claim p
    LEFT JOIN claim c ON c.consortium = p.consortium AND c.settled_on = p.settled_on
      AND c.institution = p.institution AND c.claim_no = p.claim_no
    WHERE p.consortium = ${finding}.consortium AND p.month = ${finding}.month AND p.finding_id = ${finding}.finding_id
      AND p.institution = ${institution} AND p.role = 'violating'
    ORDER BY p.settled_on, p.claim_no COLLATE "C" LIMIT 1) about ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT l ->> 'itemName') AS items FROM jsonb_array_elements(${finding}.content -> 'lines') l
    WHERE l ->> 'role' = 'violating' AND l ->> 'performedAt' = ${institution}) item ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT p ->> 'settledBy') AS units FROM jsonb_array_elements(${finding}.content -> 'claims') p) spoken ON true`;

/** What each stage of the review said last, by the states it led from and to, and the amounts of the lines at an institution. */
const REVIEW = (finding: string, institution: string): string => `
  LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(stage, jsonb_build_object('opinion', opinion, 'by', actor)) AS stages FROM (
      SELECT DISTINCT ON (stage) stage, opinion, actor FROM (
        SELECT step_id, opinion, actor, CASE
          WHEN role = 'reviewer' AND from_state = 'DETECTED' THEN 'first'
          WHEN role = 'member' AND to_state = 'APPEALED' THEN 'appeal'
          WHEN role = 'reviewer' AND from_state IN ('APPEALED', 'NOT_APPEALED') THEN 'second'
          WHEN to_state = 'FINAL' THEN 'final'
          WHEN role = 'member' AND from_state = 'SECOND_FEEDBACK' THEN 'feedback' END AS stage
        FROM review_step WHERE consortium = ${finding}.consortium AND finding_id = ${finding}.finding_id) step
      WHERE stage IS NOT NULL ORDER BY stage, step_id DESC) last) review ON true
  LEFT JOIN LATERAL (
    SELECT sum(proposed_fen) AS proposed, sum(appealed_fen) AS appealed, sum(flagged_fen) AS flagged FROM review_line
    WHERE consortium = ${finding}.consortium AND finding_id = ${finding}.finding_id AND institution = ${institution}) line ON true`;

/** Of every row. */
const COLUMNS = `about.person_id AS "personId", about.sex, to_char(about.settled_on, 'YYYY-MM-DD') AS "settledOn",
  about.claim_no AS "claimNo", item.items, spoken.units AS "speaksOf", f.message AS content, f.month AS "findingMonth",
  review.stages, line.proposed, line.appealed`;

/** @param taken  what is taken, negative where it is given back; `row`: what its id ends in; `which`: the rows of the month */
const deductions = (taken: string, { row, kind, which }: DeductionRows): string => `
  SELECT d.deduction_id || '${row}' AS id, '${kind}' AS kind, d.institution, d.settled_by AS "settledBy", d.pool,
    d.rule_id AS "ruleId", d.rule_title AS "ruleTitle", coalesce(s.amount_fen, d.amount_fen) AS suspected, ${taken} AS deducted,
    d.confirmed_by AS "decidedBy", d.reason, to_char(d.confirmed_at AT TIME ZONE $3, 'YYYY-MM-DD HH24:MI') AS "decidedAt",
    d.month AS "takenIn", ${COLUMNS}
  FROM deduction d
  LEFT JOIN LATERAL (SELECT * FROM finding x WHERE x.consortium = d.consortium AND x.finding_id = d.finding_id
    ORDER BY x.month DESC LIMIT 1) f ON true
  LEFT JOIN finding_share s ON s.consortium = f.consortium AND s.month = f.month AND s.finding_id = f.finding_id
    AND s.institution = d.institution AND s.settled_by = d.settled_by AND s.pool = d.pool
  ${ABOUT('f', 'd.institution')} ${REVIEW('d', 'd.institution')}
  WHERE d.consortium = $1 AND ${which} AND ($4::text IS NULL OR d.settled_by = $4) AND ($5::text IS NULL OR d.institution = $5)`;

interface DeductionRows {
  readonly row: string;
  readonly kind: SheetRowKind;
  readonly which: string;
}

const TAKEN = deductions('d.amount_fen', { row: '', kind: 'deduction', which: 'd.month = $2' });

/** The month in which a violating claim was taken back: settlement gives the deduction back then, and not before it was taken. */
const GIVEN_BACK = deductions('-d.amount_fen', {
  row: '-r',
  kind: 'reversal',
  which: `NOT EXISTS (SELECT FROM deduction_reversal v WHERE v.consortium = d.consortium AND v.deduction_id = d.deduction_id)
    AND $2 = (SELECT CASE WHEN min(r.period) IS NOT NULL THEN greatest(min(r.period), d.month) END FROM finding_claim p
    JOIN claim r ON r.consortium = p.consortium AND r.institution = p.institution AND r.settled_on = p.settled_on
      AND r.reverses = p.claim_no
    WHERE p.consortium = d.consortium AND p.month = d.month AND p.finding_id = d.finding_id AND p.role = 'violating')`,
});

/** What review took back after it was confirmed; settlement gives it back in that month. */
const REVERSED = deductions('-d.amount_fen', {
  row: '-v',
  kind: 'reversal',
  which: `EXISTS (SELECT FROM deduction_reversal v WHERE v.consortium = d.consortium AND v.deduction_id = d.deduction_id AND v.month = $2)`,
});

/** What was decided against takes nothing; what it was about stays on the sheet of the finding's month. */
const DISMISSED = `
  SELECT f.finding_id AS id, 'dismissed' AS kind, f.institution, own.settled_by AS "settledBy", own.pool, f.rule_id AS "ruleId",
    f.content ->> 'title' AS "ruleTitle", coalesce(line.flagged, f.amount_fen) AS suspected, 0 AS deducted,
    r.decided_by AS "decidedBy", r.reason, to_char(r.decided_at AT TIME ZONE $3, 'YYYY-MM-DD HH24:MI') AS "decidedAt",
    f.month AS "takenIn", ${COLUMNS}
  FROM finding f
  JOIN review_decision r ON r.consortium = f.consortium AND r.finding_id = f.finding_id AND r.outcome = 'dismissed'
  ${ABOUT('f', 'f.institution')} ${REVIEW('f', 'f.institution')}
  JOIN claim own ON own.consortium = f.consortium AND own.settled_on = about.settled_on AND own.institution = f.institution
    AND own.claim_no = about.claim_no
  WHERE f.consortium = $1 AND f.month = $2 AND f.class IN ('HARD', 'SUSP')
    AND ($4::text IS NULL OR own.settled_by = $4) AND ($5::text IS NULL OR f.institution = $5)`;

/** Rows of a month: what is taken and given back in it, and what of its findings was decided against. */
export async function readSheetEntries(
  pool: pg.Pool,
  { consortium, month, timezone, settledBy, institution }: SheetQuestion,
): Promise<readonly SheetEntry[]> {
  const { rows } = await pool.query<Row>(
    [TAKEN, GIVEN_BACK, REVERSED, DISMISSED].join(' UNION ALL '),
    [...[consortium, month, timezone, settledBy, institution]],
  );
  return rows.map(entryOf);
}

function entryOf(row: Row): SheetEntry {
  const { id, kind, institution, settledBy, pool, ruleId, ruleTitle } = row;
  const { personId, sex, settledOn, claimNo, decidedAt } = row;
  const deducted = fen(BigInt(row.deducted));
  const stages = row.stages ?? {};
  return {
    ...{ id, kind, institution, settledBy, pool, ruleId, ruleTitle },
    ...{ personId, sex, settledOn, claimNo, decidedAt },
    items: row.items ?? [],
    content: row.content ?? '',
    speaksOf: row.speaksOf ?? [settledBy],
    suspected: fen(BigInt(row.suspected)),
    proposed: amountOf(row.proposed),
    appealed: amountOf(row.appealed),
    confirmed: kind === 'deduction' ? deducted : null,
    first: stages.first ?? null,
    appeal: stages.appeal ?? null,
    second: stages.second ?? null,
    final: stages.final ?? { opinion: row.reason, by: row.decidedBy },
    deducted,
    secondFeedback: stages.feedback?.opinion ?? '',
    remark: remarkOf(row),
  };
}

function amountOf(text: string | null): Fen | null {
  return text === null ? null : fen(BigInt(text));
}

function remarkOf({ id, kind, takenIn, findingMonth }: Row): string {
  if (kind === 'reversal')
    return `${id.endsWith('-v') ? '审定撤销' : '结算已冲销'}，退回 ${takenIn} 的扣款`;
  return findingMonth !== null && findingMonth !== takenIn ? `${findingMonth} 的疑点` : '';
}

/** Findings of the month that carry money and nobody has decided on. */
export async function countOpen(
  pool: pg.Pool,
  { consortium, month, settledBy, institution }: SheetQuestion,
): Promise<number> {
  const { rows } = await pool.query<{ open: string }>(
    `SELECT count(DISTINCT f.finding_id) AS open FROM finding f
     JOIN finding_share s USING (consortium, month, finding_id)
     LEFT JOIN review_decision r USING (consortium, finding_id)
     WHERE f.consortium = $1 AND f.month = $2 AND f.mode = 'active' AND f.role = 'primary' AND f.money IN ('exact', 'panel')
       AND r.outcome IS NULL AND ($3::text IS NULL OR s.settled_by = $3) AND ($4::text IS NULL OR s.institution = $4)`,
    [consortium, month, settledBy, institution],
  );
  return Number(rows[0]?.open ?? 0);
}

import type pg from 'pg';
import type { Pool, Sex } from '../../claims/claim.js';
import { type Fen, fen, yuan, ZERO_FEN } from '../../kernel/money.js';
import type { Month } from '../../kernel/period.js';
import type { RuleClass } from '../rule.js';
import type {
  ExportedClaim,
  ExportedFinding,
  ExportedLine,
  ExportedReview,
  ExportedStage,
} from './exported-finding.js';

export interface ExportQuestion {
  readonly consortium: string;
  readonly month: Month;
  /** Where a violating claim took place; null: anywhere. */
  readonly institution: string | null;
  /** IANA name of where the consortium counts its days. */
  readonly timezone: string;
  /** Institution → name. */
  readonly names: ReadonlyMap<string, string>;
  /** A rule's citation (`regulation-735 §38(3)`) as people read it. */
  cited(citation: string): string;
}

interface StoredLine {
  readonly performedAt: string;
  readonly claimNo: string;
  readonly lineNo: string;
  readonly role: string;
  readonly chargedOn: string;
  readonly itemCode: string | null;
  readonly itemName: string;
  readonly quantity: string;
  readonly amount: string;
}

interface StoredClaim {
  readonly institution: string;
  readonly settledBy: string;
  readonly claimNo: string;
  readonly violating: boolean;
  readonly sex: Sex | null;
  readonly pool: Pool | null;
  readonly admittedAt: string | null;
  readonly dischargedAt: string | null;
  readonly settledAt: string;
  readonly principalDiagnosis: string | null;
}

interface Row {
  readonly findingId: string;
  readonly task: string;
  readonly foundAt: string;
  readonly ruleId: string;
  readonly ruleTitle: string;
  readonly official: string | null;
  readonly class: RuleClass;
  readonly certainty: 'core' | 'watch';
  readonly money: string;
  readonly amount: string;
  readonly message: string;
  readonly evidence: { readonly name?: string; readonly text?: string } | null;
  readonly basis: readonly string[];
  readonly personId: string;
  readonly lines: readonly StoredLine[];
  readonly claims: readonly StoredClaim[] | null;
  readonly outcome: 'confirmed' | 'dismissed' | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly decidedAt: string | null;
  readonly deducted: string | null;
  readonly compensated: string | null;
  readonly stages: Readonly<Partial<Record<Stage, StoredStage>>> | null;
}

type Stage = 'first' | 'appeal' | 'second' | 'panel';

interface StoredStage {
  readonly by: string;
  readonly at: string;
  readonly opinion: string;
  readonly fen: number | null;
}

const MOMENT = 'YYYY-MM-DD HH24:MI:SS';

/** Findings that stand (trial ones stay inside) and those people decided against; bad data that goes back is no violation. */
const FINDINGS = `
  SELECT f.finding_id AS "findingId", 'audit-run-' || f.run_id AS task,
    to_char(r.finished_at AT TIME ZONE $4, '${MOMENT}') AS "foundAt", f.rule_id AS "ruleId", f.content ->> 'title' AS "ruleTitle",
    f.content ->> 'official' AS official, f.class, f.certainty, f.money, f.amount_fen AS amount, f.message,
    f.content -> 'evidence' AS evidence, f.content -> 'basis' AS basis, f.person_id AS "personId", f.content -> 'lines' AS lines,
    c.claims, d.outcome, d.decided_by AS "decidedBy", d.reason, to_char(d.decided_at AT TIME ZONE $4, '${MOMENT}') AS "decidedAt",
    t.deducted, v.compensated, s.stages
  FROM finding f
  JOIN audit_run r USING (run_id)
  LEFT JOIN review_decision d ON d.consortium = f.consortium AND d.finding_id = f.finding_id
  LEFT JOIN LATERAL (SELECT sum(x.amount_fen) AS deducted FROM deduction x
    WHERE x.consortium = f.consortium AND x.finding_id = f.finding_id) t ON true
  LEFT JOIN LATERAL (SELECT sum(x.amount_fen) AS compensated FROM deduction_reversal x JOIN deduction y USING (consortium, deduction_id)
    WHERE x.consortium = f.consortium AND y.finding_id = f.finding_id) v ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(stage, jsonb_build_object('by', actor, 'at', at, 'opinion', opinion, 'fen', amount_fen)) AS stages FROM (
      SELECT DISTINCT ON (stage) stage, actor, to_char(x.at AT TIME ZONE $4, '${MOMENT}') AS at, opinion, amount_fen
      FROM (SELECT *, CASE WHEN action = 'first-review' THEN 'first' WHEN action = 'appeal' THEN 'appeal'
          WHEN action = 'second-review' THEN 'second' WHEN action = 'final' THEN 'panel' END AS stage FROM review_step) x
      WHERE x.consortium = f.consortium AND x.finding_id = f.finding_id AND stage IS NOT NULL
      ORDER BY stage, step_id DESC) last) s ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('institution', p.institution, 'settledBy', coalesce(c.settled_by, p.institution), 'claimNo', p.claim_no, 'violating', p.role = 'violating',
        'sex', c.sex, 'pool', c.pool, 'admittedAt', c.admitted_at, 'dischargedAt', c.discharged_at,
        'settledAt', coalesce(to_char(c.settled_at, '${MOMENT}'), to_char(p.settled_on, 'YYYY-MM-DD')),
        'principalDiagnosis', g.code)
      ORDER BY p.role DESC, p.settled_on, p.institution COLLATE "C", p.claim_no COLLATE "C") AS claims
    FROM finding_claim p
    LEFT JOIN claim c ON c.consortium = p.consortium AND c.settled_on = p.settled_on AND c.institution = p.institution
      AND c.claim_no = p.claim_no
    LEFT JOIN LATERAL (SELECT code FROM claim_diagnosis n WHERE n.consortium = p.consortium AND n.settled_on = p.settled_on
      AND n.institution = p.institution AND n.claim_no = p.claim_no AND n.is_principal ORDER BY n.sequence LIMIT 1) g ON true
    WHERE p.consortium = f.consortium AND p.month = f.month AND p.finding_id = f.finding_id) c ON true
  WHERE f.consortium = $1 AND f.month = $2 AND f.mode <> 'shadow' AND f.class <> 'RETURN'
    AND ($3::text IS NULL OR f.institution = $3 OR EXISTS (SELECT FROM finding_claim o WHERE o.consortium = f.consortium
      AND o.month = f.month AND o.finding_id = f.finding_id AND o.institution = $3 AND o.role = 'violating'))
  ORDER BY f.rule_id, f.institution, f.claim_no, f.finding_id COLLATE "C"`;

/** A month's findings as the agency's objects want them. */
export async function readExportedFindings(
  pool: pg.Pool,
  { consortium, month, institution, timezone, ...words }: ExportQuestion,
): Promise<readonly ExportedFinding[]> {
  const { rows } = await pool.query<Row>(FINDINGS, [consortium, month, institution, timezone]);
  return rows.map((row) => findingOf(row, words));
}

function findingOf(row: Row, words: Pick<ExportQuestion, 'cited' | 'names'>): ExportedFinding {
  const { findingId, task, foundAt, ruleId, ruleTitle, official, certainty, message } = row;
  const amount = fen(BigInt(row.amount));
  return {
    ...{ findingId, task, foundAt, ruleId, ruleTitle, official, certainty, message },
    class: row.class,
    computed: row.money !== 'panel',
    amount,
    evidence: evidenceText(row, words),
    personId: row.personId,
    claims: (row.claims ?? []).map((claim) => claimOf(claim, words.names)),
    lines: row.lines.map(lineOf),
    review: reviewOf(row, amount),
  };
}

/** The knowledge point's own words, then where the rule stands. */
function evidenceText({ evidence, basis }: Row, { cited }: Pick<ExportQuestion, 'cited'>): string {
  const point = [evidence?.name, evidence?.text].filter(
    (part) => part !== undefined && part !== '',
  );
  const law = `依据：${basis.map(cited).join('；')}`;
  return point.length === 0 ? law : `${law}；知识点：${point.join('，')}`;
}

function claimOf(claim: StoredClaim, names: ReadonlyMap<string, string>): ExportedClaim {
  return {
    ...claim,
    institutionName: names.get(claim.institution) ?? claim.institution,
    sex: claim.sex === null ? 'unknown' : claim.sex,
    pool: claim.pool ?? 'resident',
    admittedAt: moment(claim.admittedAt),
    dischargedAt: moment(claim.dischargedAt),
  };
}

/** The books write `2024-03-01T08:00:00`, or a bare date. */
function moment(text: string | null): string | null {
  return text === null ? null : text.replace('T', ' ');
}

function lineOf(line: StoredLine): ExportedLine {
  const { performedAt, claimNo, lineNo, role, chargedOn, itemCode, itemName, quantity } = line;
  return {
    ...{ institution: performedAt, claimNo, lineNo, violating: role === 'violating' },
    ...{ chargedOn, itemCode, itemName, quantity, amount: yuan(line.amount) },
  };
}

function reviewOf(row: Row, amount: Fen): ExportedReview | null {
  const { outcome, decidedBy, decidedAt, reason } = row;
  if (outcome === null || decidedBy === null || decidedAt === null) return null;
  const upheld = outcome === 'confirmed';
  const deducted = row.deducted === null ? ZERO_FEN : fen(BigInt(row.deducted));
  const decision = { by: decidedBy, at: decidedAt, opinion: reason ?? '', amount };
  return {
    upheld,
    first: stageOf(row, 'first') ?? decision,
    appeal: stageOf(row, 'appeal'),
    second: stageOf(row, 'second'),
    panel: stageOf(row, 'panel'),
    confirmed: upheld ? deducted : ZERO_FEN,
    deducted,
    deductedAt: row.deducted === null ? null : decidedAt,
    compensated: row.compensated === null ? ZERO_FEN : fen(BigInt(row.compensated)),
  };
}

function stageOf({ stages }: Row, stage: Stage): ExportedStage | null {
  const found = stages?.[stage];
  if (found === undefined) return null;
  const { fen: amount, ...said } = found;
  return { ...said, amount: amount === null ? null : fen(BigInt(amount)) };
}

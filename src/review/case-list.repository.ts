import type pg from 'pg';
import type { IsoDate } from '../kernel/dates.js';
import type { Month } from '../kernel/period.js';
import type { AttachmentRef } from './attachment.js';
import type { CaseAction, CaseRole, CaseState, Outcome } from './review-states.js';

/** A case on the worklist. Amounts in fen as text. */
export interface ListedCase {
  readonly findingId: string;
  readonly month: Month;
  readonly ruleId: string;
  readonly class: string;
  readonly money: string;
  readonly institution: string;
  readonly claimNo: string;
  readonly parties: readonly string[];
  readonly state: CaseState;
  readonly route: 'process' | 'short';
  readonly outcome: Outcome | null;
  readonly flaggedFen: string;
  readonly proposedFen: string | null;
  readonly appealedFen: string | null;
  readonly confirmedFen: string | null;
  /** What settlement has taken, and what was taken back after confirmation. */
  readonly deductedFen: string;
  readonly compensatedFen: string;
  readonly enteredOn: IsoDate;
  readonly dueOn: IsoDate | null;
  readonly escalated: boolean;
  readonly assignee: string | null;
}

/** `institution`: only what speaks of one of these (a member's own); null everywhere: no filter. */
export interface CaseFilter {
  readonly consortium: string;
  readonly months?: readonly Month[] | null;
  readonly states?: readonly CaseState[] | null;
  readonly class?: string | null;
  readonly institution?: readonly string[] | null;
  readonly findingId?: string | null;
  /** Cases whose term ended before this day. */
  readonly overdueOn?: IsoDate | null;
  readonly limit?: number;
  readonly offset?: number;
}

const LIST = `
  SELECT c.finding_id AS "findingId", c.month, c.rule_id AS "ruleId", c.class, c.money, c.institution, c.claim_no AS "claimNo",
    c.parties, c.state, c.route, c.outcome, c.flagged_fen AS "flaggedFen", c.proposed_fen AS "proposedFen",
    c.appealed_fen AS "appealedFen", c.confirmed_fen AS "confirmedFen", coalesce(d.taken, '0') AS "deductedFen",
    coalesce(d.back, '0') AS "compensatedFen", c.entered_on AS "enteredOn", c.due_on AS "dueOn", c.escalated, c.assignee
  FROM review_case c LEFT JOIN LATERAL (
    SELECT sum(d.posted_monthly_fen + d.posted_annual_fen)::text AS taken, sum(v.amount_fen)::text AS back
    FROM deduction d LEFT JOIN deduction_reversal v USING (consortium, deduction_id)
    WHERE d.consortium = c.consortium AND d.finding_id = c.finding_id) d ON true
  WHERE c.consortium = $1 AND ($2::text[] IS NULL OR c.month = ANY($2)) AND ($3::text[] IS NULL OR c.state = ANY($3))
    AND ($4::text IS NULL OR c.class = $4) AND ($5::text[] IS NULL OR c.institutions && $5 OR c.parties && $5)
    AND ($6::text IS NULL OR c.finding_id = $6) AND ($7::date IS NULL OR c.due_on < $7)
  ORDER BY c.month, c.rule_id, c.institution, c.claim_no, c.finding_id LIMIT $8 OFFSET $9`;

export async function listCases(pool: pg.Pool, filter: CaseFilter): Promise<readonly ListedCase[]> {
  const { rows } = await pool.query<ListedCase>(LIST, [
    ...[filter.consortium, filter.months ?? null, filter.states ?? null, filter.class ?? null],
    ...[filter.institution ?? null, filter.findingId ?? null, filter.overdueOn ?? null],
    ...[filter.limit ?? null, filter.offset ?? 0],
  ]);
  return rows;
}

/** A line with the amount of each stage, in fen as text; `lineNo` '' is the case beyond its lines. */
export interface CaseLine {
  readonly institution: string;
  readonly claimNo: string;
  readonly lineNo: string;
  readonly flaggedFen: string;
  readonly proposedFen: string | null;
  readonly appealedFen: string | null;
  readonly confirmedFen: string | null;
}

export interface StepRow {
  readonly action: CaseAction;
  readonly from: CaseState;
  readonly to: CaseState;
  readonly actor: string;
  readonly role: CaseRole;
  readonly institution: string | null;
  readonly outcome: Outcome | 'panel' | null;
  readonly reasonCode: string;
  readonly opinion: string;
  readonly amountFen: string | null;
  readonly attachments: readonly AttachmentRef[];
  readonly at: string;
}

export type CaseDetail = ListedCase & {
  readonly lines: readonly CaseLine[];
  readonly steps: readonly StepRow[];
};

export async function caseDetail(
  pool: pg.Pool,
  of: { readonly consortium: string; readonly findingId: string },
): Promise<CaseDetail | null> {
  const [listed] = await listCases(pool, of);
  if (listed === undefined) return null;
  const key = [of.consortium, of.findingId];
  const lines = await pool.query<CaseLine>(
    `SELECT institution, claim_no AS "claimNo", line_no AS "lineNo", flagged_fen AS "flaggedFen", proposed_fen AS "proposedFen",
       appealed_fen AS "appealedFen", confirmed_fen AS "confirmedFen"
     FROM review_line WHERE consortium = $1 AND finding_id = $2 ORDER BY institution, claim_no, line_no`,
    key,
  );
  const steps = await pool.query<StepRow>(
    `SELECT action, from_state AS "from", to_state AS "to", actor, role, institution, outcome, reason_code AS "reasonCode", opinion,
       amount_fen AS "amountFen", attachments, at
     FROM review_step WHERE consortium = $1 AND finding_id = $2 ORDER BY step_id`,
    key,
  );
  return { ...listed, lines: lines.rows, steps: steps.rows };
}

/** Keeps each content once. */
export async function storeAttachments(
  client: pg.ClientBase,
  files: readonly (AttachmentRef & { readonly content: Uint8Array })[],
): Promise<void> {
  for (const { digest, mediaType, content } of files)
    await client.query('INSERT INTO review_attachment VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      digest,
      mediaType,
      Buffer.from(content),
    ]);
}

export interface StoredAttachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** A file that a step of this case speaks of; null when none does. */
export async function readAttachment(
  pool: pg.Pool,
  of: { readonly consortium: string; readonly findingId: string; readonly digest: string },
): Promise<StoredAttachment | null> {
  const { rows } = await pool.query<StoredAttachment>(
    `SELECT a.value ->> 'name' AS name, f.media_type AS "mediaType", f.content
     FROM review_step s, jsonb_array_elements(s.attachments) a JOIN review_attachment f ON f.digest = a.value ->> 'digest'
     WHERE s.consortium = $1 AND s.finding_id = $2 AND f.digest = $3 ORDER BY s.step_id LIMIT 1`,
    [of.consortium, of.findingId, of.digest],
  );
  return rows[0] ?? null;
}

/** A claim that raised nothing. */
export interface SampledClaim {
  readonly institution: string;
  readonly claimNo: string;
  readonly settledOn: IsoDate;
}

/** Claims without findings (随机复核), the same ones for the same seed and books. */
export async function samplePassed(
  pool: pg.Pool,
  of: {
    readonly consortium: string;
    readonly months: readonly Month[];
    readonly seed: string;
    readonly size: number;
  },
): Promise<readonly SampledClaim[]> {
  const { rows } = await pool.query<SampledClaim>(
    `SELECT c.institution, c.claim_no AS "claimNo", c.settled_on AS "settledOn" FROM claim c
     WHERE c.consortium = $1 AND c.period = ANY($2) AND c.reverses IS NULL AND c.refund_of IS NULL AND NOT EXISTS (
       SELECT FROM finding_claim f WHERE f.consortium = c.consortium AND f.institution = c.institution AND f.claim_no = c.claim_no
         AND f.role = 'violating')
     ORDER BY sha256(convert_to($3 || chr(31) || c.institution || chr(31) || c.claim_no, 'UTF8')), c.institution, c.claim_no LIMIT $4`,
    [of.consortium, of.months, of.seed, of.size],
  );
  return rows;
}

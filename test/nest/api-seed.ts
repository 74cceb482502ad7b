import type pg from 'pg';
import { sha256 } from '../../src/kernel/hash.js';
import { CONSORTIUM } from './api-client.js';

/** Two members of the demo county, and in every table a row of each, with a mark that shows wherever the row does. */
export const OWN = 'H46029900107';
export const OTHER = 'H46029900002';

/** What must never reach somebody who sees only the other institution. */
export const marksOf = (institution: string): readonly string[] => [
  institution,
  `mark-${institution}`,
];

/** Number of the institution's inpatient settlement. */
export const stayOf = (institution: string): string => `mark-${institution}-stay`;

export interface Ids {
  readonly batch: string;
  readonly quarantine: string;
  readonly figure: string;
  readonly finding: string;
  readonly claim: string;
  readonly crosswalk: string;
}

const CLAIM_COLUMNS = `consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id, raw_row,
  person_id, sex, pool, care_type, treatment_area, channel, cause, settled_at, total_fee_fen, eligible_fen, deductible_fen,
  pooled_fund_paid_fen, critical_illness_paid_fen, large_expense_paid_fen, medical_aid_paid_fen, fund_paid_fen, account_paid_fen,
  cash_paid_fen`;

/** A finding of `both` involves a claim of the other institution too: its message tells of both. */
export async function seedInstitution(pool: pg.Pool, institution: string): Promise<Ids> {
  const mark = `mark-${institution}`;
  const one = async (statement: string, ...values: unknown[]): Promise<string> => {
    const { rows } = await pool.query<{ id: string }>(statement, [
      CONSORTIUM,
      institution,
      ...values,
    ]);
    return String(rows[0]?.id);
  };
  const batch = await one(
    `INSERT INTO batch (consortium, institution, stream, unit, window_from, window_to, state, source_rows, source_fen, landed_rows,
       landed_fen, quarantined_rows, quarantined_fen, digest, message, started_at, finished_at)
     VALUES ($1, $2, 'claims', $3, '2024-03-11', '2024-03-12', 'complete', 2, 300, 1, 100, 1, 200, 'd', $3, now(), now())
     RETURNING batch_id AS id`,
    mark,
  );
  const quarantine = await one(
    `INSERT INTO quarantine (consortium, institution, stream, row_hash, batch_id, raw_row, stage, rule, message, remedy, amount_fen,
       first_seen_at)
     VALUES ($1, $2, 'claims', $3, $4::bigint, 1, 'validate', 'r', $3, 'x', 200, now()) RETURNING quarantine_id AS id`,
    mark,
    batch,
  );
  await one(
    `INSERT INTO claim (${CLAIM_COLUMNS})
     VALUES ($1, '2024-03-11', $2, $3, $2, 'primary', '2024-03', 'h', $4::bigint, 0, '460299197001011234', 'female', 'resident',
       'outpatient', 'local', 'direct', 'ordinary', '2024-03-11 08:00', 100, 100, 0, 60, 0, 0, 0, 60, 0, 40)`,
    mark,
    batch,
  );
  await one(
    `INSERT INTO claim_adjustment (consortium, institution, claim_no, adjustment, reason, settled_on, settled_by, pool, person_id,
       former_period, period, former_version, batch_id, total_fee_fen, eligible_fen, deductible_fen, pooled_fund_paid_fen,
       critical_illness_paid_fen, large_expense_paid_fen, medical_aid_paid_fen, fund_paid_fen, account_paid_fen, cash_paid_fen)
     VALUES ($1, $2, $3, 1, 'deleted', '2024-02-11', $2, 'resident', '460299197001011234', '2024-02', '2024-03', 1, $4::bigint,
       -1, -1, 0, -1, 0, 0, 0, -1, 0, 0)`,
    mark,
    batch,
  );
  await one(
    `INSERT INTO claim (${CLAIM_COLUMNS}, refund_of)
     VALUES ($1, '2024-03-12', $2, $3 || '-refund', $2, 'primary', '2024-03', 'h', $4::bigint, 2, '460299197001011234', 'female',
       'resident', 'outpatient', 'local', 'direct', 'ordinary', '2024-03-12 08:00', -10, -10, 0, -6, 0, 0, 0, -6, 0, -4, $3)`,
    mark,
    batch,
  );
  await one(
    `INSERT INTO reconciliation_difference (consortium, month, difference_key, kind, between_sides, owner, institution, claim_no,
       amount_fen, evidence) VALUES ($1, '2024-03', $3, 'k', 'source-gateway', 'it-engineer', $2, $3, 1, '{}')`,
    mark,
  );
  await one(
    `INSERT INTO withdrawn_row (consortium, institution, stream, natural_key, settled_on, period, amount_fen, content, landed_batch_id,
       raw_row, batch_id) VALUES ($1, $2, 'claims', $3, '2024-03-11', '2024-03', 1, '{}', $4::bigint, 0, $4::bigint)`,
    mark,
    batch,
  );
  await one(
    `INSERT INTO code_map (consortium, institution, kind, local_code, valid_from, national_code, proposed_by, approved_by)
     VALUES ($1, $2, 'item', $3, '2024-01-01', 'N', 'a', 'b')`,
    mark,
  );
  await seedList(one, batch, stayOf(institution));
  const crosswalk = await one(
    `INSERT INTO crosswalk_import (consortium, institution, source_name, proposed_by)
     VALUES ($1, $2, $3, 'it') RETURNING import_id AS id`,
    mark,
  );
  return {
    ...{ batch, quarantine, crosswalk },
    claim: `${institution}/${mark}`,
    finding: await seedFinding(one, mark),
    figure: await seedFigure(one, institution, mark),
  };
}

type One = (statement: string, ...values: unknown[]) => Promise<string>;

/** A settlement that needs a list, and the list that the agency refused. */
async function seedList(one: One, batch: string, claimNo: string): Promise<void> {
  await one(
    `INSERT INTO claim (${CLAIM_COLUMNS}, admitted_at, discharged_at, discharge_mode)
     VALUES ($1, '2024-03-13', $2, $3, $2, 'primary', '2024-03', 'h', $4::bigint, 3, '460299197001011234', 'female', 'resident',
       'inpatient', 'local', 'direct', 'ordinary', '2024-03-13 08:00', 100, 100, 0, 60, 0, 0, 0, 60, 0, 40,
       '2024-03-10T08:00:00', '2024-03-13T08:00:00', 'ordered')`,
    claimNo,
    batch,
  );
  const outbox = await one(
    `INSERT INTO outbox_message (consortium, business_key, version, transaction_code, institution, month, content_digest, content,
       state, outcome, message_id, last_text)
     VALUES ($1, $3, 1, '4101A', $2, '2024-03', 'd', '{}', 'REJECTED', 'rejected', $3, $3 || ' 460299197001011234')
     RETURNING outbox_id AS id`,
    claimNo,
  );
  await one(
    `INSERT INTO settlement_list (consortium, institution, claim_no, month, settled_by, person_id, outbox_id)
     VALUES ($1, $2, $3, '2024-03', $2, '460299197001011234', $4::bigint)`,
    claimNo,
    outbox,
  );
}

async function seedFinding(one: One, mark: string): Promise<string> {
  await one(
    `INSERT INTO audit_run (consortium, months, through_batch, rules_digest, knowledge_release, result_digest, claims, lines, findings,
       amount_fen) VALUES ($1, ARRAY['2024-03', $2], 1, '', '', '', 1, 1, 1, 100)`,
  );
  await one(
    `INSERT INTO finding (consortium, month, finding_id, run_id, rule_id, rule_version, class, mode, role, certainty, deduction_basis,
       money, institution, claim_no, person_id, amount_fen, message, content)
     SELECT $1, '2024-03', $3, max(run_id), 'R', '1', 'SUSP', 'active', 'primary', 'core', 'x', 'exact', $2, $3, 'p', 100, $3, '{"title": "规则"}'
       FROM audit_run`,
    mark,
  );
  await one(
    `INSERT INTO finding_claim (consortium, month, finding_id, institution, claim_no, settled_on, role)
     VALUES ($1, '2024-03', $3, $2, $3, '2024-03-11', 'violating')`,
    mark,
  );
  await one(
    `INSERT INTO finding_line (consortium, month, finding_id, institution, claim_no, line_no, settled_on, role, quantity, amount_fen)
     VALUES ($1, '2024-03', $3, $2, $3, '1', '2024-03-11', 'violating', 1, 100)`,
    mark,
  );
  await one(
    `INSERT INTO finding_share (consortium, month, finding_id, institution, settled_by, pool, amount_fen, pooled_fund_fen,
       critical_illness_fen, large_expense_fen, medical_aid_fen)
     VALUES ($1, '2024-03', $3, $2, $2, 'resident', 100, 100, 0, 0, 0)`,
    mark,
  );
  await seedCase(one, mark);
  return mark;
}

/** SHA-256 of what came with the appeal of a seeded case. */
export const attachmentDigest = (mark: string): string => sha256(`%PDF-1.7 ${mark}`);

/** The finding's case of review, with a file that the member sent. */
async function seedCase(one: One, mark: string): Promise<void> {
  const file = `%PDF-1.7 ${mark}`;
  const digest = attachmentDigest(mark);
  await one(
    `INSERT INTO review_case (consortium, finding_id, month, rule_id, class, money, institution, claim_no, institutions, parties, state,
       route, flagged_fen, entered_on)
     VALUES ($1, $3, '2024-03', 'R', 'SUSP', 'exact', $2, $3, ARRAY[$2], ARRAY[$2], 'DETECTED', 'process', 100, '2024-04-01')`,
    mark,
  );
  await one(
    `INSERT INTO review_line (consortium, finding_id, institution, claim_no, line_no, flagged_fen) VALUES ($1, $3, $2, $3, '1', 100)`,
    mark,
  );
  await one(
    `INSERT INTO review_attachment (digest, media_type, content)
     SELECT $3, 'application/pdf', $4::bytea WHERE $1 <> $2`,
    digest,
    Buffer.from(file),
  );
  const attachments = [
    { name: `${mark}.pdf`, digest, size: file.length, mediaType: 'application/pdf' },
  ];
  await one(
    `INSERT INTO review_step (consortium, finding_id, action, from_state, to_state, actor, role, institution, reason_code, opinion,
       attachments)
     VALUES ($1, $3, 'appeal', 'DETECTED', 'DETECTED', $3, 'member', $2, 'APPEAL', $3, $4)`,
    mark,
    JSON.stringify(attachments),
  );
}

async function seedFigure(one: One, institution: string, mark: string): Promise<string> {
  await one(
    `INSERT INTO settlement_run (consortium, kind, period, version, region, inputs_digest, policy_digest, knowledge_digest,
       result_digest, facts, policy, started_at)
     VALUES ($1, 'year', '2024', 1, 'sanya', '', $2, '', '', '{}', '{}', now()) ON CONFLICT DO NOTHING`,
  );
  const id = `sanya.2024.resident.member.${institution}.points`;
  const everybody = [OWN, OTHER].map((code) => ({
    label: `成员单位 ${code} 分值 mark-${code}`,
    amount: '1',
  }));
  await one(
    `INSERT INTO figure (run_id, figure_id, position, pool, key, label, unit, value, clause, content)
     SELECT run_id, $3, (SELECT count(*) FROM figure), 'resident', 'member.' || $2 || '.points', $4, 'points', '1', 'c', $5::jsonb
       FROM settlement_run WHERE consortium = $1`,
    id,
    `成员单位 ${institution} 分值 ${mark}`,
    JSON.stringify({
      ...{ id, label: `成员单位 ${institution} 分值 ${mark}`, amount: '1', unit: 'points' },
      ...{ clause: 'c', formula: 'f', inputs: [], trace: everybody },
    }),
  );
  await one(
    `INSERT INTO statement_response (consortium, run_id, institution, kind, figure_id, statement_digest, reason, by_person)
     SELECT $1, run_id, $2, 'dispute', $3, 'd', $4, 'member' FROM settlement_run WHERE consortium = $1`,
    id,
    mark,
  );
  return id;
}

/** A finding that starts at one member and takes money of both. */
export async function seedSharedFinding(
  pool: pg.Pool,
  { id = 'shared-finding', mode = 'active' } = {},
): Promise<string> {
  await pool.query(
    `INSERT INTO finding (consortium, month, finding_id, run_id, rule_id, rule_version, class, mode, role, certainty, deduction_basis,
       money, institution, claim_no, person_id, amount_fen, message, content)
     SELECT $1, '2024-04', $2, max(run_id), 'R', '1', 'SUSP', $4, 'primary', 'core', 'x', 'exact', $3, 'mark-' || $3, 'p', 700,
       'mark-' || $3, '{}' FROM audit_run`,
    [CONSORTIUM, id, OTHER, mode],
  );
  for (const [institution, amount] of [
    [OWN, 300],
    [OTHER, 400],
  ] as const) {
    await pool.query(
      `INSERT INTO finding_claim (consortium, month, finding_id, institution, claim_no, settled_on, role)
       VALUES ($1, '2024-04', $2, $3, 'mark-' || $3, '2024-03-11', 'violating')`,
      [CONSORTIUM, id, institution],
    );
    await pool.query(
      `INSERT INTO finding_share (consortium, month, finding_id, institution, settled_by, pool, amount_fen, pooled_fund_fen,
         critical_illness_fen, large_expense_fen, medical_aid_fen)
       VALUES ($1, '2024-04', $2, $3, $3, 'resident', $4::bigint, $4::bigint, 0, 0, 0)`,
      [CONSORTIUM, id, institution, amount],
    );
  }
  return id;
}

/** The case of the shared finding: fed back, appealed by the other, reviewed by two. @param parties  who answers to it */
export async function seedSharedCase(
  pool: pg.Pool,
  { id, parties, state = 'APPEALED' }: { id: string; parties: readonly string[]; state?: string },
): Promise<void> {
  const mark = `mark-${OTHER}`;
  await pool.query(
    `INSERT INTO review_case (consortium, finding_id, month, rule_id, class, money, institution, claim_no, institutions, parties, state,
       route, outcome, flagged_fen, proposed_fen, entered_on)
     VALUES ($1, $2, '2024-04', 'R', 'SUSP', 'exact', $3, $4, ARRAY[$3], $5, $6, 'process', 'uphold', 700, 700, '2024-04-01')`,
    [CONSORTIUM, id, OTHER, mark, parties, state],
  );
  await pool.query(
    `INSERT INTO review_line (consortium, finding_id, institution, claim_no, line_no, flagged_fen, proposed_fen)
     SELECT $1, $2, i, 'mark-' || i, '1', f, f FROM (VALUES ($3, 300), ($4, 400)) v (i, f)`,
    [CONSORTIUM, id, OWN, OTHER],
  );
  await pool.query(
    `INSERT INTO review_step (consortium, finding_id, action, from_state, to_state, actor, role, institution, reason_code, opinion, amount_fen)
     VALUES ($1, $2, 'first-review', 'DETECTED', 'FIRST_REVIEW', 'anna', 'reviewer', NULL, 'CLEAR', $3, 700),
       ($1, $2, 'feedback', 'FIRST_REVIEW', 'FEEDBACK', 'anna', 'reviewer', NULL, 'NOTICE', $3, NULL),
       ($1, $2, 'appeal', 'FEEDBACK', 'APPEALED', $3, 'member', $4, 'APPEAL', $3, 700)`,
    [CONSORTIUM, id, mark, OTHER],
  );
}

/** A run that has ended, with a piece of work that failed. */
export async function seedRun(pool: pg.Pool): Promise<{ run: string; item: string }> {
  const { rows } = await pool.query<{ run: string; item: string }>(
    `WITH run AS (INSERT INTO work_run (consortium, kind, subject, round) VALUES ($1, 'night', '2024-12-05', 1) RETURNING id)
     INSERT INTO work_item (run_id, consortium, kind, business_key, queue, stage, payload, most_attempts, round, state)
     SELECT id, $1, 'pull', 'pull.seed', 'ingest', 0, '{}', 5, 1, 'failed' FROM run RETURNING run_id AS run, id AS item`,
    [CONSORTIUM],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no run');
  return row;
}

import type pg from 'pg';
import type { IsoDate } from '../kernel/dates.js';
import { type Fen, fen, ZERO_FEN } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { AttachmentRef } from './attachment.js';
import type { CaseFacts, Vote } from './decide.js';
import { splitLines } from './part-amounts.js';
import type { CaseAction, CaseRole, CaseState, Outcome } from './review-states.js';

/** A case as it stands, held until the transaction ends. */
export interface StandingCase extends CaseFacts {
  readonly consortium: string;
  readonly findingId: string;
  readonly month: Month;
  readonly ruleId: string;
  readonly enteredOn: IsoDate;
  readonly dueOn: IsoDate | null;
  readonly escalated: boolean;
  /** Whether the finding still is a primary one that counts. */
  readonly stands: boolean;
}

interface Row {
  readonly consortium: string;
  readonly findingId: string;
  readonly month: Month;
  readonly ruleId: string;
  readonly state: CaseState;
  readonly money: string;
  readonly parties: string[];
  readonly flagged: string;
  readonly proposed: string | null;
  readonly appealed: string | null;
  readonly confirmed: string | null;
  readonly needsPanel: boolean;
  readonly firstReviewer: string | null;
  readonly finalBy: string | null;
  readonly enteredOn: IsoDate;
  readonly dueOn: IsoDate | null;
  readonly escalated: boolean;
  readonly stands: boolean;
  readonly votes: { by: string; outcome: Outcome; amount: string | null }[] | null;
  readonly answered: string[] | null;
}

const STANDS = `EXISTS (SELECT FROM finding f WHERE f.consortium = c.consortium AND f.finding_id = c.finding_id
  AND f.mode = 'active' AND f.role = 'primary')`;

const CASE = `
  SELECT c.consortium, c.finding_id AS "findingId", c.month, c.rule_id AS "ruleId", c.state, c.money, c.parties,
    c.flagged_fen AS flagged, c.proposed_fen AS proposed, c.appealed_fen AS appealed, c.confirmed_fen AS confirmed,
    c.needs_panel AS "needsPanel", c.first_reviewer AS "firstReviewer", c.final_by AS "finalBy",
    c.entered_on AS "enteredOn", c.due_on AS "dueOn", c.escalated, ${STANDS} AS stands,
    (SELECT json_agg(json_build_object('by', s.actor, 'outcome', s.outcome, 'amount', s.amount_fen::text) ORDER BY s.step_id)
     FROM review_step s WHERE s.consortium = c.consortium AND s.finding_id = c.finding_id AND s.action = 'vote') AS votes,
    (SELECT array_agg(s.institution) FROM review_step s WHERE s.consortium = c.consortium AND s.finding_id = c.finding_id
       AND s.action = CASE c.state WHEN 'FEEDBACK' THEN 'accept' WHEN 'FINAL' THEN 'acknowledge' END) AS answered
  FROM review_case c WHERE c.consortium = $1 AND `;

const amount = (text: string | null): Fen | null => (text === null ? null : fen(BigInt(text)));

function standing(row: Row): StandingCase {
  const { flagged, proposed, appealed, confirmed, votes, answered, ...rest } = row;
  return {
    ...rest,
    flaggedFen: fen(BigInt(flagged)),
    proposedFen: amount(proposed),
    appealedFen: amount(appealed),
    confirmedFen: amount(confirmed),
    votes: (votes ?? []).map(
      (vote): Vote => ({ by: vote.by, outcome: vote.outcome, amountFen: amount(vote.amount) }),
    ),
    answered: answered ?? [],
  };
}

/** Null when the finding has no case. Locks it. */
export async function lockCase(
  client: pg.ClientBase,
  { consortium, findingId }: { readonly consortium: string; readonly findingId: string },
): Promise<StandingCase | null> {
  const { rows } = await client.query<Row>(`${CASE} c.finding_id = $2 FOR UPDATE OF c`, [
    consortium,
    findingId,
  ]);
  return rows[0] === undefined ? null : standing(rows[0]);
}

/** Cases of months that one deed is done to; null: all months. Ordered, locked. */
export async function lockCases(
  client: pg.ClientBase,
  of: {
    readonly consortium: string;
    readonly months: readonly Month[] | null;
    readonly states: readonly CaseState[];
    readonly class?: string;
    /** Only those whose term ended before this day. */
    readonly overdueOn?: IsoDate;
  },
): Promise<readonly StandingCase[]> {
  const { rows } = await client.query<Row>(
    `${CASE} ($2::text[] IS NULL OR c.month = ANY($2)) AND c.state = ANY($3) AND ($4::text IS NULL OR c.class = $4)
       AND ($5::date IS NULL OR c.due_on < $5) ORDER BY c.finding_id FOR UPDATE OF c`,
    [of.consortium, of.months, of.states, of.class ?? null, of.overdueOn ?? null],
  );
  return rows.map(standing);
}

/** One row of the append-only file of a case, and what it changes. */
export interface Step {
  readonly consortium: string;
  readonly findingId: string;
  readonly action: CaseAction;
  readonly from: CaseState;
  readonly to: CaseState;
  readonly by: string;
  readonly role: CaseRole;
  readonly institution: string | null;
  readonly outcome: Outcome | 'panel' | null;
  readonly reasonCode: string;
  readonly opinion: string;
  readonly amountFen: Fen | null;
  readonly attachments: readonly AttachmentRef[];
}

export async function insertStep(client: pg.ClientBase, step: Step): Promise<void> {
  await client.query(
    `INSERT INTO review_step (consortium, finding_id, action, from_state, to_state, actor, role, institution, outcome, reason_code,
       opinion, amount_fen, attachments) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[step.consortium, step.findingId, step.action, step.from, step.to, step.by, step.role],
      ...[step.institution, step.outcome, step.reasonCode, step.opinion],
      ...[step.amountFen?.toString() ?? null, JSON.stringify(step.attachments)],
    ],
  );
}

type Stage = 'proposed' | 'appealed' | 'confirmed';
const STAGES: Readonly<Partial<Record<CaseAction, Stage>>> = {
  'first-review': 'proposed',
  appeal: 'appealed',
  'second-review': 'proposed',
  final: 'confirmed',
  direct: 'confirmed',
};

const PERSONS: Readonly<Partial<Record<CaseAction, string>>> = {
  'first-review': 'first_reviewer',
  'second-review': 'second_reviewer',
  final: 'final_by',
  direct: 'final_by',
};

/** When a state was entered, and until when the next is due. */
export interface Term {
  readonly enteredOn: IsoDate;
  readonly dueOn: IsoDate | null;
}

/** Carries a step into the case and its lines. */
export async function applyStep(
  client: pg.ClientBase,
  step: Step & { readonly needsPanel: boolean },
  term: Term | null,
): Promise<void> {
  const { consortium, findingId, action, outcome } = step;
  const person = PERSONS[action];
  await client.query(
    `UPDATE review_case SET state = $3, needs_panel = $4, outcome = coalesce($5, outcome),
       entered_on = coalesce($6, entered_on), due_on = CASE WHEN $6::date IS NULL THEN due_on ELSE $7::date END,
       escalated = CASE WHEN $6::date IS NULL THEN escalated ELSE false END${
         person === undefined ? '' : `, ${person} = $8`
       }
     WHERE consortium = $1 AND finding_id = $2`,
    [
      ...[consortium, findingId, step.to, step.needsPanel],
      outcome === 'panel' || action === 'vote' ? null : outcome,
      ...[term?.enteredOn ?? null, term?.dueOn ?? null],
      ...(person === undefined ? [] : [step.by]),
    ],
  );
  const stage = STAGES[action];
  if (stage !== undefined && step.amountFen !== null)
    await setStage(client, step, { stage, amountFen: step.amountFen });
}

/** Sets a stage's amount, and its parts line by line. */
async function setStage(
  client: pg.ClientBase,
  { consortium, findingId }: { readonly consortium: string; readonly findingId: string },
  { stage, amountFen }: { readonly stage: Stage; readonly amountFen: Fen },
): Promise<void> {
  await client.query(
    `UPDATE review_case SET ${stage}_fen = $3 WHERE consortium = $1 AND finding_id = $2`,
    [consortium, findingId, amountFen.toString()],
  );
  const { rows } = await client.query<Record<'i' | 'c' | 'l' | 'f', string>>(
    `SELECT institution AS i, claim_no AS c, line_no AS l, flagged_fen AS f FROM review_line
     WHERE consortium = $1 AND finding_id = $2 ORDER BY institution, claim_no, line_no`,
    [consortium, findingId],
  );
  const flagged = rows.map(({ f }) => fen(BigInt(f)));
  if (flagged.length === 0) return;
  const parts = flagged.some((each) => each > 0n)
    ? splitLines(amountFen, flagged)
    : flagged.map(() => ZERO_FEN);
  await client.query(
    `UPDATE review_line l SET ${stage}_fen = w.amount FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[])
       AS w (institution, claim_no, line_no, amount)
     WHERE l.consortium = $1 AND l.finding_id = $2 AND l.institution = w.institution AND l.claim_no = w.claim_no
       AND l.line_no = w.line_no`,
    [
      ...[consortium, findingId, rows.map(({ i }) => i), rows.map(({ c }) => c)],
      ...[rows.map(({ l }) => l), parts.map(String)],
    ],
  );
}

export async function setEscalated(
  client: pg.ClientBase,
  { consortium, findingId }: { readonly consortium: string; readonly findingId: string },
): Promise<void> {
  await client.query(
    'UPDATE review_case SET escalated = true WHERE consortium = $1 AND finding_id = $2',
    [consortium, findingId],
  );
}

export async function setAssignee(
  client: pg.ClientBase,
  { consortium, findingId, to }: { consortium: string; findingId: string; to: string },
): Promise<void> {
  await client.query(
    'UPDATE review_case SET assignee = $3 WHERE consortium = $1 AND finding_id = $2',
    [consortium, findingId, to],
  );
}

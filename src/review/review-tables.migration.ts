import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Review by due process: one case a finding, one append-only step an action, the lines at stake with the amount of each stage, what
 * members sent in, and deductions taken back. Money in fen.
 */
export class ReviewTables1704067452000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CASE, LINE, STEP, ATTACHMENT, REVERSAL, APPEND_ONLY])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE deduction_reversal, review_attachment, review_step, review_line, review_case;
       DROP FUNCTION refuse_review_change`,
    );
  }
}

const fen = (name: string): string =>
  `${name} bigint CHECK (${name} BETWEEN 0 AND 1000000000000000)`;

const CASE = `
  CREATE TABLE review_case (
    consortium text NOT NULL,
    finding_id text NOT NULL,
    month text NOT NULL,
    rule_id text NOT NULL,
    class text NOT NULL,
    money text NOT NULL,
    institution text NOT NULL,            -- where the first violating claim took place
    claim_no text NOT NULL,
    institutions text[] NOT NULL,         -- all whose care it speaks of
    parties text[] NOT NULL,              -- the settlement units that answer
    state text NOT NULL CHECK (state IN ('DETECTED', 'FIRST_REVIEW', 'FEEDBACK', 'APPEALED', 'NOT_APPEALED', 'SECOND_REVIEW', 'PANEL',
      'FINAL', 'SECOND_FEEDBACK', 'CONFIRMED', 'POSTED', 'REVERSED', 'DISMISSED', 'INSPECTION', 'DATA_CORRECTION', 'WITHDRAWN')),
    route text NOT NULL CHECK (route IN ('process', 'short')),
    outcome text CHECK (outcome IN ('uphold', 'partial', 'dismiss', 'inspection', 'data-correction')),
    ${fen('flagged_fen')} NOT NULL,
    ${fen('proposed_fen')},
    ${fen('appealed_fen')},
    ${fen('confirmed_fen')},
    needs_panel boolean NOT NULL DEFAULT false,
    first_reviewer text,
    second_reviewer text,
    final_by text,
    assignee text,
    entered_on date NOT NULL,             -- the state
    due_on date,                          -- null: no term, or no calendar of that year yet
    escalated boolean NOT NULL DEFAULT false,
    PRIMARY KEY (consortium, finding_id),
    CHECK (proposed_fen <= flagged_fen AND confirmed_fen <= proposed_fen)
  );
  CREATE INDEX review_case_month ON review_case (consortium, month, state);
  CREATE INDEX review_case_due ON review_case (consortium, due_on) WHERE due_on IS NOT NULL;`;

const LINE = `
  CREATE TABLE review_line (
    consortium text NOT NULL,
    finding_id text NOT NULL,
    institution text NOT NULL,
    claim_no text NOT NULL,
    line_no text NOT NULL,                -- '': the case as a whole, beyond its lines
    ${fen('flagged_fen')} NOT NULL,
    ${fen('proposed_fen')},
    ${fen('appealed_fen')},
    ${fen('confirmed_fen')},
    PRIMARY KEY (consortium, finding_id, institution, claim_no, line_no),
    FOREIGN KEY (consortium, finding_id) REFERENCES review_case
  );`;

const STEP = `
  CREATE TABLE review_step (
    step_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    finding_id text NOT NULL,
    action text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    actor text NOT NULL CHECK (actor <> ''),
    role text NOT NULL CHECK (role IN ('system', 'reviewer', 'member', 'panel')),
    institution text,                     -- for whom a member speaks
    outcome text,
    reason_code text NOT NULL CHECK (reason_code <> ''),
    opinion text NOT NULL CHECK (length(opinion) BETWEEN 1 AND 2000),
    ${fen('amount_fen')},
    attachments jsonb NOT NULL DEFAULT '[]', -- name, digest, size, mediaType
    at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (consortium, finding_id) REFERENCES review_case
  );
  CREATE INDEX review_step_case ON review_step (consortium, finding_id, step_id);
  CREATE UNIQUE INDEX review_step_vote ON review_step (consortium, finding_id, actor) WHERE action = 'vote';`;

const ATTACHMENT = `
  CREATE TABLE review_attachment (
    digest text PRIMARY KEY,              -- sha256 of the content
    media_type text NOT NULL,
    content bytea NOT NULL
  );`;

/** A deduction taken back; the deduction stays. Settlement gives back what it took, and takes nothing more. */
const REVERSAL = `
  CREATE TABLE deduction_reversal (
    consortium text NOT NULL,
    deduction_id text NOT NULL,
    month text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'), -- the first open one, which gives it back
    ${fen('amount_fen')} NOT NULL,
    reversed_by text NOT NULL CHECK (reversed_by <> ''),
    reason text NOT NULL CHECK (reason <> ''),
    reversed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consortium, deduction_id),
    FOREIGN KEY (consortium, deduction_id) REFERENCES deduction
  );
  CREATE INDEX deduction_reversal_month ON deduction_reversal (consortium, month);`;

const APPEND_ONLY = `
  CREATE FUNCTION refuse_review_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
  CREATE TRIGGER review_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON review_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_review_change();
  CREATE TRIGGER review_attachment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON review_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_review_change();
  CREATE TRIGGER deduction_reversal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON deduction_reversal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_review_change();`;

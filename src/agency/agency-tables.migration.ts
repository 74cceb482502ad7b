import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The outbox towards the agency and what came back. `content` is in our own words; national names appear only on the wire.
 * One message a business key may be open at a time; a changed content makes the next version, an unchanged one nothing.
 */
export class AgencyTables1704067250000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX);
    await runner.query(REPLY);
    await runner.query(DECLARATION);
    await runner.query(UNBALANCED);
    await runner.query(SESSION);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE message_sequence, agency_session, agency_unbalanced_row, agency_declaration, agency_reply, outbox_message',
    );
  }
}

const fen = (name: string, nullable = false): string =>
  `${name} bigint ${nullable ? '' : 'NOT NULL'} CHECK (${name} BETWEEN -1000000000000000 AND 1000000000000000)`;

const OUTBOX = `
  CREATE TABLE outbox_message (
    outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    business_key text NOT NULL,           -- transaction, institution, month or day, pool, clearing type
    version integer NOT NULL,
    transaction_code text NOT NULL,
    institution text NOT NULL,            -- the settlement unit in whose name it is sent
    month text,
    clearing_type text,
    content_digest text NOT NULL,
    content jsonb NOT NULL,
    parent_id bigint REFERENCES outbox_message,
    state text NOT NULL DEFAULT 'PENDING'
      CHECK (state IN ('PENDING', 'SENT', 'ACCEPTED', 'REJECTED', 'UNKNOWN', 'RESOLVED')),
    outcome text CHECK (outcome IN ('accepted', 'rejected')),
    resolved_by text CHECK (resolved_by IN ('query', 'person')),
    message_id text UNIQUE,               -- written before the first sending, kept for ever
    attempts integer NOT NULL DEFAULT 0,
    last_text text,                       -- the agency's words, or why there are none
    created_at timestamptz NOT NULL DEFAULT now(),
    first_sent_at timestamptz,
    finished_at timestamptz,
    UNIQUE (consortium, business_key, version),
    CHECK ((state IN ('ACCEPTED', 'REJECTED', 'RESOLVED')) = (outcome IS NOT NULL)),
    CHECK ((state = 'RESOLVED') = (resolved_by IS NOT NULL)),
    CHECK (state = 'PENDING' OR message_id IS NOT NULL OR resolved_by = 'person')
  );
  CREATE UNIQUE INDEX outbox_message_open ON outbox_message (consortium, business_key)
    WHERE state IN ('PENDING', 'SENT', 'UNKNOWN');
  CREATE INDEX outbox_message_queue ON outbox_message (consortium, outbox_id) WHERE state IN ('PENDING', 'UNKNOWN');
  CREATE INDEX outbox_message_month ON outbox_message (consortium, month);`;

const REPLY = `
  CREATE TABLE agency_reply (
    outbox_id bigint PRIMARY KEY REFERENCES outbox_message,
    result_code text NOT NULL,
    text text NOT NULL,                   -- a warning beside success, the reason beside a refusal
    result jsonb,                         -- what it told us, in our own words
    received_at timestamptz NOT NULL DEFAULT now()
  );`;

const DECLARATION = `
  CREATE TABLE agency_declaration (
    outbox_id bigint PRIMARY KEY REFERENCES outbox_message,
    consortium text NOT NULL,
    institution text NOT NULL,
    month text NOT NULL,
    pool text NOT NULL CHECK (pool IN ('employee', 'resident')),
    clearing_type text NOT NULL,
    claims integer NOT NULL,
    ${fen('total_fee_fen')},
    ${fen('fund_paid_fen')},
    ${fen('account_paid_fen')},
    balanced boolean                      -- the agency's verdict; null until it gave one
  );
  CREATE INDEX agency_declaration_month ON agency_declaration (consortium, month);`;

const UNBALANCED = `
  CREATE TABLE agency_unbalanced_row (
    outbox_id bigint NOT NULL REFERENCES outbox_message,
    row_no integer NOT NULL,
    person_id text NOT NULL,
    claim_no text,                        -- null: only the agency has it
    sender_message_id text,               -- null: only we have it
    is_refund boolean NOT NULL,
    memo text,
    ${fen('total_fee_fen', true)},
    ${fen('fund_paid_fen', true)},
    ${fen('account_paid_fen', true)},
    PRIMARY KEY (outbox_id, row_no)
  );`;

const SESSION = `
  CREATE TABLE agency_session (
    consortium text NOT NULL,
    institution text NOT NULL,
    operator text NOT NULL,
    day date NOT NULL,
    sign_in_no text NOT NULL,
    PRIMARY KEY (consortium, institution, operator, day)
  );
  CREATE TABLE message_sequence (
    institution text PRIMARY KEY,
    second timestamp(0) NOT NULL,
    last integer NOT NULL CHECK (last BETWEEN 1 AND 9999)
  );`;

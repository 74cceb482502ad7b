import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people decide about quarantined rows: a corrected row to land in the bad one's place, or that the row is not to land at all. One
 * proposes, another decides; the database itself refuses the same person twice. Raw rows are never touched.
 */
export class QuarantineTables1704067222000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(DECISION);
    await runner.query(CURRENT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW correction_current;
      ALTER TABLE batch DROP CONSTRAINT batch_correction;
      ALTER TABLE quarantine DROP CONSTRAINT quarantine_correction;
      DROP TABLE quarantine_decision`);
  }
}

const DECISION = `
  CREATE TABLE quarantine_decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    quarantine_id bigint NOT NULL REFERENCES quarantine,
    kind text NOT NULL CHECK (kind IN ('correction', 'dismissal')),
    cells jsonb CHECK ((cells IS NOT NULL) = (kind = 'correction')), -- source column → text as the source would write it
    cause text CHECK (cause IN ('not-ours', 'duplicate', 'test-record', 'other')),
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    proposed_by text NOT NULL CHECK (btrim(proposed_by) <> ''),
    proposed_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn', 'lapsed')),
    decided_by text,
    decided_at timestamptz,
    decided_reason text,
    read_batch_id bigint,                 -- the read and the row that the approved decision was about
    read_raw_row integer,
    read_fen bigint,                      -- what the bad row counted for in the source's sum
    landed_batch_id bigint REFERENCES batch, -- where the corrected row stands as raw row 0
    landed_fen bigint,
    CHECK ((cause IS NOT NULL) = (kind = 'dismissal')),
    CHECK (state NOT IN ('approved', 'rejected') OR decided_by IS NOT NULL AND decided_at IS NOT NULL),
    CONSTRAINT two_people CHECK (lower(btrim(decided_by)) <> lower(btrim(proposed_by)))
  );
  CREATE UNIQUE INDEX quarantine_decision_pending ON quarantine_decision (quarantine_id) WHERE state = 'proposed';
  CREATE INDEX quarantine_decision_entry ON quarantine_decision (quarantine_id);
  ALTER TABLE quarantine ADD CONSTRAINT quarantine_correction FOREIGN KEY (correction_id) REFERENCES quarantine_decision;
  ALTER TABLE batch ADD CONSTRAINT batch_correction FOREIGN KEY (correction_id) REFERENCES quarantine_decision;`;

/**
 * Corrections that stand for a row which the current read of its window still set aside. Each moves one row from "quarantined" to
 * "landed"; landed_fen − read_fen is what the correction itself added to the source's sum.
 */
const CURRENT = `
  CREATE VIEW correction_current AS
    SELECT d.decision_id AS correction_id, q.consortium, q.institution, q.stream, q.quarantine_id, d.landed_batch_id AS batch_id,
           seen.window_from, seen.window_to, d.read_fen, d.landed_fen
    FROM quarantine q
    JOIN quarantine_decision d ON d.decision_id = q.correction_id
    JOIN batch_current seen ON seen.batch_id = q.batch_id;`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What parties say to their statements: a member acknowledges (确认) or disputes a line (异议), the lead answers (答复). Append-only, beside
 * the run it speaks of; a superseded run keeps its responses.
 */
export class StatementTables1704067290000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RESPONSE);
    await runner.query(APPEND_ONLY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE statement_response; DROP FUNCTION refuse_statement_response_change',
    );
  }
}

const RESPONSE = `
  CREATE TABLE statement_response (
    response_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    run_id bigint NOT NULL REFERENCES settlement_run,
    institution text NOT NULL,            -- the settlement unit whose statement it is
    kind text NOT NULL CHECK (kind IN ('acknowledgement', 'dispute', 'answer')),
    figure_id text,                       -- the disputed line; null: the statement as a whole
    statement_digest text,                -- of what was acknowledged or disputed
    answers bigint REFERENCES statement_response,
    outcome text CHECK (outcome IN ('accepted', 'refused')), -- of an answer: the dispute is right, or not
    reason text CHECK (length(reason) BETWEEN 2 AND 500),
    by_person text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (run_id, figure_id) REFERENCES figure (run_id, figure_id),
    CHECK ((kind = 'answer') = (answers IS NOT NULL) AND (kind = 'answer') = (outcome IS NOT NULL)),
    CHECK ((kind = 'dispute') = (figure_id IS NOT NULL)),
    CHECK ((kind = 'acknowledgement') OR reason IS NOT NULL),
    CHECK ((kind = 'answer') = (statement_digest IS NULL))
  );
  CREATE UNIQUE INDEX statement_response_acknowledged ON statement_response (run_id, institution) WHERE kind = 'acknowledgement';
  CREATE UNIQUE INDEX statement_response_answered ON statement_response (answers) WHERE kind = 'answer';
  CREATE INDEX statement_response_run ON statement_response (consortium, run_id, institution);`;

const APPEND_ONLY = `
  CREATE FUNCTION refuse_statement_response_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'statement_response is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$;
  CREATE TRIGGER statement_response_append_only BEFORE UPDATE OR DELETE ON statement_response
    FOR EACH ROW EXECUTE FUNCTION refuse_statement_response_change();`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Translations of local codes that people work on here: a sheet is proposed by one and approved by another, row by row kept with what it
 * replaced. What holds stands in `code_map`; this is how it came to be.
 */
export class CrosswalkTables1704067222100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recoded_person, local_code, crosswalk_change, crosswalk_import');
  }
}

const kind = `kind text NOT NULL CHECK (kind IN ('item', 'diagnosis', 'procedure'))`;

const TABLES = `
  CREATE TABLE crosswalk_import (
    import_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    institution text NOT NULL,
    source_name text NOT NULL,            -- of the file, or who asked
    proposed_by text NOT NULL CHECK (btrim(proposed_by) <> ''),
    proposed_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'rejected')),
    decided_by text,
    decided_at timestamptz,
    decided_reason text,
    recoded_rows bigint,                  -- landed rows of open months that got another code
    closed_rows bigint,                   -- rows of closed months that keep theirs
    CHECK (state = 'proposed' OR decided_by IS NOT NULL AND decided_at IS NOT NULL),
    CONSTRAINT two_people_import CHECK (lower(btrim(decided_by)) <> lower(btrim(proposed_by)))
  );
  CREATE INDEX crosswalk_import_institution ON crosswalk_import (consortium, institution, state);
  CREATE TABLE crosswalk_change (
    import_id bigint NOT NULL REFERENCES crosswalk_import,
    sheet_row integer NOT NULL,
    ${kind},
    local_code text NOT NULL,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    national_code text NOT NULL,
    action text NOT NULL CHECK (action IN ('add', 'change')),
    before_national_code text,
    before_valid_to date,
    CHECK ((before_national_code IS NOT NULL) = (action = 'change')),
    PRIMARY KEY (import_id, kind, local_code, valid_from)
  );
  CREATE TABLE local_code (               -- what a member calls its codes, where its claims do not say
    consortium text NOT NULL,
    institution text NOT NULL,
    ${kind},
    code text NOT NULL,
    name text NOT NULL,
    unit_price numeric(18,6) CHECK (unit_price BETWEEN 0 AND 1000000000),
    PRIMARY KEY (consortium, institution, kind, code)
  );
  CREATE TABLE recoded_person (           -- whose claims were given other codes: the next audit looks at them again
    consortium text NOT NULL,
    at_batch bigint NOT NULL,             -- drawn from the numbers of batches, so that it is later than all reads before it
    person_id text NOT NULL,
    PRIMARY KEY (consortium, at_batch, person_id)
  );`;

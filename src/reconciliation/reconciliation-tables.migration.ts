import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reconciliation: a run a change of the result, and the differences as they were first seen, last seen and cleared. A difference is one
 * row for as long as it lasts, so that its age is known.
 */
export class ReconciliationTables1704067251000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RUN);
    await runner.query(DIFFERENCE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reconciliation_difference, reconciliation_run');
  }
}

const RUN = `
  CREATE TABLE reconciliation_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    month text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    state text NOT NULL CHECK (state IN ('balanced', 'differs', 'unfinished')),
    source_totals jsonb NOT NULL,
    agency_totals jsonb NOT NULL,
    differences integer NOT NULL,
    result_digest text NOT NULL,
    ran_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX reconciliation_run_month ON reconciliation_run (consortium, month, run_id);`;

const DIFFERENCE = `
  CREATE TABLE reconciliation_difference (
    difference_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    month text NOT NULL,
    difference_key text NOT NULL,
    kind text NOT NULL,
    between_sides text NOT NULL CHECK (between_sides IN ('source-gateway', 'gateway-agency')),
    owner text NOT NULL CHECK (owner IN ('it-engineer', 'settlement-clerk')),
    institution text NOT NULL,
    pool text,
    claim_no text,
    amount_fen bigint NOT NULL CHECK (amount_fen BETWEEN -1000000000000000000 AND 1000000000000000000),
    evidence jsonb NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    cleared_at timestamptz,               -- null while it lasts
    UNIQUE (consortium, month, difference_key)
  );
  CREATE INDEX reconciliation_difference_open ON reconciliation_difference (consortium, month) WHERE cleared_at IS NULL;`;

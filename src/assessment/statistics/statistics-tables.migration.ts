import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Values of the statistics rules by month, span and institution, replaced by each computation. No money is taken by any of them. */
export class StatisticsTables1704067450000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE statistic_result (
        consortium text NOT NULL,
        month text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
        span text NOT NULL CHECK (span IN ('month', 'rolling-12')),
        institution text NOT NULL,          -- '' for the consortium as a whole
        rule_id text NOT NULL,
        rule_version text NOT NULL,
        part text NOT NULL,
        numerator numeric,
        denominator numeric,
        cases bigint NOT NULL,
        value numeric,
        peers integer NOT NULL,             -- institutions of the same level and kind with a value
        p90 numeric,
        z numeric,
        last_year numeric,
        flagged boolean,                    -- null: could not be judged
        rule_flagged boolean,               -- whether enough parts of the rule stand out
        reasons text[] NOT NULL,
        export_fen bigint NOT NULL DEFAULT 0 CHECK (export_fen >= 0),
        PRIMARY KEY (consortium, month, span, institution, rule_id, part)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE statistic_result');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which state of which table lies in which backup: a month is dropped only when one holds exactly what it holds. And which were. */
export class OperationsTables1704067265000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE backup_record (
        backup_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        taken_at timestamptz NOT NULL,        -- of the snapshot
        manifest_digest text NOT NULL,
        folder text NOT NULL,
        tables jsonb NOT NULL                 -- name → {rows, digest}
      );
      CREATE TABLE dropped_month (            -- settlement months whose claims are in a backup only
        month text PRIMARY KEY CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
        dropped_at timestamptz NOT NULL DEFAULT now(),
        manifest_digest text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dropped_month, backup_record');
  }
}

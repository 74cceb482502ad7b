import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Registers beside the claims (登记): each is replaced as a whole by the file that is filed next. */
export class RegisterTables1704067380000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_register (
        consortium text NOT NULL,
        name text NOT NULL CHECK (name IN ('coverage', 'deaths', 'doctor-rights', 'chronic-approvals', 'orders')),
        row_count integer NOT NULL CHECK (row_count >= 0),
        digest text NOT NULL,                 -- of the rows, in whatever order
        source_name text NOT NULL,
        imported_by text NOT NULL,
        imported_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consortium, name)
      )`);
    await runner.query(`
      CREATE TABLE audit_register_row (
        consortium text NOT NULL,
        name text NOT NULL,
        subject text NOT NULL,                -- person, doctor, or institution/claim
        row_no integer NOT NULL,
        cells jsonb NOT NULL,
        PRIMARY KEY (consortium, name, subject, row_no),
        FOREIGN KEY (consortium, name) REFERENCES audit_register ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_register_row, audit_register');
  }
}

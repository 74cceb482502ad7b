import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The journal: append-only, one hash chain a consortium. The head is kept apart, so that a cut tail shows; whoever can write both
 * tables is caught by a head that was printed and kept elsewhere (`heyi verify --anchor`).
 */
export class JournalTables1704067210000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ENTRY);
    await runner.query(HEAD);
    await runner.query(APPEND_ONLY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE journal_entry, journal_head; DROP FUNCTION refuse_journal_change',
    );
  }
}

const ENTRY = `
  CREATE TABLE journal_entry (
    consortium text NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    content_digest text NOT NULL,
    content jsonb NOT NULL CHECK (length(content::text) <= 1000000),
    previous_hash text NOT NULL,
    entry_hash text NOT NULL,
    PRIMARY KEY (consortium, seq)
  );
  CREATE INDEX journal_entry_subject ON journal_entry (consortium, subject);`;

const HEAD = `
  CREATE TABLE journal_head (
    consortium text PRIMARY KEY,
    seq bigint NOT NULL,
    entry_hash text NOT NULL
  );`;

const APPEND_ONLY = `
  CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'journal_entry is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$;
  CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();
  CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change();`;

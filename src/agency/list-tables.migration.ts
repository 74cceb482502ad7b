import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Settlement lists (结算清单): what the hospital supplements, what was last made of each claim, and what the agency counts. Fields are
 * kept under their national names: they are the form itself, not part of the canonical claim.
 */
export class ListTables1704067252000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE settlement_list_supplement (
        consortium text NOT NULL,
        institution text NOT NULL,            -- performedAt
        claim_no text NOT NULL,
        section text NOT NULL,
        row_no integer NOT NULL CHECK (row_no >= 1),
        fields jsonb NOT NULL,
        imported_by text NOT NULL,
        PRIMARY KEY (consortium, institution, claim_no, section, row_no)
      );
      CREATE TABLE settlement_list (
        consortium text NOT NULL,
        institution text NOT NULL,            -- performedAt
        claim_no text NOT NULL,
        month text NOT NULL,
        settled_by text NOT NULL,
        person_id text NOT NULL,
        outbox_id bigint NOT NULL REFERENCES outbox_message, -- the newest version sent or waiting
        list_id text,                         -- the agency's number, of any version; null when a person settled that it has the list
        status text NOT NULL DEFAULT 'made' CHECK (status IN ('made', 'taken', 'submitted')),
        submit_outbox_id bigint REFERENCES outbox_message,
        PRIMARY KEY (consortium, institution, claim_no)
      );
      CREATE INDEX settlement_list_month ON settlement_list (consortium, month);
      CREATE INDEX settlement_list_outbox ON settlement_list (outbox_id);
      CREATE INDEX settlement_list_submit ON settlement_list (submit_outbox_id);
      CREATE TABLE settlement_list_count (
        outbox_id bigint PRIMARY KEY REFERENCES outbox_message,
        consortium text NOT NULL,
        institution text NOT NULL,
        month text NOT NULL,
        needed integer NOT NULL CHECK (needed >= 0),
        uploaded integer NOT NULL CHECK (uploaded >= 0)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE settlement_list_count, settlement_list, settlement_list_supplement',
    );
  }
}

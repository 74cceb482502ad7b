import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people decide about audit rules: their status here, who approved them, when a review was opened again, local exemptions. */
export class GovernanceTables1704067451000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [STATE, APPROVAL, TRIAL_VERDICT, REOPENED, EXEMPTION])
      await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE audit_exemption, rule_reopened, rule_trial_verdict, rule_approval, rule_state',
    );
  }
}

/** Append-only: the last row of a rule is its status. */
const STATE = `
  CREATE TABLE rule_state (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    rule_id text NOT NULL,
    rule_version text NOT NULL,
    status text NOT NULL CHECK (status IN ('DRAFT', 'REVIEW', 'SHADOW', 'ACTIVE', 'SUSPENDED', 'RETIRED')),
    decided_by text NOT NULL CHECK (decided_by <> ''),
    reason text NOT NULL CHECK (reason <> ''),
    decided_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX rule_state_rule ON rule_state (consortium, rule_id, decision_id DESC);`;

const APPROVAL = `
  CREATE TABLE rule_approval (
    consortium text NOT NULL,
    rule_id text NOT NULL,
    rule_version text NOT NULL,
    aspect text NOT NULL CHECK (aspect IN ('policy', 'clinical', 'engineering')),
    approved_by text NOT NULL CHECK (approved_by <> ''),
    note text NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consortium, rule_id, rule_version, aspect)
  );`;

/** What a rule's owner says of a finding that carries no money yet. */
const TRIAL_VERDICT = `
  CREATE TABLE rule_trial_verdict (
    consortium text NOT NULL,
    finding_id text NOT NULL,
    rule_id text NOT NULL,
    rule_version text NOT NULL,
    is_right boolean NOT NULL,
    judged_by text NOT NULL CHECK (judged_by <> ''),
    note text NOT NULL CHECK (note <> ''),
    judged_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consortium, finding_id)
  );
  CREATE INDEX rule_trial_verdict_rule ON rule_trial_verdict (consortium, rule_id);`;

const REOPENED = `
  CREATE TABLE rule_reopened (
    consortium text NOT NULL,
    rule_id text NOT NULL,
    month text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),   -- in which the appeals were upheld
    upheld integer NOT NULL CHECK (upheld > 0),
    opened_at timestamptz NOT NULL DEFAULT now(),
    closed_by text,
    closed_at timestamptz,
    outcome text,
    PRIMARY KEY (consortium, rule_id, month),
    CHECK ((closed_by IS NULL) = (closed_at IS NULL) AND (closed_by IS NULL) = (outcome IS NULL))
  );`;

const EXEMPTION = `
  CREATE TABLE audit_exemption (
    consortium text NOT NULL,
    name text NOT NULL CHECK (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    content jsonb NOT NULL,               -- as in the site's audit/exemptions.yaml, without approvedBy
    proposed_by text NOT NULL CHECK (proposed_by <> ''),
    proposed_at timestamptz NOT NULL DEFAULT now(),
    approved_by text,
    approved_at timestamptz,
    ended_by text,
    ended_at timestamptz,
    end_reason text,
    PRIMARY KEY (consortium, name),
    CHECK (approved_by <> proposed_by),   -- two people
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
  );`;

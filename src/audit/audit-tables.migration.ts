import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Audit runs, findings and what people decided. Findings are replaced month by month by each run and keep their ids; decisions and
 * deductions stay. Money in fen.
 */
export class AuditTables1704067230000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [RUN, FINDING, FINDING_DETAIL, COVERAGE, DECISION, DEDUCTION]) {
      await runner.query(table);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE deduction, review_decision, audit_coverage, finding_line, finding_claim, finding_share, finding, audit_run',
    );
  }
}

const fen = (name: string): string =>
  `${name} bigint NOT NULL CHECK (${name} BETWEEN 0 AND 1000000000000000)`;

const RUN = `
  CREATE TABLE audit_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    months text[] NOT NULL,
    persons integer,                      -- how many were audited anew; null: everybody
    through_batch bigint NOT NULL,        -- everything that landed in batches up to this one was read
    rules_digest text NOT NULL,           -- rules, exemptions, settings
    knowledge_release text NOT NULL,
    result_digest text NOT NULL,
    claims integer NOT NULL,
    lines bigint NOT NULL,
    findings integer NOT NULL,
    ${fen('amount_fen')},
    finished_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX audit_run_consortium ON audit_run (consortium, run_id);`;

const FINDING = `
  CREATE TABLE finding (
    consortium text NOT NULL,
    month text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    finding_id text NOT NULL,
    run_id bigint NOT NULL REFERENCES audit_run,
    rule_id text NOT NULL,
    rule_version text NOT NULL,
    class text NOT NULL CHECK (class IN ('HARD', 'SUSP', 'CLUE', 'REMIND', 'RETURN')),
    mode text NOT NULL CHECK (mode IN ('active', 'shadow', 'dismissed')),
    role text NOT NULL CHECK (role IN ('primary', 'corroboration')),
    primary_finding_id text,
    certainty text NOT NULL CHECK (certainty IN ('core', 'watch')),
    deduction_basis text NOT NULL,
    money text NOT NULL CHECK (money IN ('exact', 'panel', 'record-only', 'none')),
    institution text NOT NULL,            -- where the first violating claim took place
    claim_no text NOT NULL,
    person_id text NOT NULL,
    ${fen('amount_fen')},
    message text NOT NULL,
    content jsonb NOT NULL,               -- the finding as heyi audit prints it: facts, evidence, lines, shares
    PRIMARY KEY (consortium, month, finding_id),
    CHECK (role = 'primary' OR amount_fen = 0),
    CHECK ((role = 'corroboration') = (primary_finding_id IS NOT NULL))
  );
  CREATE INDEX finding_rule ON finding (consortium, month, rule_id);
  CREATE INDEX finding_by_id ON finding (consortium, finding_id);`;

const FINDING_DETAIL = `
  CREATE TABLE finding_share (
    consortium text NOT NULL,
    month text NOT NULL,
    finding_id text NOT NULL,
    institution text NOT NULL,
    settled_by text NOT NULL,
    pool text NOT NULL CHECK (pool IN ('employee', 'resident')),
    ${fen('amount_fen')},
    ${fen('pooled_fund_fen')},
    ${fen('critical_illness_fen')},
    ${fen('large_expense_fen')},
    ${fen('medical_aid_fen')},
    PRIMARY KEY (consortium, month, finding_id, institution, settled_by, pool),
    FOREIGN KEY (consortium, month, finding_id) REFERENCES finding ON DELETE CASCADE,
    CHECK (amount_fen = pooled_fund_fen + critical_illness_fen + large_expense_fen + medical_aid_fen)
  );
  CREATE TABLE finding_claim (
    consortium text NOT NULL,
    month text NOT NULL,
    finding_id text NOT NULL,
    institution text NOT NULL,
    claim_no text NOT NULL,
    settled_on date NOT NULL,
    role text NOT NULL CHECK (role IN ('violating', 'involved')),
    PRIMARY KEY (consortium, month, finding_id, institution, claim_no),
    FOREIGN KEY (consortium, month, finding_id) REFERENCES finding ON DELETE CASCADE
  );
  CREATE INDEX finding_claim_claim ON finding_claim (consortium, institution, claim_no);
  CREATE TABLE finding_line (
    consortium text NOT NULL,
    month text NOT NULL,
    finding_id text NOT NULL,
    institution text NOT NULL,
    claim_no text NOT NULL,
    line_no text NOT NULL,
    settled_on date NOT NULL,
    role text NOT NULL CHECK (role IN ('violating', 'involved')),
    quantity numeric(18,4) NOT NULL,      -- of a violating line the units at stake
    ${fen('amount_fen')},
    PRIMARY KEY (consortium, month, finding_id, institution, claim_no, line_no),
    FOREIGN KEY (consortium, month, finding_id) REFERENCES finding ON DELETE CASCADE
  );`;

const COVERAGE = `
  CREATE TABLE audit_coverage (
    consortium text NOT NULL,
    month text NOT NULL,
    rule_id text NOT NULL,
    institution text NOT NULL,
    examined bigint NOT NULL,
    hits bigint NOT NULL,
    exempted bigint NOT NULL,
    below_minimum bigint NOT NULL,
    not_applicable jsonb NOT NULL,        -- reason → times
    PRIMARY KEY (consortium, month, rule_id, institution)
  );`;

const DECISION = `
  CREATE TABLE review_decision (
    consortium text NOT NULL,
    finding_id text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('confirmed', 'dismissed')),
    decided_by text NOT NULL CHECK (decided_by <> ''),
    reason text NOT NULL CHECK (reason <> ''),
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (consortium, finding_id)
  );`;

/** Settlement reads this table and knows nothing of findings. A deduction is never changed, only posted. */
const DEDUCTION = `
  CREATE TABLE deduction (
    consortium text NOT NULL,
    deduction_id text NOT NULL,           -- finding id and position of its share
    finding_id text NOT NULL,
    rule_id text NOT NULL,
    rule_title text NOT NULL,
    institution text NOT NULL,            -- where the care took place
    settled_by text NOT NULL,             -- who settles it: a clinic's township centre
    pool text NOT NULL CHECK (pool IN ('employee', 'resident')),
    month text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    ${fen('amount_fen')},
    ${fen('pooled_fund_fen')},
    ${fen('critical_illness_fen')},
    ${fen('large_expense_fen')},
    ${fen('medical_aid_fen')},
    confirmed_at timestamptz NOT NULL,
    confirmed_by text NOT NULL,
    reason text NOT NULL,
    posted_monthly_fen bigint NOT NULL DEFAULT 0,
    posted_annual_fen bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (consortium, deduction_id),
    CHECK (posted_monthly_fen >= 0 AND posted_annual_fen >= 0),
    CHECK (posted_monthly_fen + posted_annual_fen <= amount_fen)
  );
  CREATE INDEX deduction_month ON deduction (consortium, month, settled_by);`;

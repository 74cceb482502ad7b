import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Settlement runs, their figures with traces, double-entry postings, scored DIP cases and deductions taken. One run of a period is
 * current; a later version supersedes it and is kept beside it, its postings reversed. Money is in fen.
 */
export class SettlementTables1704067240000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [RUN, FIGURE, POSTING, DIP_CASE, DEDUCTION_TAKEN]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE deduction_taken, dip_case, posting, figure, settlement_run;
      DROP FUNCTION assert_voucher_balanced`);
  }
}

const fen = (name: string): string =>
  `${name} bigint CHECK (${name} BETWEEN -1000000000000000 AND 1000000000000000)`;

const RUN = `
  CREATE TABLE settlement_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('start', 'month', 'release', 'year')),
    period text NOT NULL,                 -- a month for month and release, a year for start and year
    version integer NOT NULL CHECK (version >= 1),
    current boolean NOT NULL DEFAULT true,
    region text NOT NULL,
    inputs_digest text NOT NULL,
    policy_digest text NOT NULL,
    knowledge_digest text NOT NULL,       -- of the DIP rule package and catalogue; empty for a month
    result_digest text NOT NULL,
    facts jsonb NOT NULL,                 -- what it was computed from, amounts and decimals as tagged text
    policy jsonb NOT NULL,                -- the parameters it used, and its steps
    reverses bigint REFERENCES settlement_run, -- a run that only takes another one back
    reason text,                          -- why it was taken back
    started_at timestamptz NOT NULL,
    closed_at timestamptz,
    UNIQUE (consortium, kind, period, version),
    CHECK (period ~ CASE WHEN kind IN ('month', 'release') THEN '^[0-9]{4}-(0[1-9]|1[0-2])$' ELSE '^[0-9]{4}$' END),
    CHECK ((reverses IS NULL) = (reason IS NULL))
  );
  CREATE UNIQUE INDEX settlement_run_current ON settlement_run (consortium, kind, period) WHERE current;`;

const FIGURE = `
  CREATE TABLE figure (
    run_id bigint NOT NULL REFERENCES settlement_run,
    figure_id text NOT NULL,              -- region.period.pool.key
    position integer NOT NULL,
    pool text NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    unit text NOT NULL CHECK (unit IN ('yuan', 'ratio', 'points', 'yuan-per-point')),
    ${fen('amount_fen')},                 -- null unless unit is yuan
    value text NOT NULL,                  -- as reports show it
    clause text NOT NULL,
    content jsonb NOT NULL,               -- the whole figure: formula, inputs, trace, claims
    PRIMARY KEY (run_id, figure_id),
    CHECK ((unit = 'yuan') = (amount_fen IS NOT NULL))
  );
  CREATE INDEX figure_by_id ON figure (figure_id);`;

const POSTING = `
  CREATE TABLE posting (
    run_id bigint NOT NULL REFERENCES settlement_run,
    voucher text NOT NULL,
    account text NOT NULL CHECK (account ~ '^(agency|lead|receivable|(receivable|member|reserve):.+)$'),
    pool text NOT NULL CHECK (pool IN ('employee', 'resident')),
    fund text NOT NULL,                   -- pooled: the pooled fund with what the region's budget unites with it
    ${fen('amount_fen')} NOT NULL,
    reverses bigint REFERENCES settlement_run, -- the run that this posting takes back
    PRIMARY KEY (run_id, voucher, account, fund)
  );
  CREATE INDEX posting_by_account ON posting (account);
  CREATE FUNCTION assert_voucher_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM posting WHERE run_id = NEW.run_id AND voucher = NEW.voucher GROUP BY fund HAVING sum(amount_fen) <> 0) THEN
      RAISE EXCEPTION 'voucher % of run % does not sum to zero', NEW.voucher, NEW.run_id;
    END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT OR UPDATE ON posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_voucher_balanced();`;

/**
 * Cases are written while the run is being computed, before its row, in one transaction. They are read a run at a time, one row for each
 * place of treatment, case and pool by construction: a key checked a million times would cost more than all the rest.
 */
const DIP_CASE = `
  CREATE TABLE dip_case (
    run_id bigint NOT NULL,               -- of settlement_run
    institution text NOT NULL,            -- where the care took place
    case_no text NOT NULL,                -- claim number of the stay
    pool text NOT NULL,
    settled_by text NOT NULL,
    ${fen('cost_fen')} NOT NULL,
    ${fen('booked_fen')} NOT NULL,
    group_code text,                      -- null: no entry of the catalogue fits
    points numeric(20,8),                 -- null: score 0, paid at actual
    review boolean NOT NULL
  );
  CREATE INDEX dip_case_run ON dip_case USING brin (run_id);`;

const DEDUCTION_TAKEN = `
  CREATE TABLE deduction_taken (
    run_id bigint NOT NULL REFERENCES settlement_run,
    deduction_id text NOT NULL,
    settled_by text NOT NULL,
    pool text NOT NULL,
    ${fen('amount_fen')} NOT NULL,
    PRIMARY KEY (run_id, deduction_id)
  );`;

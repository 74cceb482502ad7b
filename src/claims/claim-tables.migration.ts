import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Canonical claims, range-partitioned by settlement day: a partition a month, made by `ensure_claim_partitions`. Within a month,
 * `claim_line` is divided once more: a member whose month came in one large read has a partition of its own, all others share the
 * month's `_rest` (docs/decisions/0140). `period` is the accounting month: the month of settlement, or the open month when a row
 * arrived or changed after its own month was closed. Columns mean what src/claims/claim.ts says; money is in fen.
 */
export class ClaimTables1704067200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PERIOD);
    await runner.query(PERSON);
    await runner.query(CLAIM);
    await runner.query(CLAIM_LINE);
    await runner.query(CLAIM_CODES);
    await runner.query(PARTITIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE claim_procedure, claim_diagnosis, claim_line, claim, person, settlement_period; DROP FUNCTION ensure_claim_partitions',
    );
  }
}

const fen = (name: string): string =>
  `${name} bigint NOT NULL CHECK (${name} BETWEEN -1000000000000000 AND 1000000000000000)`;

/** A month without a row is open. A closed month never takes rows again. */
const PERIOD = `
  CREATE TABLE settlement_period (
    consortium text NOT NULL,
    month text NOT NULL CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    closed_at timestamptz NOT NULL,
    closed_by_run bigint NOT NULL,
    PRIMARY KEY (consortium, month)
  );`;

const PERSON = `
  CREATE TABLE person (
    consortium text NOT NULL,
    person_id text NOT NULL,              -- insured-person number
    certificate_hash text,                -- keyed hash, never the number itself
    sex text NOT NULL CHECK (sex IN ('male', 'female', 'unknown')),
    birth_date date,
    first_batch_id bigint NOT NULL,
    PRIMARY KEY (consortium, person_id)
  );
  CREATE INDEX person_certificate ON person (consortium, certificate_hash);`;

const CLAIM = `
  CREATE TABLE claim (
    consortium text NOT NULL,
    settled_on date NOT NULL,
    institution text NOT NULL,            -- performedAt
    claim_no text NOT NULL,
    settled_by text NOT NULL,
    level text NOT NULL CHECK (level IN ('village', 'primary', 'secondary', 'tertiary')),
    period text NOT NULL CHECK (period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    version integer NOT NULL DEFAULT 1,
    content_hash text NOT NULL,
    batch_id bigint NOT NULL,
    raw_row integer NOT NULL,             -- row number within the raw batch
    refund_of text,
    person_id text NOT NULL,
    sex text NOT NULL CHECK (sex IN ('male', 'female', 'unknown')),
    birth_date date,
    pool text NOT NULL CHECK (pool IN ('employee', 'resident')),
    care_type text NOT NULL,
    treatment_area text NOT NULL CHECK (treatment_area IN ('local', 'in-province', 'cross-province')),
    channel text NOT NULL CHECK (channel IN ('direct', 'manual')),
    cause text NOT NULL CHECK (cause IN ('ordinary', 'public-health-emergency')),
    settled_at timestamp NOT NULL CHECK (settled_at::date = settled_on),
    admitted_at text,                     -- date or date-time, as precise as the source
    discharged_at text,
    discharge_mode text,
    department text,
    ${fen('total_fee_fen')},
    ${fen('eligible_fen')},
    ${fen('deductible_fen')},
    ${fen('pooled_fund_paid_fen')},
    ${fen('critical_illness_paid_fen')},
    ${fen('large_expense_paid_fen')},
    ${fen('medical_aid_paid_fen')},
    ${fen('fund_paid_fen')},
    ${fen('account_paid_fen')},
    ${fen('cash_paid_fen')},
    agency_group_code text,
    ${fen('group_standard_fen')} DEFAULT 0,  -- 0: the source does not say
    PRIMARY KEY (consortium, settled_on, institution, claim_no)
  ) PARTITION BY RANGE (settled_on);
  CREATE INDEX claim_natural_key ON claim (consortium, institution, claim_no);
  CREATE INDEX claim_person ON claim (consortium, person_id, settled_on);
  CREATE INDEX claim_period ON claim (consortium, period);`;

const CLAIM_LINE = `
  CREATE TABLE claim_line (
    consortium text NOT NULL,
    settled_on date NOT NULL,
    institution text NOT NULL,
    claim_no text NOT NULL,
    line_no text NOT NULL,
    content_hash text NOT NULL,
    batch_id bigint NOT NULL,
    raw_row integer NOT NULL,
    charged_on date NOT NULL,
    charged_time time,                    -- null: the source gives no hour
    item_code text,                       -- national; null while the local code has no mapping
    institution_item_code text NOT NULL,
    item_name text NOT NULL,
    item_kind text NOT NULL CHECK (item_kind IN ('drug', 'tcm-piece', 'service', 'material')),
    quantity numeric(18,4) NOT NULL CHECK (quantity BETWEEN -100000000 AND 100000000),
    unit_price numeric(18,6) NOT NULL CHECK (unit_price BETWEEN 0 AND 1000000000),
    ${fen('line_amount_fen')},
    ${fen('line_eligible_fen')},
    prescription_no text,
    department text,
    doctor text,
    fee_class text,
    days_supply smallint,
    trace_codes text,                     -- with a comma between two
    -- Rows come by day and claim, and a partition is one member's: the columns that tell two of them apart go first, so that building
    -- the key compares little (a third of the time).
    PRIMARY KEY (settled_on, claim_no, line_no, institution, consortium)
  ) PARTITION BY RANGE (settled_on);
  CREATE INDEX claim_batch ON claim USING brin (batch_id);
  CREATE INDEX claim_line_batch ON claim_line USING brin (batch_id);`;

const CLAIM_CODES = `
  CREATE TABLE claim_diagnosis (
    consortium text NOT NULL,
    settled_on date NOT NULL,
    institution text NOT NULL,
    claim_no text NOT NULL,
    sequence integer NOT NULL,
    code text NOT NULL,                   -- national (insured edition); the local code when it has no mapping
    institution_code text NOT NULL,
    is_principal boolean NOT NULL,
    batch_id bigint NOT NULL,
    raw_row integer NOT NULL,
    PRIMARY KEY (consortium, settled_on, institution, claim_no, sequence)
  ) PARTITION BY RANGE (settled_on);
  CREATE TABLE claim_procedure (
    consortium text NOT NULL,
    settled_on date NOT NULL,
    institution text NOT NULL,
    claim_no text NOT NULL,
    sequence integer NOT NULL,
    code text NOT NULL,
    institution_code text NOT NULL,
    is_principal boolean NOT NULL,
    performed_on date,
    batch_id bigint NOT NULL,
    raw_row integer NOT NULL,
    PRIMARY KEY (consortium, settled_on, institution, claim_no, sequence)
  ) PARTITION BY RANGE (settled_on);`;

const PARTITIONS = `
  CREATE FUNCTION ensure_claim_partitions(month text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    first date := (month || '-01')::date;
    suffix text := replace(month, '-', '_');
    parent text;
    part text;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ensure_claim_partitions'));
    FOREACH parent IN ARRAY ARRAY['claim', 'claim_line', 'claim_diagnosis', 'claim_procedure'] LOOP
      part := parent || '_' || suffix;
      CONTINUE WHEN to_regclass(part) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)%s', part, parent, first,
        first + interval '1 month', CASE WHEN parent = 'claim_line' THEN ' PARTITION BY LIST (institution)' ELSE '' END);
      IF parent = 'claim_line' THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', part || '_rest', part);
      END IF;
    END LOOP;
  END $$;`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What happens to claims after they landed: withdrawn at the source, changed after their month was closed, refunded; and what each
 * member says of a person. Money is in fen.
 */
export class AdjustmentTables1704067221000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [ROLES, ADJUSTMENT, WITHDRAWN, ASSERTION, VIEWS]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW refund_pair, claim_change, claim_standing;
      DROP TABLE person_assertion, withdrawn_row, claim_adjustment;
      DROP INDEX claim_adjusts, claim_reverses, claim_refund;
      ALTER TABLE batch DROP COLUMN withdrawn_rows, DROP COLUMN compared;
      ALTER TABLE claim DROP COLUMN adjusts, DROP COLUMN reverses, DROP COLUMN adjustment`);
  }
}

const fen = (name: string): string =>
  `${name} bigint NOT NULL CHECK (${name} BETWEEN -2000000000000000 AND 2000000000000000)`;

/** Amounts of a claim, in the order of its columns. */
const AMOUNTS = [
  'total_fee_fen',
  'eligible_fen',
  'deductible_fen',
  'pooled_fund_paid_fen',
  'critical_illness_paid_fen',
  'large_expense_paid_fen',
  'medical_aid_paid_fen',
  'fund_paid_fen',
  'account_paid_fen',
  'cash_paid_fen',
] as const;

const ROLES = `
  ALTER TABLE claim
    ADD COLUMN adjusts text,              -- claim number at the source that this row reverses or books anew; null: an ordinary row
    ADD COLUMN reverses text,             -- claim_no of the row that this one takes back (红冲); its amounts are that row's, negated
    ADD COLUMN adjustment integer NOT NULL DEFAULT 0;
  CREATE INDEX claim_adjusts ON claim (consortium, institution, adjusts) WHERE adjusts IS NOT NULL;
  CREATE INDEX claim_reverses ON claim (consortium, institution, settled_on, reverses) WHERE reverses IS NOT NULL;
  CREATE INDEX claim_refund ON claim (consortium, institution, refund_of) WHERE refund_of IS NOT NULL;
  ALTER TABLE batch
    ADD COLUMN withdrawn_rows bigint NOT NULL DEFAULT 0,
    ADD COLUMN compared boolean NOT NULL DEFAULT false; -- whether rows that the source no longer has were looked for`;

const ADJUSTMENT = `
  CREATE TABLE claim_adjustment (
    consortium text NOT NULL,
    institution text NOT NULL,
    claim_no text NOT NULL,               -- as the source knows it
    adjustment integer NOT NULL CHECK (adjustment >= 1),
    reason text NOT NULL CHECK (reason IN ('changed', 'deleted', 'late')), -- late: it had been deleted and is there again
    settled_on date NOT NULL,
    settled_by text NOT NULL,
    pool text NOT NULL,
    person_id text NOT NULL,
    former_period text NOT NULL,          -- accounting month of what stood before
    period text NOT NULL,                 -- open month that carries the difference
    former_version integer NOT NULL,
    standing_no text,                     -- claim_no of the row that stands now; null: none
    standing_on date,
    batch_id bigint NOT NULL REFERENCES batch,
    ${AMOUNTS.map(fen).join(',\n    ')},
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consortium, institution, claim_no, adjustment),
    CHECK ((standing_no IS NULL) = (reason = 'deleted') AND (standing_no IS NULL) = (standing_on IS NULL))
  );
  CREATE INDEX claim_adjustment_period ON claim_adjustment (consortium, period);
  CREATE INDEX claim_adjustment_batch ON claim_adjustment (consortium, batch_id);`;

const WITHDRAWN = `
  CREATE TABLE withdrawn_row (
    consortium text NOT NULL,
    institution text NOT NULL,
    stream text NOT NULL CHECK (stream IN ('claims', 'lines', 'diagnoses', 'procedures')),
    natural_key text NOT NULL,            -- as in quarantine: parts joined by U+001F
    settled_on date NOT NULL,
    period text,                          -- null: its claim never landed
    person_id text,
    ${fen('amount_fen')},
    content jsonb NOT NULL,               -- the row as it stood
    landed_batch_id bigint NOT NULL,
    raw_row integer NOT NULL,
    batch_id bigint NOT NULL REFERENCES batch, -- the read that no longer found it
    withdrawn_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consortium, institution, stream, natural_key, batch_id)
  );
  CREATE INDEX withdrawn_row_batch ON withdrawn_row (consortium, batch_id);`;

const ASSERTION = `
  CREATE TABLE person_assertion (
    consortium text NOT NULL,
    person_id text NOT NULL,
    institution text NOT NULL,            -- who says so
    certificate_hash text NOT NULL,       -- '' when it says nothing of it
    standing integer NOT NULL,            -- place of the member in the consortium's list: the first is believed
    sex text NOT NULL,
    birth_date date,
    batch_id bigint NOT NULL REFERENCES batch,
    raw_row integer,                      -- of its register; null: said on a claim
    PRIMARY KEY (consortium, person_id, institution, certificate_hash)
  );
  CREATE INDEX person_assertion_certificate ON person_assertion (consortium, certificate_hash) WHERE certificate_hash <> '';`;

const VIEWS = `
  CREATE VIEW claim_standing AS          -- every claim once, as its source tells it now
    SELECT c.*, coalesce(c.adjusts, c.claim_no) AS source_claim_no FROM claim c
    WHERE c.reverses IS NULL AND NOT EXISTS (
      SELECT FROM claim r WHERE r.consortium = c.consortium AND r.institution = c.institution
        AND r.settled_on = c.settled_on AND r.reverses = c.claim_no);
  CREATE VIEW claim_change AS            -- everything that came to its month too late, in the month that carries it
    SELECT consortium, institution, claim_no, adjustment, reason, settled_on, settled_by, pool, person_id, former_period,
           period, batch_id, ${AMOUNTS.join(', ')}
    FROM claim_adjustment
    UNION ALL
    SELECT consortium, institution, claim_no, 0, 'late', settled_on, settled_by, pool, person_id,
           to_char(settled_on, 'YYYY-MM'), period, batch_id, ${AMOUNTS.join(', ')}
    FROM claim WHERE adjusts IS NULL AND period <> to_char(settled_on, 'YYYY-MM');
  CREATE VIEW refund_pair AS
    SELECT r.consortium, r.institution, r.source_claim_no AS claim_no, r.refund_of, r.settled_on, r.settled_by, r.pool,
           r.period, r.batch_id, r.total_fee_fen, r.fund_paid_fen, o.settled_on AS original_settled_on,
           o.period AS original_period, o.total_fee_fen AS original_fee_fen, t.refunded_fen,
           CASE WHEN o.claim_no IS NULL THEN 'unpaired'
                WHEN o.person_id <> r.person_id THEN 'other-person'
                WHEN o.pool <> r.pool THEN 'other-pool'
                WHEN o.total_fee_fen + t.refunded_fen < 0 OR o.fund_paid_fen + t.refunded_fund_fen < 0 THEN 'over-refund'
                WHEN o.total_fee_fen + t.refunded_fen = 0 THEN 'full'
                ELSE 'partial' END AS state
    FROM claim_standing r
    JOIN (SELECT consortium, institution, refund_of, sum(total_fee_fen) AS refunded_fen, sum(fund_paid_fen) AS refunded_fund_fen
          FROM claim_standing WHERE refund_of IS NOT NULL GROUP BY consortium, institution, refund_of) t
      USING (consortium, institution, refund_of)
    LEFT JOIN claim_standing o ON o.consortium = r.consortium AND o.institution = r.institution
      AND o.source_claim_no = r.refund_of AND o.refund_of IS NULL
    WHERE r.refund_of IS NOT NULL;`;

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What has to be done, what was done and what came of it. The queue only carries it out: its jobs may be lost and made again from
 * these rows at any time.
 *
 * `round`        grows each time somebody demands a whole run anew (a feed delivered twice, a correction)
 * `epoch`        grows each time a queue job is made for the work: part of the job's id, so that older jobs are recognised
 * `lease_epoch`  grows each time a worker starts the work: an older holder can no longer commit
 * `relay`        a job for the present epoch waits to be handed to a queue outside this database
 * `source`       the member whose source the work reads; `parked_at`: since when it waits for its turn there
 */
export class WorkTables1704067260000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RUN);
    await runner.query(ITEM);
    await runner.query(RUN_STATE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW work_run_state; DROP TABLE work_item, work_run');
  }
}

const RUN = `
  CREATE TABLE work_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('backfill', 'night', 'start', 'release', 'year', 'sync-compare', 'sync-backfill')),
    subject text NOT NULL,                -- month, day, year or stretch of a member's days, as the kind says
    round integer NOT NULL CHECK (round >= 1),
    demanded_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (consortium, kind, subject)
  );`;

const ITEM = `
  CREATE TABLE work_item (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES work_run,
    consortium text NOT NULL,
    kind text NOT NULL,
    business_key text NOT NULL UNIQUE,
    queue text NOT NULL,
    stage integer NOT NULL CHECK (stage >= 0),  -- starts when every item of the lower stages has ended
    payload jsonb NOT NULL,
    most_attempts integer NOT NULL CHECK (most_attempts >= 3),
    round integer NOT NULL CHECK (round >= 1),
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'done', 'failed')),
    epoch integer NOT NULL DEFAULT 1,
    lease_epoch integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    queued_at timestamptz NOT NULL DEFAULT now(),
    relay boolean NOT NULL DEFAULT false,
    source text,
    parked_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    last_error jsonb,                     -- {code, recovery, message, remedy}
    result jsonb
  );
  CREATE INDEX work_item_run ON work_item (run_id, stage);
  CREATE INDEX work_item_open ON work_item (due_at) WHERE state IN ('pending', 'running');
  CREATE INDEX work_item_relay ON work_item (run_id) WHERE relay;
  CREATE INDEX work_item_parked ON work_item (source, parked_at) WHERE parked_at IS NOT NULL;`;

/** A run is green only when all its work is done and each batch in it proved complete. */
const RUN_STATE = `
  CREATE VIEW work_run_state AS
  SELECT r.id, r.consortium, r.kind, r.subject, r.round, r.demanded_at,
         count(*)::integer AS items,
         (count(*) FILTER (WHERE i.state = 'done'))::integer AS done,
         (count(*) FILTER (WHERE i.state = 'failed'))::integer AS failed,
         max(i.finished_at) AS finished_at,
         CASE
           WHEN bool_or(i.state IN ('pending', 'running')) THEN 'running'
           WHEN bool_or(i.state = 'failed') THEN 'failed'
           WHEN bool_or(coalesce((i.result ->> 'incomplete')::boolean, false)) THEN 'incomplete'
           ELSE 'complete'
         END AS state
    FROM work_run r JOIN work_item i ON i.run_id = r.id
   GROUP BY r.id;`;

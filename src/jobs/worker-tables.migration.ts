import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is working, and who may read which member's source at the moment. Both tables may be emptied at any time. */
export class WorkerTables1704067261000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WORKER);
    await runner.query(SOURCE_LEASE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE source_lease, worker_process; DROP SEQUENCE source_lease_epoch');
  }
}

const WORKER = `
  CREATE TABLE worker_process (
    id uuid PRIMARY KEY,                  -- one start of one process
    host text NOT NULL,
    pid integer NOT NULL,
    role text NOT NULL,
    version text NOT NULL,
    backend text NOT NULL CHECK (backend IN ('postgres', 'redis')),
    state text NOT NULL CHECK (state IN ('working', 'fenced')),
    clock_skew_ms integer NOT NULL,       -- ahead of this database: above 0
    current bigint[] NOT NULL,            -- work in hand
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
  );`;

/** A seat at a member's source. Its time is this database's, not the holder's. */
const SOURCE_LEASE = `
  CREATE SEQUENCE source_lease_epoch;
  CREATE TABLE source_lease (
    institution text NOT NULL,
    seat integer NOT NULL CHECK (seat >= 1),
    holder uuid NOT NULL,
    item bigint NOT NULL,
    epoch bigint NOT NULL,                -- of all leases ever given: an older holder can no longer commit
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (institution, seat)
  );`;

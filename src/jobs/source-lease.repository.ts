import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { SourceLeaseLostError } from './errors.js';
import type { ParkedJob } from './work-queue.service.js';

/** A seat at a member's source: one reader, for one piece of work. */
export interface SourceLease {
  readonly institution: string;
  readonly seat: number;
  readonly epoch: string;
}

export interface LeaseRequest {
  readonly institution: string;
  /** Seats there are, over all hosts. */
  readonly seats: number;
  readonly holder: string;
  readonly item: string;
  readonly forMs: number;
}

/** Who reads which member's source, and who waits for it. Times are the database's, so that hosts need not agree on theirs. */
@Injectable()
export class SourceLeaseRepository {
  constructor(@Inject(DATABASE_POOL) private readonly pool: pg.Pool) {}

  /** Null when every seat is taken by somebody whose time has not run out. */
  async take(request: LeaseRequest): Promise<SourceLease | null> {
    const { institution, seats, holder, item, forMs } = request;
    const { rows } = await this.pool.query(TAKE, [institution, seats, holder, item, forMs]);
    return rows[0] ?? null;
  }

  /** Prolongs leases and returns the epochs of those that still stand; one that is missing there has gone to somebody else. */
  async renew(epochs: readonly string[], forMs: number): Promise<ReadonlySet<string>> {
    const { rows } = await this.pool.query<{ epoch: string }>(
      `UPDATE source_lease SET expires_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
        WHERE epoch = ANY($1::bigint[]) RETURNING epoch`,
      [epochs, forMs],
    );
    return new Set(rows.map(({ epoch }) => epoch));
  }

  /** Gives a seat back. @returns the work that has waited longest for it */
  async release({ institution, seat, epoch }: SourceLease): Promise<ParkedJob | null> {
    const { rows } = await this.pool.query<ParkedJob>(RELEASE, [institution, seat, epoch]);
    return rows[0] ?? null;
  }

  /**
   * Locks the seat until the caller's transaction ends.
   *
   * @throws SourceLeaseLostError when somebody else has been given it
   */
  async assertHeld(client: pg.PoolClient, lease: SourceLease): Promise<void> {
    const { institution, seat, epoch } = lease;
    const { rowCount } = await client.query(
      'SELECT 1 FROM source_lease WHERE institution = $1 AND seat = $2 AND epoch = $3 FOR SHARE',
      [institution, seat, epoch],
    );
    if (rowCount !== 1) throw new SourceLeaseLostError('来源已由另一个进程读取', { institution });
  }

  /**
   * Notes that work waits for a member's source; its place in line is when it first asked.
   *
   * @returns milliseconds until the first seat there runs out, should its holder not prolong it; null: no seat is taken
   */
  async park(item: string, institution: string): Promise<number | null> {
    const { rows } = await this.pool.query<{ ms: number | null }>(
      `WITH parked AS (
         UPDATE work_item SET parked_at = coalesce(parked_at, clock_timestamp()) WHERE id = $1)
       SELECT (extract(epoch FROM min(expires_at) - clock_timestamp()) * 1000)::float8 AS ms
         FROM source_lease WHERE institution = $2`,
      [item, institution],
    );
    return rows[0]?.ms ?? null;
  }
}

/**
 * Two that ask at once may choose the same free seat: one of them gets nothing and asks again. Seats are worth nothing after a power cut:
 * nobody waits for the disk.
 */
const TAKE = `
  INSERT INTO source_lease AS l (institution, seat, holder, item, epoch, expires_at)
  SELECT $1, s.seat, $3, $4, nextval('source_lease_epoch'),
         clock_timestamp() + make_interval(secs => $5::float8 / 1000)
    FROM generate_series(1, $2::integer) AS s(seat)
   WHERE NOT EXISTS (SELECT 1 FROM source_lease t WHERE t.institution = $1 AND t.seat = s.seat
                        AND t.expires_at > clock_timestamp())
     AND (SELECT count(*) FROM source_lease t WHERE t.institution = $1
             AND t.expires_at > clock_timestamp()) < $2
   ORDER BY s.seat LIMIT 1
  ON CONFLICT (institution, seat) DO UPDATE
     SET holder = excluded.holder, item = excluded.item, epoch = excluded.epoch, expires_at = excluded.expires_at
   WHERE l.expires_at <= clock_timestamp()
  RETURNING institution, seat, epoch, set_config('synchronous_commit', 'off', true)`;

const RELEASE = `
  WITH released AS (
    DELETE FROM source_lease WHERE institution = $1 AND seat = $2 AND epoch = $3
    RETURNING set_config('synchronous_commit', 'off', true))
  SELECT queue, business_key AS "businessKey", epoch FROM work_item
   WHERE source = $1 AND parked_at IS NOT NULL AND state IN ('pending', 'running')
   ORDER BY parked_at, id LIMIT 1`;

import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** A moment in the life of a row. `when` is an SQL condition over NEW (or OLD, for a deletion). */
export interface Moment {
  readonly table: string;
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE';
  readonly when?: string;
  /** The how-manieth such event, from 1. */
  readonly nth?: number;
  /** A table of the laboratory's own that the one who was caught reads as soon as it is let go. */
  readonly thenReads?: string;
}

/** The backend that stepped into the trap, and whose connection it is. */
export interface Caught {
  readonly backend: number;
  readonly application: string;
}

/**
 * Stops the product at a named row event, from outside: a trigger in the experiment's own database waits for a lock that the laboratory
 * holds. What the waiting transaction did so far is not committed. Counting is done by a sequence, so that it survives rollbacks, and
 * the trap springs once.
 */
export class Trap {
  private static count = 0;

  private released: boolean = false;

  private constructor(
    private readonly holder: pg.PoolClient,
    private readonly key: number,
  ) {}

  static async set(pool: pg.Pool, moment: Moment): Promise<Trap> {
    Trap.count += 1;
    const key = 7_700_000 + Trap.count;
    const name = `fault_trap_${key}`;
    const row = moment.event === 'DELETE' ? 'OLD' : 'NEW';
    await pool.query(`
      CREATE SEQUENCE public.${name};
      GRANT USAGE ON SEQUENCE public.${name} TO PUBLIC;
      CREATE FUNCTION public.${name}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('public.${name}') = ${moment.nth ?? 1} THEN
          PERFORM pg_advisory_xact_lock_shared(${key});
          ${moment.thenReads === undefined ? '' : `PERFORM FROM public.${moment.thenReads};`}
        END IF;
        RETURN ${row};
      END $$;
      CREATE TRIGGER ${name} BEFORE ${moment.event} ON ${moment.table} FOR EACH ROW
        ${moment.when === undefined ? '' : `WHEN (${moment.when})`} EXECUTE FUNCTION public.${name}();`);
    const holder = await pool.connect();
    await holder.query('SELECT pg_advisory_lock($1)', [key]);
    return new Trap(holder, key);
  }

  /** Resolves when somebody waits in it; null when `over` came first. */
  async sprung(over: () => Promise<boolean> | boolean, withinMs = 60_000): Promise<Caught | null> {
    const deadline = performance.now() + withinMs;
    while (performance.now() < deadline) {
      const caught = await this.look();
      if (caught !== null) return caught;
      if (await over()) return null;
      await pause(10);
    }
    return null;
  }

  /** Ends the waiting backend, as the server does when it notices that its client has gone. */
  async terminate({ backend }: Caught): Promise<void> {
    await this.holder.query('SELECT pg_terminate_backend($1)', [backend]);
  }

  /** Lets whoever waits go on. Further events pass. */
  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    await this.holder.query('SELECT pg_advisory_unlock($1)', [this.key]);
    this.holder.release();
  }

  private async look(): Promise<Caught | null> {
    const { rows } = await this.holder.query<Caught>(
      `SELECT a.pid AS backend, a.application_name AS application
         FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND NOT l.granted AND l.objid = $1 AND a.datname = current_database()`,
      [this.key],
    );
    return rows[0] ?? null;
  }
}

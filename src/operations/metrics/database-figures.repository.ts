import type pg from 'pg';
import { readWorkAge } from '../health/work-age.repository.js';

/** One sample: the labels are codes and states only. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type FigureName = keyof typeof FIGURES;

/** Figures that any process can read from the database: reported by one role, so that they are not counted twice. */
export const FIGURES = {
  work_items: {
    help: '工作项数 / work items by kind and state',
    labels: ['kind', 'state'],
    statement: 'SELECT kind, state, count(*) AS value FROM work_item GROUP BY kind, state',
  },
  batches: {
    help: '批次数 / batches by state',
    labels: ['state'],
    statement: 'SELECT state, count(*) AS value FROM batch GROUP BY state',
  },
  quarantine_open_rows: {
    help: '未处理的隔离行数 / open rows in quarantine',
    labels: ['institution', 'stream'],
    statement:
      'SELECT institution, stream, count(*) AS value FROM quarantine_open GROUP BY institution, stream',
  },
  quarantine_open_fen: {
    help: '未处理的隔离金额（分） / money in quarantine, in fen',
    labels: ['institution', 'stream'],
    statement:
      'SELECT institution, stream, sum(amount_fen) AS value FROM quarantine_open GROUP BY institution, stream',
  },
  outbox_messages: {
    help: '发件箱报文数 / messages to the agency by state',
    labels: ['state'],
    statement: 'SELECT state, count(*) AS value FROM outbox_message GROUP BY state',
  },
  outbox_oldest_unknown_seconds: {
    help: '最久的结果未知报文已过秒数 / age of the oldest message without a known outcome',
    labels: [],
    statement: `SELECT coalesce(max(extract(epoch FROM now() - first_sent_at)), 0)::integer AS value
                  FROM outbox_message WHERE state = 'UNKNOWN'`,
  },
  run_last_duration_seconds: {
    help: '各类运行最近一次完成所用秒数 / how long the latest finished run of a kind took',
    labels: ['kind'],
    statement: `SELECT DISTINCT ON (r.kind) r.kind, extract(epoch FROM t.ended - t.began)::integer AS value
                  FROM work_run r
                  JOIN LATERAL (SELECT max(finished_at) AS ended, min(started_at) AS began,
                                       bool_and(state IN ('done', 'failed')) AS over
                                  FROM work_item i WHERE i.run_id = r.id) t ON t.over
                 ORDER BY r.kind, t.ended DESC NULLS LAST`,
  },
  runs: {
    help: '运行数 / runs by kind and state',
    labels: ['kind', 'state'],
    statement: 'SELECT kind, state, count(*) AS value FROM work_run_state GROUP BY kind, state',
  },
  journal_entries: {
    help: '存证链条目数 / entries of the journal',
    labels: ['consortium'],
    statement: 'SELECT consortium, seq AS value FROM journal_head',
  },
} as const;

const PATIENCE_MS = 5_000;

/** All figures of one moment. @throws when the database does not answer in time */
export async function readFigures(pool: pg.Pool): Promise<{
  readonly samples: ReadonlyMap<FigureName, readonly Sample[]>;
  readonly age: WorkAges;
}> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${PATIENCE_MS}`);
    const samples = new Map<FigureName, readonly Sample[]>();
    for (const [name, { labels, statement }] of Object.entries(FIGURES)) {
      const { rows } = await client.query<Record<string, string>>(statement);
      samples.set(
        name as FigureName,
        rows.map((row) => sampleOf(row, labels)),
      );
    }
    await client.query('COMMIT');
    broken = false;
    return { samples, age: await readWorkAge(pool) };
  } finally {
    client.release(broken);
  }
}

type WorkAges = Awaited<ReturnType<typeof readWorkAge>>;

function sampleOf(row: Readonly<Record<string, unknown>>, labels: readonly string[]): Sample {
  return {
    labels: Object.fromEntries(labels.map((label) => [label, String(row[label])])),
    value: Number(row['value']),
  };
}

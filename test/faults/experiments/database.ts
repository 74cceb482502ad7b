import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BOTH, CannotRunHere, type Experiment } from '../experiment.js';
import { makeCounty, SLICED } from '../lab/county.js';
import { MONTH, type SceneChoices } from '../lab/furnishings.js';
import { judge, wholeCounty } from '../lab/judgement.js';
import type { Lab } from '../lab/lab.js';
import { mountSmallDisk } from '../lab/postgres.js';
import { type Scene } from '../lab/scene.js';

/** Experiment 4: the database dies under load and comes back on the same data. */
export const databaseRestart: Experiment = {
  number: 4,
  title: '负载中 PostgreSQL 立即停止并重启',
  fault: 'SIGQUIT 于采集中的随机时刻，约一秒后在同一数据目录重启',
  expected: '受理的都处理；停机时的请求得到可重试的错误；60 秒内恢复',
  backends: BOTH,
  aboutQueue: true,
  recoverWithin: 60,
  furnish: async (lab, seed) => {
    const server = await lab.ownPostgres(`victim-${lab.next()}`);
    const county = makeCounty({ seed, months: [MONTH], perMonth: SLICED });
    return { server, county, afterwards: [() => server.stop()] };
  },
  async run(scene) {
    await scene.up('worker', 'worker', 'scheduler');
    const runId = await scene.start('backfill', MONTH);
    const delay = scene.random.int(50, 1_500);
    scene.note = `开始后 ${delay} 毫秒`;
    await pause(delay);
    await scene.server.crash();
    const refused = await scene.heyi(['run', 'backfill', '2024-04', '--queue-only'], {
      mayFail: true,
    });
    scene.expect(/错误 \[database\./.test(refused), `a caller was told: ${refused.slice(0, 300)}`);
    await scene.server.up();
    const up = performance.now();
    await scene.endedWell(runId, 150);
    scene.recoveredSince(up);
    for (const process of scene.processes.slice(0, 3)) {
      scene.expect(
        process.alive,
        `${process.name} did not survive: ${process.remains.said.slice(-1_500)}`,
      );
    }
    return judge(scene, wholeCounty(scene.county));
  },
};

const SMALL_DISK_MEGABYTES = 64;

async function smallDisk(lab: Lab): Promise<Partial<SceneChoices>> {
  const name = `lab_space_${lab.next()}`;
  const folder = join(lab.postgres.dataDirectory, '..', name);
  const { account } = lab.postgres;
  const disk = mountSmallDisk(folder, { megabytes: SMALL_DISK_MEGABYTES, account });
  if (disk === null) throw new CannotRunHere('a small file system needs root and mount (tmpfs)');
  const admin = await lab.postgres.pool('postgres', 1);
  await admin.query(`CREATE TABLESPACE ${name} LOCATION '${folder}'`);
  const undo = async (): Promise<void> => {
    await admin.query(`DROP TABLESPACE ${name}`);
    await admin.end();
    disk.unmount();
    rmSync(folder, { recursive: true, force: true });
  };
  return { databaseOptions: `TABLESPACE ${name}`, afterwards: [undo] };
}

/** Experiment 5: the disk behind the tables fills up in the middle of a read, and is given room again. */
export const diskFull: Experiment = {
  number: 5,
  title: '数据库磁盘写满',
  fault: '表空间在 tmpfs 上，采集中途以填充文件写满，数秒后腾出',
  expected: '53100 按可重试处理；没有半个批次；腾出空间后自行继续',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: 60,
  furnish: async (lab, seed) => ({
    ...(await smallDisk(lab)),
    county: makeCounty({ seed, months: [MONTH], perMonth: SLICED }),
  }),
  async run(scene) {
    const { rows } = await scene.pool.query<{ folder: string }>(
      `SELECT pg_tablespace_location(dattablespace) AS folder FROM pg_database WHERE datname = current_database()`,
    );
    const ballast = join(rows[0]?.folder ?? '', 'ballast');
    await scene.up('worker', 'scheduler');
    const left = scene.random.int(0, 12) * 16_384;
    scene.note = `剩余 ${left / 1024} KiB`;
    fill(ballast, left);
    let refusal = ''; // who asks may be the one that is told
    const runId = await scene.start('backfill', MONTH).catch((error: unknown) => {
      refusal = String(error);
      return null;
    });
    await scene.untilHere('somebody noticed that the disk was full', 30, async () =>
      [refusal, ...scene.processes.map(({ remains }) => remains.said)].some((said) =>
        /extend|No space|53100|磁盘|空间|事务未能提交/.test(said),
      ),
    );
    await pause(scene.random.int(1_000, 4_000));
    rmSync(ballast);
    const freed = performance.now();
    const again = runId ?? (await scene.start('backfill', MONTH));
    await scene.endedWell(again, 120);
    scene.recoveredSince(freed);
    return judge(scene, wholeCounty(scene.county));
  },
};

/** Fills the file system until only so many bytes are left. */
function fill(path: string, left: number): void {
  const chunk = Buffer.alloc(16_384);
  try {
    for (;;) writeFileSync(path, chunk, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  truncateSync(path, Math.max(0, statSync(path).size - left));
}

interface Quarrel {
  readonly name: string;
  /** Before the run is asked for. Returns what happens while it works. */
  prepare(scene: Scene): Promise<() => Promise<void>>;
}

/** Held by us, wanted by the product at the moment when we want what it holds: whatever else its transaction has touched. */
const QUARREL = 'fault_quarrel';

/** Two sessions lock in opposite order; ours is patient, so that the product's is the one that is told. */
const deadlock: Quarrel = {
  name: '死锁 40P01',
  async prepare(scene) {
    const nth = scene.random.int(1, 4);
    await scene.pool.query(`CREATE TABLE ${QUARREL}(); GRANT SELECT ON ${QUARREL} TO PUBLIC`);
    const moment = { table: 'batch_slice', event: 'INSERT', nth, thenReads: QUARREL } as const;
    const trap = await scene.setTrap(moment);
    return async () => {
      const caught = await trap.sprung(() => false);
      if (caught === null) throw new Error(`fewer than ${nth} slices`);
      await lockAgainst(scene, () => trap.release());
    };
  },
};

async function lockAgainst(scene: Scene, letGo: () => Promise<void>): Promise<void> {
  const other = await scene.pool.connect();
  try {
    await other.query(`SET deadlock_timeout = '10min'`);
    await other.query('BEGIN');
    await other.query(`LOCK TABLE ${QUARREL} IN ACCESS EXCLUSIVE MODE`);
    const wanted = other.query('LOCK TABLE batch IN ACCESS EXCLUSIVE MODE');
    await letGo();
    await wanted;
    await other.query('ROLLBACK');
  } finally {
    other.release(true);
  }
}

const refusals = (name: string, code: string): Quarrel => ({
  name,
  async prepare(scene) {
    await refuse(scene, { code, times: 3 });
    return async () => undefined;
  },
});

/** The first inserts of batches fail with this code. A sequence counts, so that rollbacks do not. */
async function refuse(
  scene: Scene,
  { code, times }: { readonly code: string; readonly times: number },
): Promise<void> {
  await scene.pool.query(`
    CREATE SEQUENCE fault_refusals;
    CREATE FUNCTION fault_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('public.fault_refusals') <= ${times} THEN
        RAISE EXCEPTION 'refused by the laboratory' USING ERRCODE = '${code}';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fault_refuse BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION fault_refuse();`);
}

const QUARRELS: readonly Quarrel[] = [
  deadlock,
  refusals('串行化失败 40001', '40001'),
  refusals('等锁超时 55P03', '55P03'),
];

/** Experiment 6. */
export const quarrels: Experiment = {
  number: 6,
  title: '死锁、串行化失败、等锁超时',
  fault: '另一会话以相反顺序加锁；或写批次的前三次被 40001、55P03 拒绝',
  expected: '最多重试五次后完成；只生效一次',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  async run(scene) {
    const quarrel = QUARRELS[scene.choices.seed % QUARRELS.length] ?? deadlock;
    scene.note = quarrel.name;
    await scene.up('worker');
    const during = await quarrel.prepare(scene);
    const runId = await scene.start('backfill', MONTH);
    await during();
    await scene.endedWell(runId, 90);
    const { rows } = await scene.pool.query<{ most: number }>(
      'SELECT max(attempts)::integer AS most FROM work_item',
    );
    const most = rows[0]?.most ?? 0;
    scene.expect(most >= 2, 'nothing had to be tried again: the fault did not strike');
    scene.expect(most <= 5, `${most} attempts`);
    return judge(scene, wholeCounty(scene.county));
  },
};

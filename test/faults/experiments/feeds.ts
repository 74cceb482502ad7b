import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOTH, type Experiment } from '../experiment.js';
import { CLINIC, type Claim, claimsOf, LEAD, makeCounty, TOWN } from '../lab/county.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, truthOf, wholeCounty } from '../lab/judgement.js';
import { type Scene } from '../lab/scene.js';
import { BY_HAND } from '../lab/site-files.js';
import { addClaims, dropFile, dropName, dropText, trailerOf } from '../lab/sources.js';
import type { Truth } from '../oracle/truth.js';

const furnish: NonNullable<Experiment['furnish']> = async (_lab, seed) => ({
  site: { schedule: BY_HAND },
  county: makeCounty({ seed, months: [MONTH], perMonth: { [LEAD]: 12, [TOWN]: 6, [CLINIC]: 14 } }),
});

async function pulled(scene: Scene, again = false): Promise<void> {
  const runId = await scene.start('backfill', MONTH, { again });
  await scene.endedWell(runId);
}

async function claimsIn(scene: Scene, institution: string): Promise<number> {
  const { rows } = await scene.pool.query<{ n: number }>(
    'SELECT count(*)::integer AS n FROM claim WHERE institution = $1',
    [institution],
  );
  return rows[0]?.n ?? 0;
}

async function versions(scene: Scene): Promise<number> {
  const { rows } = await scene.pool.query<{ n: number }>(
    'SELECT count(*)::integer AS n FROM claim WHERE version > 1',
  );
  return rows[0]?.n ?? 0;
}

interface Repetition {
  readonly name: string;
  repeat(scene: Scene): Promise<Truth>;
}

const REPETITIONS: readonly Repetition[] = [
  {
    name: '同一文件换名再投',
    async repeat(scene) {
      dropFile(scene.drops, dropName('2024-03-20'), dropText(claimsOf(scene.county, CLINIC)));
      await pulled(scene, true);
      const { rows } = await scene.pool.query<{ n: number }>(
        `SELECT count(*)::integer AS n FROM batch WHERE state = 'duplicate'`,
      );
      scene.expect((rows[0]?.n ?? 0) > 0, 'the same bytes were not recognised');
      return wholeCounty(scene.county);
    },
  },
  {
    name: '同样的行在另一文件中',
    async repeat(scene) {
      const rows = scene.random.shuffled(claimsOf(scene.county, CLINIC));
      dropFile(scene.drops, dropName('2024-03-21'), dropText(rows));
      await pulled(scene, true);
      return wholeCounty(scene.county);
    },
  },
  {
    name: '同一结算来自两家医院',
    async repeat(scene) {
      const originals = claimsOf(scene.county, LEAD).filter(({ refundOf }) => refundOf === null);
      const twice = originals.slice(0, 2).map((claim) => ({ ...claim, member: TOWN }) as Claim);
      await addClaims(scene.his, twice);
      await pulled(scene, true);
      const { rows } = await scene.pool.query<{ claim_no: string }>(
        'SELECT claim_no FROM claim WHERE institution = $1 AND claim_no = ANY($2)',
        [TOWN, twice.map(({ claimNo }) => claimNo)],
      );
      const booked = rows.map(({ claim_no }) => claim_no).join('、');
      scene.expect(booked === '', `booked twice, at both hospitals: ${booked}`);
      return truthOf(scene.county.claims.concat(booked === '' ? [] : twice));
    },
  },
];

/** Experiment 19. */
export const duplicateFeeds: Experiment = {
  number: 19,
  title: '重复投递',
  fault: REPETITIONS.map(({ name }) => name).join('；'),
  expected: '按摘要拒收；不产生新版本；两家同报进入待查',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish,
  async run(scene) {
    const repetition = REPETITIONS[Math.floor(scene.choices.seed / 2) % REPETITIONS.length];
    if (repetition === undefined) throw new Error('nothing to repeat');
    scene.note = repetition.name;
    await scene.up('worker');
    await pulled(scene);
    const truth = await repetition.repeat(scene);
    scene.expect((await versions(scene)) === 0, 'a repeated row made a new version');
    return judge(scene, truth);
  },
};

interface Fragment {
  readonly name: string;
  /** What lies in the folder when the night comes. */
  text(scene: Scene, whole: string): string | Uint8Array;
  /** Whether rows of a file that does not agree with itself may be seen meanwhile. */
  readonly invisible: boolean;
}

const FRAGMENTS: readonly Fragment[] = [
  {
    name: '在任意字节处截断',
    text: (scene, whole) => {
      const bytes = Buffer.from(whole);
      return bytes.subarray(0, scene.random.int(1, bytes.length - 12));
    },
    invisible: true,
  },
  {
    name: '尾行计数不符',
    text: (scene, whole) => {
      const trailer = trailerOf(claimsOf(scene.county, CLINIC));
      const cells = trailer.split(',');
      return whole.replace(trailer, cells.with(3, String(Number(cells[3]) + 1)).join(','));
    },
    invisible: false,
  },
  {
    name: '还在写入（没有尾行）',
    text: (scene, whole) => whole.replace(`${trailerOf(claimsOf(scene.county, CLINIC))}\n`, ''),
    invisible: true,
  },
];

/** Experiment 20. */
export const partialFiles: Experiment = {
  number: 20,
  title: '截断、尾数不符、尚未写完的文件',
  fault: FRAGMENTS.map(({ name }) => name).join('；'),
  expected: '整个文件不作数，月份不能关账；完整文件到达后照常落地',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish,
  async run(scene) {
    const fragment = FRAGMENTS[Math.floor(scene.choices.seed / 2) % FRAGMENTS.length];
    if (fragment === undefined) throw new Error('no fragment');
    scene.note = fragment.name;
    const whole = dropText(claimsOf(scene.county, CLINIC));
    const path = join(scene.drops, dropName(MONTH));
    rmSync(path);
    writeFileSync(path, fragment.text(scene, whole));
    await scene.up('worker');
    await pulled(scene);
    if (fragment.invisible) {
      const seen = await claimsIn(scene, CLINIC);
      scene.expect(seen === 0, `${seen} claims of an unfinished file are visible`);
    }
    const { rows } = await scene.pool.query<{ n: number }>(
      `SELECT count(*)::integer AS n FROM batch WHERE institution = $1 AND state = 'complete' AND stream = 'claims'`,
      [CLINIC],
    );
    scene.expect(rows[0]?.n === 0, 'a file that does not agree with itself counts as complete');
    dropFile(scene.drops, dropName(MONTH), whole);
    await pulled(scene, true);
    return judge(scene, wholeCounty(scene.county));
  },
};

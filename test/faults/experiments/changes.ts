import { BOTH, type Experiment } from '../experiment.js';
import { CLINIC, type Claim, claimsOf, LEAD, makeCounty, refundOf, TOWN } from '../lab/county.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, truthOf } from '../lab/judgement.js';
import type { Scene } from '../lab/scene.js';
import { BY_HAND } from '../lab/site-files.js';
import { addClaims, removeClaims } from '../lab/sources.js';
import { closedDigests, judgeFrozen } from '../oracle/money.js';
import { merged, type TrueBooking, type TrueClaim } from '../oracle/truth.js';

/** Other prices for the same claim: what a cashier corrects. */
function repriced(claim: Claim, addFen: bigint): Claim {
  return {
    ...claim,
    lines: claim.lines.map((line) => ({ ...line, priceFen: line.priceFen + addFen })),
  };
}

/** Some claims of hospitals that nothing refers to. */
function plainClaims(scene: Scene, count: number): readonly Claim[] {
  const refunded = new Set(scene.county.claims.map(({ refundOf: original }) => original));
  const plain = scene.county.claims.filter(
    ({ member, refundOf: original, claimNo }) =>
      member !== CLINIC && original === null && !refunded.has(claimNo),
  );
  return scene.random.shuffled(plain).slice(0, count);
}

async function changeAtSource(scene: Scene, changed: readonly Claim[]): Promise<readonly Claim[]> {
  const now = changed.map((claim) => repriced(claim, BigInt(scene.random.int(1, 5_000))));
  await removeClaims(scene.his, changed);
  await addClaims(scene.his, now);
  return now;
}

const without = (scene: Scene, gone: readonly Claim[]): readonly Claim[] =>
  scene.county.claims.filter((claim) => !gone.includes(claim));

/** Experiment 16: changes while the period is open. */
export const changedBeforeClose: Experiment = {
  number: 16,
  title: '采集之后来源改数（未关账）',
  fault: '已采集的结算改价、撤销、补录；同一窗口再采',
  expected: '新版本取代旧版本；未关账的月份重算',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish: async () => ({ site: { schedule: BY_HAND } }),
  async run(scene) {
    await scene.up('worker');
    await scene.endedWell(await scene.start('backfill', MONTH));
    await scene.heyi(['settle', 'month', MONTH]);
    const [changed, added] = [plainClaims(scene, 4), plainClaims(scene, 6).slice(4)];
    const now = await changeAtSource(scene, changed);
    const late = added.map(refundOf);
    await addClaims(scene.his, late);
    await scene.endedWell(await scene.start('backfill', MONTH, { again: true }));
    await scene.heyi(['settle', 'month', MONTH]);
    const { rows } = await scene.pool.query<{ claim_no: string }>(
      'SELECT claim_no FROM claim WHERE version > 1 ORDER BY claim_no',
    );
    const versions = rows.map(({ claim_no }) => claim_no).join();
    const wanted = now
      .map(({ claimNo }) => claimNo)
      .sort((a, b) => (a < b ? -1 : 1))
      .join();
    scene.expect(versions === wanted, `new versions of ${versions} instead of ${wanted}`);
    return judge(scene, truthOf([...without(scene, changed), ...now, ...late]));
  },
};

const NEXT_MONTH = '2024-04';

/** Experiment 17: changes and deletions after the period was closed. */
export const changedAfterClose: Experiment = {
  number: 17,
  title: '关账之后来源改数、删数',
  fault: '已关账月份的结算改价、删除、补录；再次采集两遍',
  expected: '关账月份的行和结果不变；差额在下一开放月红冲、补记一次',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  async run(scene) {
    await scene.agency();
    await scene.up('worker');
    await scene.endedWell(await scene.start('backfill', MONTH));
    const closed = await closedDigests(scene.pool);
    scene.expect(closed.size === 1, `${closed.size} closed periods before the change`);
    const before = await rowsOfMonth(scene);
    const touched = plainClaims(scene, 7);
    const [changed, deleted] = [touched.slice(0, 4), touched.slice(4, 6)];
    const now = await changeAtSource(scene, changed);
    await removeClaims(scene.his, deleted);
    const late = touched.slice(6).map(refundOf);
    await addClaims(scene.his, late);
    for (let round = 0; round < 2; round += 1) {
      await scene.endedWell(await scene.start('backfill', MONTH, { again: true }));
    }
    await scene.endedWell(await scene.start('backfill', NEXT_MONTH));
    scene.expect((await rowsOfMonth(scene)) === before, 'rows of the closed month changed');
    await expectNet(scene, { deleted, changed: now });
    const truth = truthOf([...without(scene, [...changed, ...deleted]), ...now, ...late]);
    const standing = {
      ...truth,
      claims: [...truth.claims, ...truthOf(deleted).claims.map(zeroed)],
      bookings: [
        ...bookings(scene.county.claims, MONTH, 1n),
        ...bookings([...now, ...late], NEXT_MONTH, 1n),
        ...bookings([...changed, ...deleted], NEXT_MONTH, -1n),
      ],
    };
    return merged([await judge(scene, standing), await judgeFrozen(scene.pool, closed)]);
  },
};

/** What claims add to a period, or take from it. */
const bookings = (claims: readonly Claim[], period: string, sign: bigint): readonly TrueBooking[] =>
  truthOf(claims).claims.map(({ pool, bookedFen }) => ({ period, pool, fen: sign * bookedFen }));

const zeroed = (claim: TrueClaim): TrueClaim => ({
  ...claim,
  ...{ totalFen: 0n, bookedFen: 0n, fundFen: 0n, lines: new Map() },
});

/** All claim rows that count to the closed month, as one text. */
async function rowsOfMonth(scene: Scene): Promise<string> {
  const { rows } = await scene.pool.query<{ digest: string }>(
    `SELECT md5(string_agg(concat_ws(' ', institution, claim_no, version, content_hash, total_fee_fen), ',' ORDER BY institution, claim_no)) AS digest
       FROM claim WHERE period = $1`,
    [MONTH],
  );
  return rows[0]?.digest ?? '';
}

/** Every change stands once in the next open month. */
async function expectNet(
  scene: Scene,
  { deleted, changed }: { readonly deleted: readonly Claim[]; readonly changed: readonly Claim[] },
): Promise<void> {
  const { rows } = await scene.pool.query<{ claim_no: string; n: number }>(
    'SELECT claim_no, count(*)::integer AS n FROM claim_adjustment GROUP BY claim_no',
  );
  const counts = new Map(rows.map(({ claim_no, n }) => [claim_no, n]));
  for (const { claimNo } of [...deleted, ...changed]) {
    const count = counts.get(claimNo) ?? 0;
    scene.expect(count === 1, `claim ${claimNo} has ${count} adjustments`);
  }
}

/** Experiment 18: rows that appear behind the watermark. */
export const lateCommits: Experiment = {
  number: 18,
  title: '水位线之后才出现的旧时间行',
  fault: '夜间采集之后，来源出现前一两天时间戳的新行',
  expected: '回看窗口或整窗比对找到，落地一次',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish: async (_lab, seed) => {
    const county = makeCounty({
      seed,
      months: [MONTH],
      perMonth: { [LEAD]: 60, [TOWN]: 30, [CLINIC]: 0 },
    });
    return { county, site: { schedule: BY_HAND } };
  },
  async run(scene) {
    const last = '2024-03-13';
    const nights = ['2024-03-11', '2024-03-12', last];
    const known = claimsOf(scene.county, LEAD).concat(claimsOf(scene.county, TOWN));
    const within = known.filter(({ settledAt }) => nights.includes(settledAt.slice(0, 10)));
    const missing = within.filter(({ settledAt }) => !settledAt.startsWith(last));
    const late = missing.filter((_, index) => index % 2 === 0 || missing.length < 4);
    scene.note = `${late.length} 行迟到`;
    await removeClaims(scene.his, late);
    await scene.up('worker');
    for (const night of nights.slice(0, 2))
      await scene.endedWell(await scene.start('night', night));
    await addClaims(scene.his, late);
    await scene.endedWell(await scene.start('night', last));
    return judge(scene, truthOf(within));
  },
};

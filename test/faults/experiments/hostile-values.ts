import { BOTH, type Experiment } from '../experiment.js';
import { CLINIC, type Claim, claimsOf, LEAD, makeCounty, TOWN } from '../lab/county.js';
import { MONTH } from '../lab/furnishings.js';
import { type Fate, hostileAmounts, hostileMoments } from '../lab/hostile.js';
import { judge, truthOf } from '../lab/judgement.js';
import { type Scene } from '../lab/scene.js';
import { BY_HAND } from '../lab/site-files.js';
import { dropFile, dropName, dropText } from '../lab/sources.js';
import { type TrueClaim, type Truth, type Verdict } from '../oracle/truth.js';

const clinicOnly =
  (claims: number): NonNullable<Experiment['furnish']> =>
  async (_lab, seed) => ({
    site: { schedule: BY_HAND },
    county: makeCounty({
      seed,
      months: [MONTH],
      perMonth: { [LEAD]: 2, [TOWN]: 2, [CLINIC]: claims },
    }),
  });

interface Landed {
  readonly total_fee_fen: string;
  readonly settled_on: string;
}

interface Wanted {
  readonly claimNo: string;
  readonly text: string;
  readonly fate: Fate;
  /** The value that must be stored if anything is. */
  readonly value: string | null;
}

/** Compares each hostile row with its fate. @returns the claims that landed */
async function compareFates(
  scene: Scene,
  wanted: readonly Wanted[],
  storedValue: (row: Landed) => string,
): Promise<ReadonlySet<string>> {
  const { rows } = await scene.pool.query<Landed & { claim_no: string }>(
    'SELECT claim_no, total_fee_fen::text, settled_on::text FROM claim WHERE institution = $1',
    [CLINIC],
  );
  const held = await scene.pool.query<{ natural_key: string | null; rule: string }>(
    `SELECT natural_key, rule FROM quarantine WHERE institution = $1 AND stream = 'claims' AND state = 'open'`,
    [CLINIC],
  );
  const landed = new Map(rows.map((row) => [row.claim_no, row]));
  const reasons = new Map(held.rows.map(({ natural_key, rule }) => [natural_key, rule]));
  for (const { claimNo, text, fate, value } of wanted) {
    const row = landed.get(claimNo);
    const shown = JSON.stringify(text);
    if (row === undefined) {
      scene.expect(
        fate !== 'lands',
        `${shown} did not land (${reasons.get(claimNo) ?? 'no trace'})`,
      );
      scene.expect(reasons.has(claimNo), `${shown} is neither landed nor held`);
    } else {
      scene.expect(fate !== 'held', `${shown} landed as ${storedValue(row)}`);
      scene.expect(
        storedValue(row) === value,
        `${shown} landed as ${storedValue(row)}, not ${value}`,
      );
    }
  }
  return new Set(landed.keys());
}

/** The invariants over what landed; the values themselves are compared by fate. */
async function judgeLanded(
  scene: Scene,
  landed: ReadonlySet<string>,
  {
    asLanded,
    refusedAtHospitals = () => false,
  }: {
    readonly asLanded: (claim: TrueClaim) => TrueClaim;
    readonly refusedAtHospitals?: (claim: TrueClaim) => boolean;
  },
): Promise<Verdict> {
  const truth = truthOf(scene.county.claims);
  const claims = truth.claims.map((claim) => {
    if (claim.institution !== CLINIC) return { ...claim, refused: refusedAtHospitals(claim) };
    return landed.has(claim.claimNo) ? asLanded(claim) : { ...claim, refused: true };
  });
  return judge(scene, { ...truth, claims } satisfies Truth);
}

async function pulled(scene: Scene): Promise<void> {
  const runId = await scene.start('backfill', MONTH);
  await scene.endedWell(runId);
}

const INVENTED = 40;

/** Experiment 29. */
export const hostileAmountsLand: Experiment = {
  number: 29,
  title: '金额：负数、NaN、Infinity、千分位、全角、科学计数、超大、空、三位小数',
  fault: `固定清单与每个种子 ${INVENTED} 个随机值，经真实的采集`,
  expected: '逐字拒收或分毫不差；没有浮点',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish: clinicOnly(80),
  async run(scene) {
    const claims = claimsOf(scene.county, CLINIC);
    const amounts = hostileAmounts(scene.random, INVENTED).slice(0, claims.length);
    const textOf = new Map(claims.map(({ claimNo }, at) => [claimNo, amounts[at]]));
    const edit = (column: string, value: string, { claimNo }: Claim): string =>
      column === '总费用' ? (textOf.get(claimNo)?.text ?? value) : value;
    dropFile(scene.drops, dropName(MONTH), dropText(claims, edit));
    await scene.up('worker');
    await pulled(scene);
    const wanted = claims.flatMap(({ claimNo }) => {
      const amount = textOf.get(claimNo);
      if (amount === undefined) return [];
      return [{ claimNo, ...amount, value: amount.fen?.toString() ?? null }];
    });
    const landed = await compareFates(scene, wanted, (row) => row.total_fee_fen);
    return judgeLanded(scene, landed, {
      asLanded: (claim) => ({
        ...claim,
        totalFen: textOf.get(claim.claimNo)?.fen ?? claim.totalFen,
      }),
    });
  },
};

/** Experiment 28. */
export const hostileDates: Experiment = {
  number: 28,
  title: '日期：2 月 30 日、0000-00-00、两位年份、24:00:01、入院晚于出院',
  fault: `固定清单与每个种子 ${INVENTED} 个随机时刻，经真实的采集；住院日期颠倒`,
  expected: '带规则编号拒收；不存在的日子不会变成另一天',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish: clinicOnly(75),
  async run(scene) {
    const claims = claimsOf(scene.county, CLINIC);
    const moments = hostileMoments(scene.random, INVENTED).slice(0, claims.length);
    const textOf = new Map(claims.map(({ claimNo }, at) => [claimNo, moments[at]]));
    const edit = (column: string, value: string, { claimNo }: Claim): string =>
      column === '结算时间' ? (textOf.get(claimNo)?.text ?? value) : value;
    dropFile(scene.drops, dropName(MONTH), dropText(claims, edit));
    await reverseStays(scene);
    await scene.up('worker');
    await pulled(scene);
    const wanted = claims.flatMap(({ claimNo }) => {
      const moment = textOf.get(claimNo);
      return moment === undefined ? [] : [{ claimNo, ...moment, value: moment.day }];
    });
    const landed = await compareFates(scene, wanted, (row) => row.settled_on);
    await expectStaysRefused(scene);
    return judgeLanded(scene, landed, {
      asLanded: (claim) => ({
        ...claim,
        settledOn: textOf.get(claim.claimNo)?.day ?? claim.settledOn,
      }),
      refusedAtHospitals: (claim) => endsBeforeItBegins(claim, scene.county.claims),
    });
  },
};

/** The lead hospital's stays end before they begin. */
async function reverseStays(scene: Scene): Promise<void> {
  await scene.his.query(
    `UPDATE lead.settlement SET admitted_at = discharged_at + 3 WHERE admitted_at IS NOT NULL`,
  );
}

const endsBeforeItBegins = (
  { institution, claimNo }: TrueClaim,
  claims: readonly Claim[],
): boolean =>
  institution === LEAD &&
  claims.some((claim) => claim.claimNo === claimNo && claim.careType === 'inpatient');

async function expectStaysRefused(scene: Scene): Promise<void> {
  const { rows } = await scene.pool.query<{ claim_no: string }>(
    'SELECT claim_no FROM claim WHERE admitted_at > discharged_at',
  );
  for (const { claim_no } of rows) {
    scene.expect(false, `claim ${claim_no} landed with a stay that ends before it begins`);
  }
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { BOTH, type Experiment } from '../experiment.js';
import {
  CLINIC,
  type Claim,
  type County,
  claimsOf,
  LEAD,
  makeCounty,
  TOWN,
} from '../lab/county.js';
import { gb18030 } from '../lab/encodings.js';
import { type Fate, hostileAmounts, hostileMoments } from '../lab/hostile.js';
import { judge, truthOf } from '../lab/judgement.js';
import { MONTH, type Scene } from '../lab/scene.js';
import { dropFile, dropName, dropText } from '../lab/sources.js';
import { isClean, type TrueClaim, type Truth, type Verdict } from '../oracle/truth.js';

const BY_HAND = `timezone: Asia/Shanghai
ticks: []
monthEnd:
  close: manual
`;
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

interface Writing {
  readonly name: string;
  /** Name of the item as it must be stored; null: the row or its file must be held. */
  readonly stored: string | null;
  bytes(text: (itemName: string) => string): Uint8Array;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const RARE = '𠮷野氏阿莫西林㐂片';
const MARK = '@@';

/** Replaces the mark in a UTF-8 file by bytes of one's own. */
function spliced(text: string, bytes: readonly number[]): Uint8Array {
  const whole = Buffer.from(text);
  const at = whole.indexOf(MARK);
  return Buffer.concat([
    whole.subarray(0, at),
    Uint8Array.from(bytes),
    whole.subarray(at + MARK.length),
  ]);
}

/** The same in a file that is GB18030. */
function splicedGb(text: string, bytes: readonly number[]): Uint8Array {
  const whole = Buffer.from(gb18030(text));
  const at = whole.indexOf(MARK);
  return Buffer.concat([
    whole.subarray(0, at),
    Uint8Array.from(bytes),
    whole.subarray(at + MARK.length),
  ]);
}

const WRITINGS: readonly Writing[] = [
  { name: 'UTF-8', stored: '血常规检查', bytes: (text) => utf8(text('血常规检查')) },
  {
    name: 'UTF-8 带 BOM',
    stored: '血常规检查',
    bytes: (text) => utf8(`\uFEFF${text('血常规检查')}`),
  },
  { name: 'GB18030', stored: '血清总蛋白测定', bytes: (text) => gb18030(text('血清总蛋白测定')) },
  { name: '生僻字 UTF-8', stored: RARE, bytes: (text) => utf8(text(RARE)) },
  { name: '生僻字 GB18030 四字节', stored: '𠮷野氏片', bytes: (text) => gb18030(text('𠮷野氏片')) },
  {
    name: '半个汉字（定长列截断）',
    stored: null,
    bytes: (text) => splicedGb(text(MARK), [0xd1, 0xaa, 0xb3]),
  },
  { name: 'UTF-16LE', stored: null, bytes: (text) => Buffer.from(text('血常规'), 'utf16le') },
  { name: '单独代理码元', stored: null, bytes: (text) => spliced(text(MARK), [0xed, 0xa0, 0x80]) },
  { name: '非法字节 FF', stored: null, bytes: (text) => spliced(text(MARK), [0xff, 0x41]) },
  { name: 'NUL', stored: null, bytes: (text) => utf8(text('血\u0000常规')) },
  { name: '来源自带 U+FFFD', stored: null, bytes: (text) => utf8(text('血\uFFFD规')) },
  { name: '过长编码', stored: null, bytes: (text) => spliced(text(MARK), [0xc0, 0xaf]) },
];

/** Experiment 27: one file a way of writing. */
export const encodings: Experiment = {
  number: 27,
  title: '编码：GBK、GB18030、UTF-8、BOM、错声明、半个字、NUL、代理码元、生僻字',
  fault: WRITINGS.map(({ name }) => name).join('；'),
  expected: '原文照存或带原因拒收；库中没有 U+FFFD',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish: async (lab, seed) => {
    const { county, ...rest } = await clinicOnly(WRITINGS.length)(lab, seed);
    return county === undefined ? rest : { ...rest, county: singleLined(county) };
  },
  async run(scene) {
    rmSync(join(scene.drops, dropName(MONTH)));
    const claims = scene.random.shuffled(claimsOf(scene.county, CLINIC));
    const written = WRITINGS.map((writing, at) => ({ writing, claim: claims[at], day: at + 1 }));
    for (const { writing, claim, day } of written) {
      if (claim === undefined) throw new Error('too few claims');
      const text = (itemName: string): string =>
        dropText([claim], (column, value) => (column === '项目名称' ? itemName : value));
      dropFile(scene.drops, fileOf(day), writing.bytes(text));
    }
    await scene.up('worker');
    await pulled(scene);
    const landed = new Set<string>();
    for (const { writing, claim, day } of written) {
      const names = await namesOf(scene, claim?.claimNo ?? '');
      if (names.length > 0) landed.add(claim?.claimNo ?? '');
      await compareNames(scene, { writing, names, file: fileOf(day) });
    }
    await expectNoReplacement(scene);
    return judgeEncodings(scene, landed);
  },
};

/** One line a claim: a file then holds one name. */
const singleLined = (county: County): County => ({
  ...county,
  claims: county.claims.map((claim) => ({ ...claim, lines: claim.lines.slice(0, 1) })),
});

const fileOf = (day: number): string => dropName(`${MONTH}-${String(day).padStart(2, '0')}`);

async function namesOf(scene: Scene, claimNo: string): Promise<readonly string[]> {
  const { rows } = await scene.pool.query<{ item_name: string }>(
    'SELECT DISTINCT item_name FROM claim_line WHERE institution = $1 AND claim_no = $2',
    [CLINIC, claimNo],
  );
  return rows.map(({ item_name }) => item_name);
}

async function compareNames(
  scene: Scene,
  {
    writing,
    names,
    file,
  }: { readonly writing: Writing; readonly names: readonly string[]; readonly file: string },
): Promise<void> {
  const { name, stored } = writing;
  if (stored !== null) {
    scene.expect(
      names.length === 1 && names[0] === stored,
      `${name}: stored as ${JSON.stringify(names)}`,
    );
    return;
  }
  if (names.length > 0) {
    scene.expect(false, `${name}: stored as ${JSON.stringify(names)}`);
    return;
  }
  const { rows } = await scene.pool.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM batch WHERE unit = $1 AND (quarantined_rows > 0 OR (state IN ('rejected', 'incomplete') AND message IS NOT NULL))`,
    [file],
  );
  scene.expect((rows[0]?.n ?? 0) > 0, `${name}: neither stored nor held`);
}

async function expectNoReplacement(scene: Scene): Promise<void> {
  const { rows } = await scene.pool.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM claim_line WHERE position(chr(65533) IN claim_line::text) > 0`,
  );
  scene.expect(rows[0]?.n === 0, `${rows[0]?.n} lines hold U+FFFD`);
}

/** Files that were refused hold their claims; the rest of the invariants as ever. */
async function judgeEncodings(scene: Scene, landed: ReadonlySet<string>): Promise<Verdict> {
  const claims = scene.county.claims.filter(
    ({ member, claimNo }) => member !== CLINIC || landed.has(claimNo),
  );
  const verdict = await judge(scene, truthOf(claims));
  if (isClean(verdict)) return verdict;
  // A claim whose lines were held may stand without them: its line is accounted for by the file's own totals, compared above.
  const known = new Set(scene.county.claims.map(({ member, claimNo }) => `${member}/${claimNo}`));
  const phantom = (text: string): boolean => {
    const key = /^phantom (.*)$/.exec(text)?.[1];
    return key !== undefined && known.has(key);
  };
  return { ...verdict, double: verdict.double.filter((text) => !phantom(text)) };
}

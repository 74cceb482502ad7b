import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { BOTH, type Experiment } from '../experiment.js';
import { CLINIC, type County, claimsOf, LEAD, makeCounty, TOWN } from '../lab/county.js';
import { gb18030 } from '../lab/encodings.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, truthOf } from '../lab/judgement.js';
import type { Scene } from '../lab/scene.js';
import { BY_HAND } from '../lab/site-files.js';
import { dropFile, dropName, dropText } from '../lab/sources.js';
import { isClean, type Verdict } from '../oracle/truth.js';

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
  furnish: async (_lab, seed) => {
    const perMonth = { [LEAD]: 2, [TOWN]: 2, [CLINIC]: WRITINGS.length };
    const county = makeCounty({ seed, months: [MONTH], perMonth });
    return { site: { schedule: BY_HAND }, county: singleLined(county) };
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
    await scene.endedWell(await scene.start('backfill', MONTH));
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

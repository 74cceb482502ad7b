import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOTH, type Experiment } from '../experiment.js';
import { yuanText } from '../lab/county.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, wholeCounty } from '../lab/judgement.js';
import type { Seeded } from '../lab/random.js';
import { type Scene } from '../lab/scene.js';
import { largestRemainder } from '../oracle/allocation.js';

interface Group {
  readonly members: readonly { readonly institution: string; readonly bookedFen: bigint }[];
  readonly booked: bigint;
}

/** Amounts that make shares awkward: equal, tiny, zero, enormous, one fen apart. */
function awkwardGroup(random: Seeded): Group {
  const count = random.int(1, 40);
  const kind = random.int(0, 4);
  const amount = (): bigint =>
    [
      BigInt(random.int(0, 9)),
      333_333_333n,
      BigInt(random.int(0, 2_000_000_000)) * 997n,
      BigInt(random.int(0, 1)),
      10_000_000_000_000n + BigInt(random.int(0, 3)),
    ][kind] ?? 1n;
  const members = Array.from({ length: count }, (_, at) => ({
    institution: `H460299${String(10_000 + at)}`,
    bookedFen: amount(),
  }));
  return { members, booked: members.reduce((sum, { bookedFen }) => sum + bookedFen, 0n) };
}

const bookedYaml = (fen: bigint): string =>
  `{ outpatient: "${yuanText(fen)}", chronic: "0", two-disease: "0", inpatient: "0", other: "0" }`;

function factsYaml({ members, booked }: Group): string {
  const lines = members.map(
    ({ institution, bookedFen }) =>
      `      - { institution: ${institution}, booked: ${bookedYaml(bookedFen)} }`,
  );
  return `plan: month
period: ${MONTH}
pools:
  resident:
    booked: ${bookedYaml(booked)}
    members:
${lines.join('\n')}
`;
}

interface Figure {
  readonly id: string;
  readonly amount: string;
}

async function computed(
  scene: Scene,
  group: Group,
  name: string,
): Promise<ReadonlyMap<string, bigint>> {
  const path = join(scene.drops, `../${name}.yaml`);
  writeFileSync(path, factsYaml(group));
  const text = await scene.heyi(['compute', '--policy', 'sanya', '--facts', path, '--json']);
  const { figures } = JSON.parse(text) as { readonly figures: readonly Figure[] };
  return new Map(figures.map(({ id, amount }) => [id, fenOf(amount)]));
}

function fenOf(yuan: string): bigint {
  const [whole = '0', cents = ''] = yuan.replace('-', '').split('.');
  const fen = BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0').slice(0, 2));
  return yuan.startsWith('-') ? -fen : fen;
}

/** Experiment 30. */
export const allocation: Experiment = {
  number: 30,
  title: '分摊与舍入',
  fault: '一至四十家成员，金额相等、为零、极小、极大、只差一分；顺序打乱',
  expected: '最大余数法；合计到分相等；与顺序无关',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  async run(scene) {
    const group = awkwardGroup(scene.random);
    const shuffled = { ...group, members: scene.random.shuffled(group.members) };
    scene.note = `${group.members.length} 家`;
    const [first, second] = [
      await computed(scene, group, 'in-order'),
      await computed(scene, shuffled, 'shuffled'),
    ];
    const total = (group.booked * 180n + 100n) / 200n; // 90 %, half up
    const prefix = `sanya.${MONTH}.resident`;
    scene.expect(first.get(`${prefix}.prepayment`) === total, `prepayment is not ${total} fen`);
    const wanted = largestRemainder(
      total,
      group.members.map(({ bookedFen }) => bookedFen),
    );
    let sum = 0n;
    group.members.forEach(({ institution }, at) => {
      const id = `${prefix}.member.${institution}.prepayment`;
      const [one, other] = [first.get(id) ?? 0n, second.get(id) ?? 0n];
      sum += one;
      const off = one - (wanted[at] ?? 0n);
      scene.expect(off >= -1n && off <= 1n, `${id}: ${one}, largest remainder gives ${wanted[at]}`);
      scene.expect(one === other, `${id}: ${one} in order, ${other} shuffled`);
    });
    scene.expect(sum === total, `members get ${sum} of ${total} fen`);
    return judge(scene, { ...wholeCounty(scene.county), claims: [] });
  },
};

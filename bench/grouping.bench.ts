import type { DrgTables } from '../src/grouping/drg/drg-tables.js';
import { loadDrgTables } from '../src/grouping/drg/drg-tables.loader.js';
import { type DrgCase, groupDrg } from '../src/grouping/drg/group-drg.js';
import { type Bench, figureOf, type Outcome, type RoundContext } from './harness/bench.js';

/** B11: CHS-DRG 1.1 over cases in memory, on one core. Cases are drawn from the scheme's own diagnoses, operations and complications. */

const CASES = 20_000;

function drawn(tables: DrgTables): DrgCase[] {
  const principals = tables.mdcs.flatMap(({ diagnoses }) => [...diagnoses.keys()]);
  const operations = [...tables.validOperations];
  const others = [...tables.complications.keys(), ...principals.slice(0, 4_000)];
  const random = generator(11);
  const several = (codes: readonly string[], most: number): string[] =>
    Array.from({ length: random(most + 1) }, () => codes[random(codes.length)] ?? '');
  return Array.from({ length: CASES }, () => {
    const isNewborn = random(50) === 0;
    return {
      sex: random(2) === 0 ? 'male' : 'female',
      ageYears: isNewborn ? 0 : 1 + random(90),
      ageDays: isNewborn ? random(40) : null,
      birthWeightGrams: isNewborn ? 1_000 + random(3_500) : null,
      diagnoses: [principals[random(principals.length)] ?? '', ...several(others, 6)],
      operations:
        random(10) < 4
          ? [operations[random(operations.length)] ?? '', ...several(operations, 2)]
          : [],
    };
  });
}

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.trunc((state / 2 ** 32) * below);
  };
}

async function grouped(context: RoundContext): Promise<Outcome> {
  const tables = loadDrgTables();
  const cases = drawn(tables);
  const rounds = context.quick ? 1 : 50;
  const groups = new Set(cases.map((each) => groupDrg(each, tables).drg));
  if (groups.size < 100) throw new Error(`only ${groups.size} groups were met`);
  let met = 0;
  await context.measure(async () => {
    for (let round = 0; round < rounds; round += 1)
      for (const each of cases) if (groupDrg(each, tables).status === '分组成功') met += 1;
  });
  return {
    units: CASES * rounds,
    result: null,
    extra: { groups: groups.size, share: met / CASES / rounds },
  };
}

export const bench: Bench = {
  code: 'B11',
  title: 'grouping',
  unit: 'cases',
  async prepare() {},
  variants: { ours: { title: 'CHS-DRG 1.1, one core', run: grouped } },
  figures: (results) => [
    figureOf(results['ours'], {
      label: 'DRG cases a CPU-second',
      of: ({ units, nodeCpuSeconds }) => units / nodeCpuSeconds,
      hold: { atLeast: 50_000 },
      places: 0,
    }),
  ],
};

import { type Institution, LEAD, TCM } from '../../county/institutions.js';
import type { DemoClaim } from '../model.js';
import { type PlantedCase, type Planter, repeat } from './plant.js';

interface Pair {
  readonly profile: string;
  readonly first: Institution;
  readonly second: Institution;
  /** Days from the first discharge to the second admission; negative = overlap. */
  readonly gap: number;
  readonly transfer?: boolean;
}

const SPLIT_GAPS = [0, 3, 7, 8, 15];

/** Two stays of one person: overlapping (ELG-04), split at one member (INP-01), split across members (INP-02). */
export function stayCases(planter: Planter, count: number): PlantedCase[] {
  const splitGap = (index: number): number => SPLIT_GAPS[index % SPLIT_GAPS.length] ?? 0;
  return [
    ...repeat(count, (index) =>
      violation(
        planter,
        { profile: 'copd', first: LEAD, second: TCM, gap: -3 - (index % 2) },
        'ELG-04',
      ),
    ),
    ...repeat(count, (index) =>
      violation(
        planter,
        { profile: 'coronary', first: LEAD, second: LEAD, gap: splitGap(index) },
        'INP-01',
      ),
    ),
    ...repeat(count, (index) =>
      violation(
        planter,
        { profile: 'pneumonia', first: TCM, second: LEAD, gap: index % 4 },
        'INP-02',
      ),
    ),
    ...repeat(2, () =>
      twin(
        planter,
        { profile: 'coronary', first: LEAD, second: LEAD, gap: 16 },
        'INP-01 间隔 16 天',
      ),
    ),
    ...repeat(3, () =>
      twin(
        planter,
        { profile: 'chemotherapy', first: LEAD, second: LEAD, gap: 10 },
        'INP-01 化疗周期',
      ),
    ),
    ...repeat(2, () =>
      twin(
        planter,
        { profile: 'copd', first: TCM, second: LEAD, gap: 0, transfer: true },
        'INP-02 有记录的转诊',
      ),
    ),
    twin(planter, { profile: 'pneumonia', first: TCM, second: LEAD, gap: 4 }, 'INP-02 间隔 4 天'),
  ];
}

function violation(planter: Planter, pair: Pair, rule: string): PlantedCase {
  const [first, second] = twoStays(planter, pair);
  const note = pair.gap < 0 ? `两院住院重叠 ${-pair.gap} 天` : `出院 ${pair.gap} 天后同病再住院`;
  return {
    claims: [first, second],
    violations: [{ rule, certainty: 'SUSP', claim: second, lines: [], note }],
  };
}

function twin(planter: Planter, pair: Pair, twinOf: string): PlantedCase {
  return { claims: twoStays(planter, pair), violations: [], twinOf };
}

function twoStays(planter: Planter, pair: Pair): [DemoClaim, DemoClaim] {
  const person = planter.person({ sex: 'male', birthDate: '1954-04-04' });
  const day = planter.day(20, 290);
  const days = pair.profile === 'chemotherapy' ? 4 : 8;
  const { profile, first, second } = pair;
  const mode = pair.transfer === true ? ('transfer' as const) : ('ordered' as const);
  return [
    planter.stay({ profile, institution: first, person, day, days, mode }),
    planter.stay({ profile, institution: second, person, day: day + days + pair.gap, days }),
  ];
}

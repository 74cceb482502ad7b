import {
  CARE_TYPES,
  INSTITUTION_LEVELS,
  type InstitutionLevel,
  POOLS,
  SEXES,
} from '../../claims/claim.js';
import type { ClaimFacts } from '../facts.js';
import type { ClaimProfile } from './row-check.js';

/** What a rule's filters look at. */
export type FilteredClaim = ClaimProfile & Pick<ClaimFacts, 'institution'>;

const SEX = positions(SEXES);
const LEVEL = positions(INSTITUTION_LEVELS);
const CARE = positions(CARE_TYPES);
const POOL = positions(POOLS);
const COMBINATIONS = SEXES.length * INSTITUTION_LEVELS.length * CARE_TYPES.length * POOLS.length;

function positions<T extends string>(values: readonly T[]): Readonly<Record<T, number>> {
  return Object.fromEntries(values.map((value, index) => [value, index])) as Record<T, number>;
}

/** Numbers the combinations of sex, level, care type, pool, and of institution where a rule names any. */
export class ProfileTable {
  private readonly classes: ReadonlyMap<string, number>;
  readonly size: number;

  constructor(named: Iterable<string>) {
    this.classes = new Map(
      [...new Set(named)].map((institution, index) => [institution, index + 1]),
    );
    this.size = (this.classes.size + 1) * COMBINATIONS;
  }

  indexOf({ institution, sex, level, careType, pool }: FilteredClaim): number {
    const own = this.classes.get(institution) ?? 0;
    const who = (own * SEXES.length + SEX[sex]) * INSTITUTION_LEVELS.length + LEVEL[level];
    return (who * CARE_TYPES.length + CARE[careType]) * POOLS.length + POOL[pool];
  }

  /** Every profile with its number. An institution that no rule names stands as the empty text. */
  *all(): Generator<readonly [number, FilteredClaim]> {
    for (const institution of ['', ...this.classes.keys()])
      for (const profile of combinations(institution)) yield [this.indexOf(profile), profile];
  }
}

function combinations(institution: string): FilteredClaim[] {
  return SEXES.flatMap((sex) =>
    INSTITUTION_LEVELS.flatMap((level: InstitutionLevel) =>
      CARE_TYPES.flatMap((careType) =>
        POOLS.map((pool) => ({ institution, sex, level, careType, pool })),
      ),
    ),
  );
}

import { epochDayOf } from '../../src/audit/screen/positional-row.js';
import type { FilteredClaim } from '../../src/audit/screen/profile.js';
import { CARE_TYPES, INSTITUTION_LEVELS, POOLS } from '../../src/claims/claim.js';
import type { KnowledgeBase } from '../../src/knowledge/knowledge.js';
import { itemList } from './item-list.js';

/** A fee line with its claim's attributes and everything any of the engines asks for, ages included. */
export interface FeeRow extends FilteredClaim {
  readonly itemCode: string;
  /** 20240131 */
  readonly chargedOn: number;
  readonly birthDate: number;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly amount: number;
  readonly eligible: number;
  readonly ageYears: number;
  readonly ageDays: number;
}

/** Rows from a seed; one in three for an item that some rule looks at. */
export function feeRows(knowledge: KnowledgeBase, count: number): FeeRow[] {
  const items = itemList(knowledge, 1 / 3);
  const random = generator(20240101);
  return Array.from({ length: count }, () => feeRow(items, random));
}

type Random = (below: number) => number;

function feeRow(items: readonly string[], random: Random): FeeRow {
  const chargedOn = 20240101 + random(31);
  const birthDate = (1930 + random(94)) * 10_000 + (1 + random(12)) * 100 + 1 + random(28);
  const quantity = (random(500) === 0 ? 9 : 1 + random(9) / 8) * 10_000;
  const unitPrice = (100 + random(60_000)) * 10_000;
  const amount = Math.round((Math.trunc(quantity) * unitPrice) / 1e8);
  return {
    institution: `H${random(30)}`,
    sex: random(2) === 0 ? 'male' : 'female',
    level: INSTITUTION_LEVELS[random(3)] ?? 'village',
    careType: CARE_TYPES[random(5)] ?? 'outpatient',
    pool: POOLS[random(2)] ?? 'resident',
    itemCode: items[random(items.length)] ?? '',
    ...{ chargedOn, birthDate, unitPrice, amount },
    quantity: Math.trunc(quantity),
    eligible: Math.trunc((amount * random(4)) / 3),
    ageYears: Math.trunc((chargedOn - birthDate) / 10_000),
    ageDays: epochDayOf(chargedOn) - epochDayOf(birthDate),
  };
}

/** A small linear congruential generator: the same rows everywhere. */
function generator(seed: number): Random {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & ((1n << 64n) - 1n);
    return Number((state >> 33n) % BigInt(below));
  };
}

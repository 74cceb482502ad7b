import { z } from 'zod';
import { CARE_TYPES, INSTITUTION_LEVELS, POOLS, SEXES } from '../../claims/claim.js';
import { Decimal, parseDecimal } from '../../kernel/decimal.js';
import { type KnowledgeBase, SET_IDS } from '../../knowledge/knowledge.js';
import type { LineFacts } from '../facts.js';
import { MICRO_YUAN, quantityText, UNIT } from '../scaled.js';
import { dayNumber } from '../screen/positional-row.js';
import type {
  ClaimProfile,
  Comparison,
  RowCheck,
  RowNumber,
  RowTest,
} from '../screen/row-check.js';
import { defineTemplate, lineHit, wholeLine } from '../template.js';

/** Units of the numbers a condition may name, per unit that people write. */
const NUMBERS = {
  quantity: { field: 'quantity', scale: UNIT },
  unitPrice: { field: 'unitPrice', scale: MICRO_YUAN },
  lineAmount: { field: 'amount', scale: 100 },
  eligibleAmount: { field: 'eligible', scale: 100 },
  ageYears: { field: 'ageYears', scale: 1 },
} as const satisfies Record<string, { field: RowNumber; scale: number }>;

const BOUNDS = { above: '>', atLeast: '>=', below: '<', atMost: '<=' } as const satisfies Record<
  string,
  Comparison
>;
type Bound = keyof typeof BOUNDS;
const BOUND_NAMES = ['above', 'atLeast', 'below', 'atMost'] as const satisfies readonly Bound[];

const bounds = (name: keyof typeof NUMBERS) => {
  const { scale } = NUMBERS[name];
  const number = z
    .string()
    .refine((text) => parseDecimal(text) !== null, '应为十进制数字，例如 3.5')
    .refine((text) => isExact(text, scale), '小数位数过多或数值过大')
    .transform((text) => new Decimal(text))
    .optional();
  return z
    .strictObject({ above: number, atLeast: number, below: number, atMost: number })
    .refine(
      (given) => Object.keys(given).length > 0,
      '至少写一个界限：above、atLeast、below、atMost',
    )
    .optional();
};

function isExact(text: string, scale: number): boolean {
  return Number.isSafeInteger(parseDecimal(text)?.times(scale).toNumber() ?? 0);
}

const oneOf = <T extends string>(values: readonly [T, ...T[]]) => z.array(z.enum(values)).min(1);

const params = z
  .strictObject({
    /** Item codes, and those of a knowledge set; neither = every line. */
    items: z.array(z.string().min(1).max(64)).min(1).optional(),
    itemsOfSet: z.enum(SET_IDS).optional(),
    quantity: bounds('quantity'),
    unitPrice: bounds('unitPrice'),
    lineAmount: bounds('lineAmount'),
    eligibleAmount: bounds('eligibleAmount'),
    /** Completed years on the day of the charge. */
    ageYears: bounds('ageYears'),
    sex: oneOf(SEXES).optional(),
    level: oneOf(INSTITUTION_LEVELS).optional(),
    careType: oneOf(CARE_TYPES).optional(),
    pool: oneOf(POOLS).optional(),
  })
  .refine((given) => Object.keys(given).length > 0, '至少写一个条件');
type Params = z.infer<typeof params>;

/**
 * T17, of a single line: everything the parameters state holds of the line and its claim. For limits of a locality that no other template
 * covers; a rule made with it is a suspicion at most. Looks at what is within the scope of insurance only.
 */
export const linePredicate = defineTemplate<Params>({
  name: 'line-predicate',
  params,
  trigger: 'codes',
  strongest: 'SUSP',
  codes: itemCodes,
  rowChecks: (limits, knowledge) => [
    {
      codes: itemCodes(limits, knowledge),
      ...{ effectiveFrom: null, effectiveUntil: null, withinScope: true },
      profile: (claim) => (fitsProfile(claim, limits) ? 'hit' : 'fits'),
      tests: testsOf(limits),
    } satisfies RowCheck,
  ],

  evaluate(_person, lines, { params: limits, notApplicable }) {
    return lines.flatMap((line) => {
      if (limits.ageYears !== undefined && !isAgeKnown(line)) {
        notApplicable('missing-birth-date', line.claim);
        return [];
      }
      return [
        lineHit({
          windowKey: line.chargedOn,
          violating: [wholeLine(line)],
          facts: {
            item: line.itemName,
            on: line.chargedOn,
            quantity: quantityText(line.quantity),
            unitPrice: new Decimal(line.unitPrice).div(MICRO_YUAN).toString(),
          },
          point: null,
        }),
      ];
    });
  },
});

function itemCodes({ items, itemsOfSet }: Params, knowledge: KnowledgeBase): Set<string> | null {
  if (items === undefined && itemsOfSet === undefined) return null;
  const ofSet = itemsOfSet === undefined ? [] : knowledge.set(itemsOfSet).codes();
  return new Set([...(items ?? []), ...ofSet]);
}

function fitsProfile(claim: ClaimProfile, { sex, level, careType, pool }: Params): boolean {
  return (
    sex?.includes(claim.sex) !== false &&
    level?.includes(claim.level) !== false &&
    careType?.includes(claim.careType) !== false &&
    pool?.includes(claim.pool) !== false
  );
}

function testsOf(limits: Params): RowTest[] {
  return Object.entries(NUMBERS).flatMap(([name, { field, scale }]) =>
    boundsOf(limits[name as keyof typeof NUMBERS]).map(
      ([bound, value]): RowTest => ({
        kind: 'compare',
        field,
        comparison: BOUNDS[bound],
        bound: value.times(scale).toNumber(),
      }),
    ),
  );
}

function boundsOf(given: Params[keyof typeof NUMBERS]): (readonly [Bound, Decimal])[] {
  return BOUND_NAMES.flatMap((name) => {
    const bound = given?.[name];
    return bound === undefined ? [] : [[name, bound] as const];
  });
}

function isAgeKnown({ claim: { birthDate }, chargedOn }: LineFacts): boolean {
  return birthDate !== null && dayNumber(birthDate) <= dayNumber(chargedOn);
}

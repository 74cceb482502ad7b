import type { RowNumber, RowTest } from './row-check.js';

/** A check that codes, dates and profiles do not decide alone. */
export interface TestedCheck {
  readonly bit: number;
  readonly tests: readonly RowTest[];
}

/**
 * All that the checks ask of one number of the line: between two neighbouring bounds every answer is the same, so a look-up of the
 * interval answers for all checks at once, however many there are.
 */
type Field = RowNumber | 'family';

export interface FieldIntervals {
  readonly field: Field;
  /** First whole numbers of the intervals after the first, ascending. */
  readonly bounds: Float64Array;
  /** Check bits by interval: set where everything the check asks of this number holds, or it asks nothing. */
  readonly masks: Int32Array;
}

const FIELDS: readonly Field[] = [
  'quantity',
  'unitPrice',
  'amount',
  'eligible',
  'family',
  'ageYears',
];

/** The numbers that any check asks for, in a fixed order. */
export function fieldIntervals(
  tested: readonly TestedCheck[],
  checkWords: number,
): readonly FieldIntervals[] {
  return FIELDS.map((field) => intervalsOf(field, tested, checkWords)).filter(
    ({ bounds }) => bounds.length > 0,
  );
}

function intervalsOf(
  field: Field,
  tested: readonly TestedCheck[],
  checkWords: number,
): FieldIntervals {
  const asked = tested.flatMap(({ bit, tests }) => {
    const own = tests.filter((test) => fieldOf(test) === field);
    return own.length === 0 ? [] : [{ bit, tests: own }];
  });
  const bounds = Float64Array.from(
    new Set(asked.flatMap(({ tests }) => tests.flatMap(firstsOf))),
  ).sort();
  const masks = new Int32Array((bounds.length + 1) * checkWords).fill(-1);
  for (let interval = 0; interval <= bounds.length; interval += 1) {
    const inside = bounds[interval - 1] ?? (bounds[0] ?? 0) - 1;
    for (const { bit, tests } of asked)
      if (!tests.every((test) => holds(test, inside))) clear(masks, interval * checkWords, bit);
  }
  return { field, bounds, masks };
}

/** Null for a test that is asked for itself. */
export function fieldOf(test: RowTest): Field | null {
  if (test.kind === 'compare') return test.field;
  if (test.kind === 'of-family') return 'family';
  return test.kind === 'age-outside' && test.minMonths === null ? 'ageYears' : null;
}

/** The whole numbers at which the answer changes. */
function firstsOf(test: RowTest): number[] {
  if (test.kind === 'age-outside') return [test.minYears, test.maxYears + 1];
  if (test.kind === 'of-family')
    return [...test.families].flatMap((family) => [family, family + 1]);
  if (test.kind !== 'compare') return [];
  const from = test.comparison === '>' || test.comparison === '<=' ? test.bound + 1 : test.bound;
  return [from];
}

function holds(test: RowTest, value: number): boolean {
  if (test.kind === 'age-outside') return value < test.minYears || value > test.maxYears;
  if (test.kind === 'of-family') return test.families.has(value);
  if (test.kind !== 'compare') return true;
  switch (test.comparison) {
    case '>':
      return value > test.bound;
    case '>=':
      return value >= test.bound;
    case '<':
      return value < test.bound;
    case '<=':
      return value <= test.bound;
  }
}

function clear(masks: Int32Array, offset: number, bit: number): void {
  const word = offset + (bit >> 5);
  masks[word] = (masks[word] ?? 0) & ~(1 << (bit & 31));
}

/** The interval that a number lies in. */
export function intervalAt(bounds: Float64Array, value: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

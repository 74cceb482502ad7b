import { z } from 'zod';
import {
  AUDIENCES,
  LEVEL_QUALIFIERS,
  type LimitOf,
  PAIR_WINDOWS,
  type SetId,
} from './knowledge.js';

/** The limit columns of each set's table, as text in and typed limit out. */

const text = z.string().min(1);
const count = z
  .string()
  .regex(/^[1-9]\d{0,3}$/)
  .transform(Number);
const age = z.union([
  z.literal('').transform(() => null),
  z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number),
]);
/** Words separated by spaces; an empty cell is an empty list. */
const wordsOf = <T extends readonly [string, ...string[]]>(words: T) =>
  z
    .string()
    .transform((cell) => (cell === '' ? [] : cell.split(' ')))
    .pipe(z.array(z.enum(words)));

const sex = z.strictObject({ sex: z.enum(['male', 'female']) });
const ages = z.strictObject({
  audience: z.enum(AUDIENCES),
  minYears: age,
  maxYears: age,
  minMonths: age,
});
const courseDays = z.strictObject({
  maxDays: count,
  per: z.enum(['stay', 'disease-process', 'unstated']),
});
const textOnly = z.strictObject({});

const SCHEMAS = {
  'drug-sex': sex,
  'item-sex': sex,
  'drug-age': ages,
  'item-age': ages,
  'insurance-type': z.strictObject({ insurance: z.enum(['work-injury', 'maternity']) }),
  'care-setting': z.strictObject({ settings: wordsOf(['emergency', 'inpatient']) }),
  'institution-level': z.strictObject({
    minLevel: z.enum(['secondary', 'tertiary']),
    qualifiers: wordsOf(LEVEL_QUALIFIERS),
  }),
  'drug-course-days': courseDays,
  'item-course-days': courseDays,
  'daily-frequency': z.strictObject({ maxQuantity: count, unit: z.enum(['time', 'hour']) }),
  'cycle-frequency': z.strictObject({ maxCount: count, days: count }),
  'duplicate-pairs': z.strictObject({
    containedCode: text,
    containedName: text,
    window: z.enum(PAIR_WINDOWS),
  }),
  'incision-groups': z.strictObject({ group: text }),
  'tcm-pieces': z.strictObject({ scope: z.enum(['never', 'not-alone']) }),
  'second-line': textOnly,
  'internet-scope': textOnly,
  indication: textOnly,
} as const satisfies { readonly [S in SetId]: z.ZodObject };

/** `maxDays` is written `max_days`. */
function columnOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function limitColumns(set: SetId): readonly string[] {
  return Object.keys(SCHEMAS[set].shape).map(columnOf);
}

export function limitCells(set: SetId, limit: LimitOf[SetId]): readonly string[] {
  const values: ReadonlyMap<string, unknown> = new Map(Object.entries(limit));
  return Object.keys(SCHEMAS[set].shape).map((key) => {
    const value = values.get(key) ?? '';
    return Array.isArray(value) ? value.join(' ') : String(value);
  });
}

/** @returns null when a cell is not what the set's columns allow */
export function limitFromCells<S extends SetId>(
  set: S,
  row: Readonly<Record<string, string>>,
): LimitOf[S] | null {
  const cells = Object.fromEntries(
    Object.keys(SCHEMAS[set].shape).map((key) => [key, row[columnOf(key)]]),
  );
  const read = SCHEMAS[set].safeParse(cells);
  return read.success ? (read.data as unknown as LimitOf[S]) : null;
}

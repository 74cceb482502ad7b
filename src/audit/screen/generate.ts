import { productDiffers } from '../scaled.js';
import { epochDayMonthsAfter, epochDayOf, ROW } from './positional-row.js';
import type { Comparison, RowNumber, RowTest } from './row-check.js';

/** Judges the row that begins at `offset`; what it found stands in the words. Returns 0 when nothing looks at the line. */
export type RowFunction = (rows: Float64Array, offset: number) => number;

/** A check that profiles and codes do not decide alone. */
export interface TestedCheck {
  readonly bit: number;
  readonly tests: readonly RowTest[];
}

export interface RowProgram {
  /** First days of the eras after the first, ascending, as date numbers. */
  readonly eras: readonly number[];
  /** Words of check bits, and of rule bits, in each table row. */
  readonly checkWords: number;
  readonly ruleWords: number;
  /** Check bits by code, era and profile; the latter two say hit and unsure. */
  readonly codeChecks: Int32Array;
  readonly eraChecks: Int32Array;
  readonly profileHits: Int32Array;
  readonly profileUnsure: Int32Array;
  /** Rule bits by code, era and profile. */
  readonly codeRules: Int32Array;
  readonly eraRules: Int32Array;
  readonly profileRules: Int32Array;
  /** Check bits that need an eligible amount. */
  readonly withinScope: Int32Array;
  readonly tested: readonly TestedCheck[];
  /** Filled by the function: check words that hit, check words unsure, rule words that look at the line. */
  readonly words: Int32Array;
}

/**
 * Writes the one function of a run. What goes into its text are bit numbers, bounds and the names of this file; everything that comes
 * from rule files and knowledge is a number checked by a schema, or stands in the tables it closes over.
 */
export function generateRowFunction(program: RowProgram): RowFunction {
  const body = `'use strict';
const { codeChecks, eraChecks, profileHits, profileUnsure, codeRules, eraRules, profileRules, words } = program;
return function judge(rows, offset) {
  const code = rows[offset + ${ROW.code}], profile = rows[offset + ${ROW.profile}], day = rows[offset + ${ROW.chargedOn}];
  const era = ${eraExpression(program.eras)};
  let looked = 0;
${ruleStatements(program)}
  if (looked === 0) return 0;
  const quantity = rows[offset + ${ROW.quantity}], unitPrice = rows[offset + ${ROW.unitPrice}];
  const amount = rows[offset + ${ROW.amount}], eligible = rows[offset + ${ROW.eligible}];
  const birth = rows[offset + ${ROW.birthDate}];
  const ageKnown = birth !== 0 && birth <= day;
  const ageYears = ageKnown ? ((day - birth) / 10000) | 0 : 0;
${checkStatements(program)}
  return looked;
};`;
  const make = new Function('program', 'epochDayOf', 'epochDayMonthsAfter', 'productDiffers', body);
  return make(program, epochDayOf, epochDayMonthsAfter, productDiffers) as RowFunction;
}

function eraExpression(eras: readonly number[]): string {
  return eras.map((first, index) => `day < ${whole(first)} ? ${index} : `).join('') + eras.length;
}

function ruleStatements({ ruleWords, checkWords }: RowProgram): string {
  const at = (table: string, index: string, word: number): string =>
    `${table}[${index} * ${ruleWords} + ${word}]`;
  return wordsUpTo(ruleWords)
    .map(
      (word) =>
        `  looked |= words[${2 * checkWords + word}] = ${at('codeRules', 'code', word)} & ${at('eraRules', 'era', word)} & ${at('profileRules', 'profile', word)};`,
    )
    .join('\n');
}

function checkStatements(program: RowProgram): string {
  return wordsUpTo(program.checkWords)
    .map((word) => wordStatements(program, word))
    .join('\n');
}

/** One word of checks: tables first, then what is left bit by bit. */
function wordStatements(program: RowProgram, word: number): string {
  const { checkWords, withinScope, tested } = program;
  const at = (table: string, index: string): string =>
    `${table}[${index} * ${checkWords} + ${word}]`;
  const own = tested.filter(({ bit }) => bit >> 5 === word);
  const scope = withinScope[word] ?? 0;
  return `  {
    let hit = ${at('codeChecks', 'code')} & ${at('eraChecks', 'era')}, unsure = 0;
    if (hit !== 0) {
      ${scope === 0 ? '' : `if (eligible <= 0) hit &= ${~scope};`}
      unsure = hit & ${at('profileUnsure', 'profile')};
      hit &= ${at('profileHits', 'profile')};
${own.map(testStatement).join('\n')}
    }
    words[${word}] = hit;
    words[${checkWords + word}] = unsure;
  }`;
}

function testStatement({ bit, tests }: TestedCheck): string {
  const mask = 1 << (bit & 31);
  const needsAge = tests.some(
    (test) =>
      test.kind !== 'product-differs' && (test.kind !== 'compare' || test.field === 'ageYears'),
  );
  const holds = tests.map(testExpression).join(' && ');
  const drop = `if (!(${holds})) hit &= ${~mask};`;
  if (!needsAge) return `      if ((hit & ${mask}) !== 0) ${drop}`;
  return `      if ((hit & ${mask}) !== 0) { if (!ageKnown) { hit &= ${~mask}; unsure |= ${mask}; } else ${drop} }`;
}

const OPERATORS: Readonly<Record<Comparison, string>> = {
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
};
const NUMBERS: Readonly<Record<RowNumber, string>> = {
  quantity: 'quantity',
  unitPrice: 'unitPrice',
  amount: 'amount',
  eligible: 'eligible',
  ageYears: 'ageYears',
};

function testExpression(test: RowTest): string {
  switch (test.kind) {
    case 'age-outside':
      return `(${[
        `ageYears < ${whole(test.minYears)}`,
        `ageYears > ${whole(test.maxYears)}`,
        ...(test.minMonths === null
          ? []
          : [`epochDayOf(day) < epochDayMonthsAfter(birth, ${whole(test.minMonths)})`]),
      ].join(' || ')})`;
    case 'older-than-days':
      return `epochDayOf(day) - epochDayOf(birth) > ${whole(test.days)}`;
    case 'compare':
      return `${NUMBERS[test.field]} ${OPERATORS[test.comparison]} ${whole(test.bound)}`;
    case 'product-differs':
      return `productDiffers(quantity, unitPrice, amount, ${whole(test.toleranceFen)})`;
  }
}

function wordsUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, word) => word);
}

/** Only whole numbers enter the text. @throws RangeError */
function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
  return String(value);
}

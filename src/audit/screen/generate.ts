import { productDiffers } from '../scaled.js';
import { type FieldIntervals, fieldOf, intervalAt, type TestedCheck } from './field-intervals.js';
import { epochDayMonthsAfter, epochDayOf, ROW } from './positional-row.js';
import type { RowTest } from './row-check.js';

/** Judges the row that begins at `offset`; what it found stands in the words. Returns 0 when nothing looks at the line. */
export type RowFunction = (rows: Float64Array, offset: number) => number;

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
  readonly intervals: readonly FieldIntervals[];
  /** Price of each code, by test. */
  readonly prices: ReadonlyMap<RowTest, Float64Array>;
  /** Filled by the function: check words that hit, check words unsure, rule words that look at the line. */
  readonly words: Int32Array;
}

/**
 * Writes the one function of a run. What goes into its text are bit numbers, sizes and the names of this file; everything that comes from
 * rule files and knowledge is a whole number checked by a schema, or stands in the tables it closes over.
 */
export function generateRowFunction(program: RowProgram): RowFunction {
  const { eras, intervals } = program;
  const body = `'use strict';
const { codeChecks, eraChecks, profileHits, profileUnsure, codeRules, eraRules, profileRules, words } = program;
${[...program.prices.keys()].map((_, index) => `const prices${index} = [...program.prices.values()][${index}];`).join('\n')}
${intervals.map(({ field }, index) => `const ${field}Bounds = program.intervals[${index}].bounds, ${field}Masks = program.intervals[${index}].masks;`).join('\n')}
return function judge(rows, offset) {
  const code = rows[offset + ${ROW.code}], profile = rows[offset + ${ROW.profile}], day = rows[offset + ${ROW.chargedOn}];
  const era = ${eras.map((first, index) => `day < ${whole(first)} ? ${index} : `).join('')}${eras.length};
${lookingStatements(program)}
  if (looking === 0) return 0;
  const amount = rows[offset + ${ROW.amount}], eligible = rows[offset + ${ROW.eligible}];
${checkStatements(program)}
  return looking;
};`;
  const make = new Function(
    ...['program', 'epochDayOf', 'epochDayMonthsAfter', 'productDiffers', 'intervalAt', body],
  );
  const closed = [program, epochDayOf, epochDayMonthsAfter, productDiffers, intervalAt];
  return make(...closed) as RowFunction;
}

function lookingStatements({ ruleWords, checkWords }: RowProgram): string {
  const parts = wordsUpTo(ruleWords).map((word) => {
    const tables = [`codeRules[code`, 'eraRules[era', 'profileRules[profile'];
    const bits = tables.map((table) => `${table} * ${ruleWords} + ${word}]`).join(' & ');
    return `(words[${2 * checkWords + word}] = ${bits})`;
  });
  return `  const looking = ${parts.join(' | ')};`;
}

/** Tables first; numbers where anything is left; then the few questions that are asked one by one. */
function checkStatements(program: RowProgram): string {
  const { checkWords, withinScope, intervals, tested } = program;
  const each = (of: (word: number) => string): string => wordsUpTo(checkWords).map(of).join('\n');
  const at = (table: string, index: string, word: number): string =>
    `${table}[${index} * ${checkWords} + ${word}]`;
  const numbers = intervals.filter(({ field }) => field !== 'ageYears');
  return `${each((word) => `  let h${word} = ${at('codeChecks', 'code', word)} & ${at('eraChecks', 'era', word)}, u${word} = 0;`)}
  if (eligible <= 0) {${each((word) => ` h${word} &= ${~(withinScope[word] ?? 0)};`)} }
  if ((${anyOf('h', checkWords)}) !== 0) {
    const quantity = rows[offset + ${ROW.quantity}], unitPrice = rows[offset + ${ROW.unitPrice}], family = rows[offset + ${ROW.family}];
${numbers.map(({ field }) => `    const ${field}At = intervalAt(${field}Bounds, ${field}) * ${checkWords};`).join('\n')}
${each((word) => `    h${word} &= ${[...numbers.map(({ field }) => `${field}Masks[${field}At + ${word}]`), '-1'].join(' & ')};`)}
${each((word) => `    u${word} = h${word} & ${at('profileUnsure', 'profile', word)}; h${word} &= ${at('profileHits', 'profile', word)};`)}
${ageStatements(program)}
${tested.flatMap((check) => singleStatements(check, program)).join('\n')}
  }
${each((word) => `  words[${word}] = h${word}; words[${checkWords + word}] = u${word};`)}`;
}

function ageStatements({ checkWords, tested, intervals }: RowProgram): string {
  const needAge = new Int32Array(checkWords);
  for (const { bit, tests } of tested)
    if (tests.some(needsAge)) needAge[bit >> 5] = (needAge[bit >> 5] ?? 0) | (1 << (bit & 31));
  const words = wordsUpTo(checkWords).filter((word) => needAge[word] !== 0);
  if (words.length === 0) return '';
  const each = (of: (word: number) => string): string => words.map(of).join(' ');
  const masked = intervals.some(({ field }) => field === 'ageYears');
  return `    if ((${words.map((word) => `h${word} & ${needAge[word]}`).join(' | ')}) !== 0) {
      const birth = rows[offset + ${ROW.birthDate}];
      if (birth === 0 || birth > day) { ${each((word) => `u${word} |= h${word} & ${needAge[word]}; h${word} &= ${~(needAge[word] ?? 0)};`)} }
      else {
        ${masked ? `const ageAt = intervalAt(ageYearsBounds, ((day - birth) / 10000) | 0) * ${checkWords}; ${each((word) => `h${word} &= ageYearsMasks[ageAt + ${word}];`)}` : ''}
      }
    }`;
}

function needsAge(test: RowTest): boolean {
  switch (test.kind) {
    case 'compare':
      return test.field === 'ageYears';
    case 'age-outside':
    case 'older-than-days':
      return true;
    default:
      return false;
  }
}

/** Tests that no interval answers. A bit still set here has a known age where one is needed. */
function singleStatements({ bit, tests }: TestedCheck, program: RowProgram): string[] {
  const mask = 1 << (bit & 31);
  const word = `h${bit >> 5}`;
  return tests
    .filter((test) => fieldOf(test) === null)
    .map((test) =>
      test.kind === 'outside-stay'
        ? stayStatement(bit, test)
        : `    if ((${word} & ${mask}) !== 0 && !(${expressionOf(test, program)})) ${word} &= ${~mask};`,
    );
}

/** Most charges lie within the stay: two comparisons of date numbers decide those. */
function stayStatement(
  bit: number,
  { daysBefore, daysAfter }: Extract<RowTest, { kind: 'outside-stay' }>,
): string {
  const [word, mask] = [`h${bit >> 5}`, 1 << (bit & 31)];
  const before = `epochDayOf(admitted) - epochDayOf(day) > ${whole(daysBefore)}`;
  const after = `epochDayOf(day) - epochDayOf(discharged) > ${whole(daysAfter)}`;
  return `    if ((${word} & ${mask}) !== 0) {
      const admitted = rows[offset + ${ROW.admittedOn}], discharged = rows[offset + ${ROW.dischargedOn}];
      if (admitted === 0 || discharged === 0) { u${bit >> 5} |= ${mask}; ${word} &= ${~mask}; }
      else if ((day >= admitted || !(${before})) && (day <= discharged || !(${after}))) ${word} &= ${~mask};
    }`;
}

function expressionOf(test: RowTest, { prices }: RowProgram): string {
  const birth = `rows[offset + ${ROW.birthDate}]`;
  switch (test.kind) {
    case 'age-outside': {
      const years = `(((day - ${birth}) / 10000) | 0)`;
      const youngest = `epochDayOf(day) < epochDayMonthsAfter(${birth}, ${whole(test.minMonths ?? 0)})`;
      return `${years} < ${whole(test.minYears)} || ${years} > ${whole(test.maxYears)} || ${youngest}`;
    }
    case 'older-than-days':
      return `epochDayOf(day) - epochDayOf(${birth}) > ${whole(test.days)}`;
    case 'product-differs':
      return `productDiffers(quantity, unitPrice, amount, ${whole(test.toleranceFen)})`;
    case 'dearer-than':
      return `unitPrice > prices${[...prices.keys()].indexOf(test)}[code]`;
    case 'outside-stay':
    case 'compare':
    case 'of-family':
      throw new RangeError(`${test.kind} is not a plain expression`);
  }
}

function anyOf(name: string, count: number): string {
  return wordsUpTo(count)
    .map((word) => `${name}${word}`)
    .join(' | ');
}

function wordsUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, word) => word);
}

/** Only whole numbers enter the text. @throws RangeError */
function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
  return String(value);
}

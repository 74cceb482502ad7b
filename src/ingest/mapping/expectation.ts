import { FIELDS, type Stream } from '../fields.js';

/** What an expectation sees of a mapped row: canonical texts and scaled integers by field position. */
export interface MappedRow {
  readonly texts: readonly (string | null)[];
  readonly numbers: readonly number[];
}

export interface Expectation {
  readonly source: string;
  /** True also when a side was not supplied: absence is the business of `required`. */
  holds(row: MappedRow): boolean;
}

const NUMERIC = new Set(['money', 'quantity', 'price', 'sequence']);
const SHAPE = /^(.+?)\s*(<=|>=|!=|=|<|>)\s*(.+)$/;
const TERM = /\s*([+-])?\s*([A-Za-z]\w*)\s*/gy;

const ISO_START = /^\d{4}-\d{2}-\d{2}/;

type Reader = (row: MappedRow) => number | string | null;
type Compare = (left: number | string, right: number | string) => boolean;

const OPERATORS: Readonly<Record<string, Compare>> = {
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** Compiles `pooledFundPaid + medicalAidPaid <= fundPaid` to closures. @returns what is wrong with it, when it is a string */
export function compileExpectation(stream: Stream, source: string): Expectation | string {
  const match = SHAPE.exec(source.trim());
  const compare = OPERATORS[match?.[2] ?? ''];
  if (match === null || compare === undefined) return `无法理解的检查：${source}`;
  const left = side(stream, match[1] ?? '');
  const right = side(stream, match[3] ?? '');
  if (typeof left === 'string') return left;
  if (typeof right === 'string') return right;
  return {
    source,
    holds(row) {
      const a = left(row);
      const b = right(row);
      return a === null || b === null || compare(...comparable(a, b));
    },
  };
}

/** A day against a moment is a question about days. */
function comparable(a: number | string, b: number | string): [number | string, number | string] {
  if (typeof a === 'number' || typeof b === 'number' || a.length === b.length) return [a, b];
  return ISO_START.test(a) && ISO_START.test(b) ? [a.slice(0, 10), b.slice(0, 10)] : [a, b];
}

interface Term {
  readonly index: number;
  readonly sign: 1 | -1;
}

function side(stream: Stream, text: string): Reader | string {
  if (text.trim() === '0') return () => 0;
  const specs = FIELDS[stream];
  const names = Object.keys(specs);
  const terms = termsOf(text, names);
  if (typeof terms === 'string') return terms;
  const kinds = new Set(terms.map(({ index }) => specs[names[index] ?? '']?.kind ?? ''));
  const [kind = ''] = kinds;
  if (kinds.size === 1 && NUMERIC.has(kind)) return sumReader(terms);
  const [only] = terms;
  if (terms.length > 1 || only === undefined) {
    return `只有同一单位的金额或数量可以相加减：${text}`;
  }
  return ({ texts }) => texts[only.index] ?? null;
}

function termsOf(text: string, names: readonly string[]): readonly Term[] | string {
  const terms: Term[] = [];
  let end = 0;
  for (const match of text.matchAll(TERM)) {
    const name = match[2] ?? '';
    const index = names.indexOf(name);
    if (index === -1) return `检查中的字段 ${name} 不存在`;
    terms.push({ index, sign: match[1] === '-' ? -1 : 1 });
    end = match.index + match[0].length;
  }
  return end === text.length && terms.length > 0 ? terms : `无法理解的检查：${text}`;
}

function sumReader(terms: readonly Term[]): Reader {
  return ({ numbers }) =>
    terms.reduce((total, { index, sign }) => total + sign * (numbers[index] ?? 0), 0);
}

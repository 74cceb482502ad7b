import {
  CARE_TYPES,
  type CareType,
  INSTITUTION_LEVELS,
  type InstitutionLevel,
} from '../claims/claim.js';

/** Three-valued: what a claim does not say is unknown. */
export type Truth = 'true' | 'false' | 'unknown';

export type Comparison = '>=' | '<';

/** One question about a line and its claim. A `manual` one is for people with the record before them. */
export type Leaf =
  | { readonly kind: 'dx' | 'pdx' | 'op'; readonly prefixes: readonly string[] }
  | { readonly kind: 'age' | 'days'; readonly comparison: Comparison; readonly bound: number }
  | { readonly kind: 'sex'; readonly sex: 'male' | 'female' }
  | { readonly kind: 'level'; readonly least: InstitutionLevel }
  | { readonly kind: 'care'; readonly types: readonly CareType[] }
  | { readonly kind: 'department'; readonly names: readonly string[] }
  | { readonly kind: 'manual'; readonly words: string };

export type Tree =
  | { readonly leaf: Leaf; readonly text: string }
  | { readonly not: Tree }
  | { readonly all: readonly Tree[] }
  | { readonly any: readonly Tree[] };

/** What one leaf came to, as people read it. */
export interface LeafTruth {
  readonly text: string;
  readonly truth: Truth;
}

/**
 * Reads a tree as the table writes it: `dx:E11,E14 & age>=18 & manual:口服药控制不佳 | dx:O24.1`. `&` binds closer than `|`, `!` negates what
 * follows, brackets group.
 *
 * @returns the tree, or what cannot be read
 */
export function parseTree(text: string): { readonly tree: Tree } | { readonly problem: string } {
  const tokens = text.match(/[()&|!]|[^()&|!]+/g)?.map((token) => token.trim()) ?? [];
  const reader = new TreeReader(tokens.filter((token) => token !== ''));
  try {
    return { tree: reader.readAll() };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: error.message };
    throw error;
  }
}

class TreeReader {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  /** @throws SyntaxError */
  readAll(): Tree {
    const tree = this.readAny();
    if (this.at < this.tokens.length) throw new SyntaxError(`多余的 ${this.tokens[this.at]}`);
    return tree;
  }

  private readAny(): Tree {
    const any: [Tree, ...Tree[]] = [this.readAllOf()];
    while (this.take('|')) any.push(this.readAllOf());
    return any.length === 1 ? any[0] : { any };
  }

  private readAllOf(): Tree {
    const all: [Tree, ...Tree[]] = [this.readOne()];
    while (this.take('&')) all.push(this.readOne());
    return all.length === 1 ? all[0] : { all };
  }

  private readOne(): Tree {
    if (this.take('!')) return { not: this.readOne() };
    if (this.take('(')) {
      const tree = this.readAny();
      if (!this.take(')')) throw new SyntaxError('括号没有闭合');
      return tree;
    }
    const text = this.tokens[this.at] ?? '';
    const leaf = leafOf(text);
    if (leaf === null) throw new SyntaxError(`看不懂的条件“${text}”`);
    this.at += 1;
    return { leaf, text };
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }
}

function leafOf(text: string): Leaf | null {
  const bound = /^(age|days)(>=|<)(\d{1,5})$/.exec(text);
  if (bound !== null)
    return {
      kind: bound[1] as 'age' | 'days',
      comparison: bound[2] as Comparison,
      bound: Number(bound[3]),
    };
  const colon = text.indexOf(':');
  return colon === -1 ? null : namedLeaf(text.slice(0, colon), text.slice(colon + 1).trim());
}

function namedLeaf(name: string, value: string): Leaf | null {
  if (value === '') return null;
  const values = value.split(',').map((each) => each.trim());
  switch (name) {
    case 'dx':
    case 'pdx':
    case 'op':
      return values.every((each) => /^[0-9A-Z][0-9A-Za-z.]*$/.test(each))
        ? { kind: name, prefixes: values }
        : null;
    case 'department':
      return { kind: name, names: values };
    case 'care': {
      const types = CARE_TYPES.filter((type) => values.includes(type));
      return types.length === values.length ? { kind: name, types } : null;
    }
    case 'sex':
      return value === 'male' || value === 'female' ? { kind: name, sex: value } : null;
    case 'level': {
      const least = INSTITUTION_LEVELS.find((level) => level === value);
      return least === undefined ? null : { kind: name, least };
    }
    case 'manual':
      return { kind: name, words: value };
    default:
      return null;
  }
}

/** Whether codes and figures decide all of it. */
export function isFullyCoded(tree: Tree): boolean {
  if ('leaf' in tree) return tree.leaf.kind !== 'manual';
  if ('not' in tree) return isFullyCoded(tree.not);
  return ('all' in tree ? tree.all : tree.any).every(isFullyCoded);
}

/** Every leaf of the tree, with what it came to, is added to `leaves`. */
export function truthOf(tree: Tree, ask: (leaf: Leaf) => Truth, leaves: LeafTruth[]): Truth {
  if ('leaf' in tree) {
    const truth = ask(tree.leaf);
    leaves.push({ text: tree.text, truth });
    return truth;
  }
  if ('not' in tree) return opposite(truthOf(tree.not, ask, leaves));
  if ('all' in tree) {
    const truths = tree.all.map((each) => truthOf(each, ask, leaves));
    return opposite(anyOf(truths.map(opposite)));
  }
  return anyOf(tree.any.map((each) => truthOf(each, ask, leaves)));
}

function opposite(truth: Truth): Truth {
  if (truth === 'unknown') return truth;
  return truth === 'true' ? 'false' : 'true';
}

export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes('true')) return 'true';
  return truths.includes('unknown') ? 'unknown' : 'false';
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isFullyCoded,
  type Leaf,
  type LeafTruth,
  parseTree,
  type Tree,
  type Truth,
  truthOf,
} from './indication-tree.js';

function treeOf(text: string): Tree {
  const parsed = parseTree(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.tree;
}

/** Leaves by their first prefix: `dx:T1` holds, `dx:F1` does not, the rest is unknown. */
const ask = (leaf: Leaf): Truth => {
  const first = leaf.kind === 'dx' ? (leaf.prefixes[0] ?? '') : '';
  return first.startsWith('T') ? 'true' : first.startsWith('F') ? 'false' : 'unknown';
};
const truth = (text: string): Truth => truthOf(treeOf(text), ask, []);

describe('a tree', () => {
  it.each<[string, Truth]>([
    ['dx:T1', 'true'],
    ['dx:F1', 'false'],
    ['manual:须看病历', 'unknown'],
    ['dx:T1 & manual:须看病历', 'unknown'],
    ['dx:F1 & manual:须看病历', 'false'],
    ['dx:T1 | manual:须看病历', 'true'],
    ['dx:F1 | manual:须看病历', 'unknown'],
    ['dx:T1 | dx:F1 & dx:F2', 'true'],
    ['(dx:T1 | dx:F1) & dx:F2', 'false'],
    ['!dx:F1 & dx:T1', 'true'],
    ['!manual:须看病历', 'unknown'],
  ])('%s: %s', (text, expected) => {
    expect(truth(text)).toBe(expected);
  });

  it.each([
    '',
    'dx:',
    'dx:i10',
    'age>18',
    'age>=x',
    'dx:T1 &',
    '(dx:T1',
    'dx:T1)',
    'sex:x',
    'care:spa',
  ])('does not read %j', (text) => {
    expect(parseTree(text)).toHaveProperty('problem');
  });

  it('tells what each leaf came to', () => {
    const leaves: LeafTruth[] = [];
    truthOf(treeOf('dx:F1 | dx:T1 & manual:分期'), ask, leaves);
    expect(leaves).toEqual([
      { text: 'dx:F1', truth: 'false' },
      { text: 'dx:T1', truth: 'true' },
      { text: 'manual:分期', truth: 'unknown' },
    ]);
  });

  it('is fully coded only without leaves for people', () => {
    expect(isFullyCoded(treeOf('dx:T1 & (age>=18 | sex:female)'))).toBe(true);
    expect(isFullyCoded(treeOf('dx:T1 & (age>=18 | !manual:分期)'))).toBe(false);
  });

  it('never becomes less certain when an unknown leaf becomes known', () => {
    const texts = fc.constantFrom('dx:T1', 'dx:F1', 'manual:分期', 'dx:U1');
    const trees = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        texts,
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} & ${b})`),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} | ${b})`),
        tie('tree').map((a) => `!(${a})`),
      ),
    })).tree;
    fc.assert(
      fc.property(trees, fc.boolean(), (text, known) => {
        const before = truth(text);
        const settled = (leaf: Leaf): Truth => {
          const own = ask(leaf);
          return own === 'unknown' ? (known ? 'true' : 'false') : own;
        };
        if (before !== 'unknown') expect(truthOf(treeOf(text), settled, [])).toBe(before);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { canonicalJson, digest } from './hash.js';
import { maskIdentifier } from './mask.js';

describe('canonical JSON', () => {
  it('sorts keys at every depth, writes bigint as text and leaves out undefined', () => {
    expect(canonicalJson({ b: [1n, { d: null, c: 'x' }], a: undefined })).toBe(
      '{"b":["1",{"c":"x","d":null}]}',
    );
  });

  it('gives one digest whatever the order of keys', () => {
    expect(digest({ a: 1, b: 2 })).toBe(digest({ b: 2, a: 1 }));
    expect(digest({ a: 1 })).not.toBe(digest({ a: '1' }));
  });
});

describe('masking', () => {
  it.each([
    ['460200199001011234', '4602**********1234'],
    ['P0012345', 'P0****45'],
    ['abcd', '****'],
  ])('%s is shown as %s', (text, shown) => expect(maskIdentifier(text)).toBe(shown));
});

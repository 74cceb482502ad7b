import { describe, expect, it } from '@jest/globals';
import { decodePosition, encodePosition, pageOf, pageQuery } from './page.js';

describe('pageOf', () => {
  it.each([
    ['fewer rows than asked for', ['1', '2'], 3, ['1', '2'], null],
    ['exactly as many', ['1', '2', '3'], 3, ['1', '2', '3'], null],
    ['one more: there is a next page', ['1', '2', '3', '4'], 3, ['1', '2', '3'], '3'],
    ['none', [], 3, [], null],
  ])('%s', (_, rows, limit, items, next) => {
    expect(pageOf(rows, limit, (row) => row)).toEqual({ items, next });
  });
});

describe('pageQuery', () => {
  it.each([{}, { limit: '500' }, { count: 'true' }])('takes %j', (query) => {
    expect(pageQuery.safeParse(query).success).toBe(true);
  });

  it.each([{ limit: '0' }, { limit: 'x' }, { after: "1' OR 1=1" }, { lmit: '1' }])(
    'refuses %j',
    (query) => {
      expect(pageQuery.safeParse(query).success).toBe(false);
    },
  );
});

describe('a position', () => {
  it('comes back as it was', () => {
    const values = ['12.50', '上一页', '9'];
    expect(decodePosition(encodePosition('-amount', values), '-amount')).toEqual(values);
  });

  it.each([
    ['of another order', encodePosition('amount', ['1'])],
    ['that is no JSON', Buffer.from('[').toString('base64url')],
    ['of another shape', Buffer.from('{"sort":"-amount"}').toString('base64url')],
  ])('%s is not taken', (_, text) => {
    expect(decodePosition(text, '-amount')).toBeNull();
  });
});

import { describe, expect, it } from '@jest/globals';
import { pageOf, pageQuery } from './page.js';

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
  it.each([
    ['nothing', {}, 50],
    ['the most', { limit: '500' }, 500],
  ])('takes %s', (_, query, limit) => {
    expect(pageQuery.parse(query)).toMatchObject({ limit });
  });

  it.each([{ limit: '0' }, { limit: '501' }, { after: "1' OR 1=1" }])('refuses %j', (query) => {
    expect(pageQuery.safeParse(query).success).toBe(false);
  });
});

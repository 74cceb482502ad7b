import { describe, expect, it } from '@jest/globals';
import { beyond, bounds, fits, type Listing, orderOf, orderText } from './listing.js';

const LISTING: Listing = {
  select: 'a',
  from: 't',
  consortium: 'c',
  institution: 'i',
  key: [{ by: 'id', type: 'bigint' }],
  sorts: { amount: { by: 'fen', type: 'bigint' } },
  filters: { month: 'm = ?', day: 'f <= ?::date AND ?::date < t' },
};

describe('bounds', () => {
  it('always holds consortium and institutions, then what was asked for', () => {
    const bound = bounds(LISTING, { consortium: 'x', institutions: ['H1'] }, { day: '2024-03-01' });
    expect(bound.text()).toBe(
      'WHERE (c = $1) AND ($2::text[] IS NULL OR i = ANY($2::text[])) AND (f <= $3::date AND $3::date < t)',
    );
    expect(bound.values).toEqual(['x', ['H1'], '2024-03-01']);
  });

  it('gives nothing of a list without institutions to somebody bound to one', () => {
    const bound = bounds(
      { ...LISTING, institution: null },
      { consortium: 'x', institutions: ['H1'] },
      {},
    );
    expect(bound.text()).toBe('WHERE (c = $1) AND ($2::text[] IS NULL)');
  });

  it('has no way to name what is no filter', () => {
    const bound = bounds(
      LISTING,
      { consortium: 'x', institutions: 'all' },
      { 'm; DROP TABLE t': '1' },
    );
    expect(bound.values).toEqual(['x', null]);
  });
});

describe('an order', () => {
  it('breaks ties by the key, in one direction', () => {
    const order = orderOf(LISTING, '-amount');
    expect(orderText(order)).toBe('fen DESC, id DESC');
    expect(beyond(order)).toBe('(fen, id) < ((?::jsonb ->> 0)::bigint, (?::jsonb ->> 1)::bigint)');
    expect(orderText(orderOf(LISTING, 'amount'))).toBe('fen ASC, id ASC');
    expect(orderText(orderOf(LISTING, undefined))).toBe('id DESC');
  });

  it.each([
    [['5', '7'], true],
    [['5'], false],
    [['5', "7'; --"], false],
    [['x', '7'], false],
  ])('takes a position %j: %s', (values, expected) => {
    expect(fits(orderOf(LISTING, 'amount'), values)).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { mayReadMetrics } from './metrics-access.js';

const far = { address: '10.1.2.3', viaProxy: false, authorization: undefined, token: 't-1' };

describe('who may read metrics', () => {
  it.each([
    ['this machine', { ...far, address: '127.0.0.1' }, true],
    ['this machine over IPv6', { ...far, address: '::1' }, true],
    ['this machine, mapped', { ...far, address: '::ffff:127.0.0.1' }, true],
    [
      'somebody behind a proxy on this machine',
      { ...far, address: '127.0.0.1', viaProxy: true },
      false,
    ],
    ['another machine', far, false],
    ['another machine with the token', { ...far, authorization: 'Bearer t-1' }, true],
    ['another machine with another token', { ...far, authorization: 'Bearer t-2' }, false],
    ['nobody has a token', { ...far, token: null, authorization: 'Bearer ' }, false],
    [
      'nobody has a token, null is said',
      { ...far, token: null, authorization: 'Bearer null' },
      false,
    ],
    ['an address that only begins so', { ...far, address: '127.0.0.1.example' }, false],
    ['no address', { ...far, address: undefined }, false],
  ])('%s: %#', (_, asked, may) => {
    expect(mayReadMetrics(asked)).toBe(may);
  });
});

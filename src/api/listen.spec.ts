import { describe, expect, it } from '@jest/globals';
import { listenSettings } from './listen.js';

describe('listenSettings', () => {
  it.each([
    [{}, '127.0.0.1', []],
    [{ HEYI_LISTEN: '::1' }, '::1', []],
    [
      { HEYI_LISTEN: '0.0.0.0', HEYI_PROXY: '10.0.0.5, 10.0.0.6' },
      '0.0.0.0',
      ['10.0.0.5', '10.0.0.6'],
    ],
  ])('%j', (environment, host, proxies) => {
    expect(listenSettings(environment)).toEqual({ host, proxies });
  });

  it.each([
    { HEYI_LISTEN: '0.0.0.0' },
    { HEYI_LISTEN: '10.1.2.3', HEYI_PROXY: ' ' },
    { HEYI_LISTEN: '127.0.0.1.evil' },
  ])('refuses plain text on a network: %j', (environment) => {
    expect(() => listenSettings(environment)).toThrow(
      expect.objectContaining({ code: 'api.exposed' }),
    );
  });
});

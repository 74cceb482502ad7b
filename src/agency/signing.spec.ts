import { describe, expect, it } from '@jest/globals';
import { hunanHeaders } from './signing.js';

describe('Hunan signature', () => {
  it('is the HMAC-SHA1 of the four headers in natural order', () => {
    // Reference: printf '_api_access_key=AK&_api_name=3201&_api_timestamp=1709251200000&_api_version=1.0.0' | openssl dgst -sha1 -hmac SK -binary | base64
    expect(
      hunanHeaders({
        transactionCode: '3201',
        version: '1.0.0',
        at: new Date('2024-03-01T00:00:00Z'),
        accessKey: 'AK',
        secretKey: 'SK',
      }),
    ).toEqual({
      _api_access_key: 'AK',
      _api_name: '3201',
      _api_timestamp: '1709251200000',
      _api_version: '1.0.0',
      _api_signature: 'sKVpqj5jwyQ5vBJcNmVmy1i/yzE=',
    });
  });
});

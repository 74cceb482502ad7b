import { createHmac } from 'node:crypto';

export interface SigningRequest {
  readonly transactionCode: string;
  readonly version: string;
  readonly at: Date;
  readonly accessKey: string;
  readonly secretKey: string;
}

/**
 * Hunan's headers: Base64(HMAC-SHA1(secret key, `name=value` pairs of the other four, names in natural order, joined by `&`)).
 * The receiving gateway allows 30 minutes between the clocks.
 */
export function hunanHeaders(request: SigningRequest): Readonly<Record<string, string>> {
  const signed = {
    _api_access_key: request.accessKey,
    _api_name: request.transactionCode,
    _api_timestamp: String(request.at.getTime()),
    _api_version: request.version,
  };
  const text = Object.entries(signed) // written above in natural order
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const signature = createHmac('sha1', request.secretKey).update(text).digest('base64');
  return { ...signed, _api_signature: signature };
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the gateway in front of the agency demands of the headers; null = nothing. */
export interface SignatureDemand {
  readonly accessKey: string;
  readonly secretKey: string;
}

const WINDOW_MS = 30 * 60 * 1000;

/** Hunan's headers: an HMAC-SHA1 over four of them, at most 30 minutes old. Null = in order, else the complaint. */
export function signatureComplaint(
  header: (name: string) => string,
  demand: SignatureDemand,
  now: number,
): string | null {
  const signed = {
    _api_access_key: header('_api_access_key'),
    _api_name: header('_api_name'),
    _api_timestamp: header('_api_timestamp'),
    _api_version: header('_api_version'),
  };
  if (Object.values(signed).some((value) => value === '')) return 'missing header';
  if (signed._api_access_key !== demand.accessKey) return 'unknown access key';
  if (Math.abs(now - Number(signed._api_timestamp)) > WINDOW_MS) return 'stale timestamp';
  const text = Object.entries(signed)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const expected = createHmac('sha1', demand.secretKey).update(text).digest();
  const given = Buffer.from(header('_api_signature'), 'base64');
  const same = given.length === expected.length && timingSafeEqual(given, expected);
  return same ? null : 'bad signature';
}

import { createHash, timingSafeEqual } from 'node:crypto';

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

/**
 * Metrics hold no personal data, but tell much about an installation: this machine may read them, and whoever shows the token.
 *
 * @param address  the peer of the connection itself, never a forwarded header
 * @param viaProxy  the request came through a proxy on this machine, so that its address says nothing
 */
export function mayReadMetrics({
  address,
  viaProxy,
  authorization,
  token,
}: {
  readonly address: string | undefined;
  readonly viaProxy: boolean;
  readonly authorization: string | undefined;
  readonly token: string | null;
}): boolean {
  if (token !== null && sameText(authorization ?? '', `Bearer ${token}`)) return true;
  return !viaProxy && address !== undefined && LOOPBACK.test(address);
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const sameText = (a: string, b: string): boolean => timingSafeEqual(digestOf(a), digestOf(b));

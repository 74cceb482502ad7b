import { GatewayError } from '../kernel/errors.js';

/** Where the API answers, and who stands in front of it. */
export interface ListenSettings {
  readonly host: string;
  /** Addresses of the proxies that end TLS and are believed about the client; empty = none, plain loopback. */
  readonly proxies: readonly string[];
}

/** The API would be reachable from a network without TLS. */
export class ExposedApiError extends GatewayError {
  readonly code = 'api.exposed';
  readonly recovery = 'halt';
  readonly remedy =
    '请在前面放置终止 TLS 的反向代理，用 HEYI_PROXY 写明其地址（逗号分隔）；或去掉 HEYI_LISTEN，只在本机应答。';
}

const LOOPBACK = '127.0.0.1';
const LOCAL = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * @param environment  `HEYI_LISTEN`: address to answer on (default 127.0.0.1); `HEYI_PROXY`: addresses of the TLS proxies before it
 * @throws ExposedApiError when another address than loopback is asked for without a proxy
 */
export function listenSettings(
  environment: Readonly<Record<string, string | undefined>>,
): ListenSettings {
  const host = environment['HEYI_LISTEN'] ?? LOOPBACK;
  const proxies = (environment['HEYI_PROXY'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  if (!LOCAL.test(host) && proxies.length === 0) {
    throw new ExposedApiError(`不能在 ${host} 上明文应答`, { host });
  }
  return { host, proxies };
}

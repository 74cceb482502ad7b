import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { ProbeFinding } from '../../connectors/connector.js';

/** Whether a name resolves and a port answers, before any login. @param timeoutMs  time to reach the port */
export async function networkFindings(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<readonly ProbeFinding[]> {
  let addresses: readonly string[];
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    const remedy = '请核对 options.host 的拼写，或在网关主机上配置 DNS、hosts。';
    return [{ check: '域名解析', ok: false, detail: `${host} 无法解析`, remedy }];
  }
  const resolved = { check: '域名解析', ok: true, detail: `${host} → ${addresses.join('、')}` };
  return [resolved, await portFinding(host, port, timeoutMs)];
}

async function portFinding(host: string, port: number, timeoutMs: number): Promise<ProbeFinding> {
  const check = '端口';
  const started = performance.now();
  const failure = await reached(host, port, timeoutMs);
  const tookMs = Math.round(performance.now() - started);
  if (failure === null)
    return { check, ok: true, detail: `${host}:${port} 可连接（${tookMs} 毫秒）` };
  const remedy =
    failure === 'ECONNREFUSED'
      ? '主机在，但端口没有服务：请核对端口，或确认数据库已启动并监听该地址。'
      : '请检查路由与防火墙是否放行网关主机到该端口。';
  return { check, ok: false, detail: `${host}:${port} 连不上（${failure}）`, remedy };
}

/** @returns why not, or null */
function reached(host: string, port: number, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const done = (outcome: string | null) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once('connect', () => done(null));
    socket.once('timeout', () => done('超时'));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? '未知'));
  });
}

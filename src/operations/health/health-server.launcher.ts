import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { MetricsService } from '../metrics/metrics.service.js';
import { mayReadMetrics } from '../metrics/metrics-access.js';
import type { Operations } from '../operations.js';
import type { ReadinessService } from './readiness.service.js';

export interface HealthServerOptions {
  readonly port: number;
  /** Loopback unless the operators say otherwise. */
  readonly host: string;
  readonly readiness: ReadinessService;
  readonly metrics: MetricsService;
  readonly operations: Operations;
}

/** The three questions, for processes that serve no API (worker, scheduler). @returns the running server */
export async function serveHealth(options: HealthServerOptions): Promise<Server> {
  const server = createServer((asked, answer) => {
    respond(asked, answer, options).catch(() => say(answer, 500, '{}'));
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  server.unref();
  return server;
}

async function respond(
  { url, headers, socket, method }: IncomingMessage,
  answer: ServerResponse,
  { readiness, metrics, operations }: HealthServerOptions,
): Promise<void> {
  if (method !== 'GET') return say(answer, 405, '{}');
  if (url === '/healthz') return say(answer, 200, JSON.stringify({ status: 'ok' }));
  if (url === '/readyz') {
    const state = await readiness.read();
    return say(answer, state.ready ? 200 : 503, JSON.stringify(state));
  }
  if (url !== '/metrics') return say(answer, 404, '{}');
  const { authorization } = headers;
  const asker = { address: socket.remoteAddress, viaProxy: 'x-forwarded-for' in headers };
  if (!mayReadMetrics({ ...asker, authorization, token: operations.metricsToken })) {
    return say(answer, 403, '{}');
  }
  answer.setHeader('content-type', metrics.contentType);
  answer.end(await metrics.text());
}

function say(answer: ServerResponse, status: number, body: string): void {
  answer.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  answer.end(body);
}

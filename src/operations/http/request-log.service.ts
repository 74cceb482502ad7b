import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { withCorrelation } from '../../jobs/correlation.service.js';
import type { MetricsService } from '../metrics/metrics.service.js';

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

interface Answering {
  readonly statusCode: number;
  setHeader(name: string, value: string): unknown;
  once(event: 'finish' | 'close', listener: () => void): unknown;
}

const GIVEN_ID = /^[A-Za-z0-9-]{8,64}$/;
const log = new Logger('http');

/**
 * Gives each request an id (a proxy's, where it is a plain one), under which everything it causes is logged, and measures it. What is
 * logged is the route's pattern, never the address as it was typed.
 */
export function requestLog(metrics: MetricsService) {
  return (asked: Asked, answer: Answering, next: () => void): void => {
    const given = asked.headers['x-request-id'];
    const requestId = typeof given === 'string' && GIVEN_ID.test(given) ? given : randomUUID();
    const began = performance.now();
    answer.setHeader('X-Request-Id', requestId);
    withCorrelation({ requestId }, () => {
      answer.once('finish', () => {
        const { method } = asked;
        const status = answer.statusCode;
        const durationMs = Math.round(performance.now() - began);
        const route = routeOf(asked);
        metrics.answered({ method, route, status, seconds: durationMs / 1_000 });
        const line = { message: '已应答', method, route, status, durationMs };
        if (status >= 500) log.warn(line);
        else log.debug(line);
      });
      next();
    });
  };
}

function routeOf({ route, baseUrl = '' }: Asked): string {
  return typeof route?.path === 'string' ? `${baseUrl}${route.path}` : 'unmatched';
}

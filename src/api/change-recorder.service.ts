import {
  BadRequestException,
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type pg from 'pg';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { withTransaction } from '../database/transaction.repository.js';
import { GatewayError } from '../kernel/errors.js';
import { sha256 } from '../kernel/hash.js';
import { type CallerRequest, changes, ROUTE_ACCESS, type RouteAccess } from './access.guard.js';
import {
  claimKey,
  keepAnswer,
  type RequestKey,
  releaseKey,
} from './answered-request.repository.js';
import { API_POOL } from './api-settings.js';
import type { Caller } from './caller.js';
import { RepeatedDifferentlyError, StillRunningError } from './errors.js';
import type { HttpResponse } from './http.js';
import { OperatorLog } from './operator-log.service.js';

/**
 * Stands around every request that changes something or shows a person: it goes into the operator log whatever comes of it, and with
 * an `Idempotency-Key` the same request is carried out once and answered the same again.
 */
@Injectable()
export class ChangeRecorder implements NestInterceptor {
  constructor(
    @Inject(API_POOL) private readonly pool: pg.Pool,
    private readonly operators: OperatorLog,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const access = this.reflector.getAllAndOverride<RouteAccess>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const { caller } = request;
    const isOwn = access.open || access.scope === 'self';
    if (caller === undefined || isOwn || !changes(request)) return next.handle();
    const response = context.switchToHttp().getResponse<HttpResponse>();
    const key = access.replay ? keyOf(request, caller) : null;
    return from(this.record({ request, response, caller, key }, next));
  }

  private async record(recorded: Recorded, next: CallHandler): Promise<unknown> {
    const { request, response, caller, key } = recorded;
    const known = await this.orRefused(recorded, () => this.known(key, response));
    if (known !== null) return known.answer;
    const answer: unknown = await this.orRefused(recorded, async () => {
      try {
        return await lastValueFrom(next.handle(), { defaultValue: null as unknown });
      } catch (error) {
        if (key !== null) await releaseKey(this.pool, key);
        throw error;
      }
    });
    await withTransaction(this.pool, async (client) => {
      if (key !== null) {
        const kept = { status: response.statusCode, answer: JSON.stringify(answer) };
        await keepAnswer(client, key, kept);
      }
      await this.operators.append(caller, request, { outcome: 'done' }, client);
    });
    return answer;
  }

  private async orRefused<T>({ caller, request }: Recorded, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.operators.append(caller, request, { outcome: 'refused', code: codeOf(error) });
      throw error;
    }
  }

  /** @throws RepeatedDifferentlyError, StillRunningError */
  private async known(
    key: RequestKey | null,
    response: HttpResponse,
  ): Promise<{ readonly answer: unknown } | null> {
    if (key === null) return null;
    const claim = await claimKey(this.pool, key);
    if (claim.state === 'new') return null;
    if (claim.state === 'different')
      throw new RepeatedDifferentlyError('同一 Idempotency-Key 的前一请求内容不同');
    if (claim.state === 'running') throw new StillRunningError('同一请求正在处理');
    response.status(claim.status).setHeader('Idempotency-Replayed', 'true');
    return { answer: JSON.parse(claim.answer) as unknown };
  }
}

interface Recorded {
  readonly request: CallerRequest;
  readonly response: HttpResponse;
  readonly caller: Caller;
  readonly key: RequestKey | null;
}

const KEY = /^[\x21-\x7e]{1,200}$/;

function keyOf(request: CallerRequest, { userId }: Caller): RequestKey | null {
  const key = request.get('idempotency-key');
  if (key === undefined || request.method !== 'POST') return null;
  if (!KEY.test(key)) throw new BadRequestException('Idempotency-Key 应为 1–200 个可见字符');
  const body: unknown = request.body;
  const content = Buffer.isBuffer(body) ? sha256(body) : JSON.stringify(body ?? null);
  const requestHash = sha256(`${request.method} ${request.originalUrl}\n${content}`);
  return { userId, key, requestHash };
}

function codeOf(error: unknown): string {
  if (error instanceof GatewayError) return error.code;
  return error instanceof HttpException ? `http.${error.getStatus()}` : 'internal';
}

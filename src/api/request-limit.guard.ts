import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import { TooManyRequestsError } from './errors.js';
import type { HttpRequest } from './http.js';
import { RequestLimit } from './request-limit.js';

/** Bounds what one address may ask of this process, before anything is looked up for it. */
@Injectable()
export class RequestLimitGuard implements CanActivate {
  private readonly limit: RequestLimit;

  constructor(@Inject(API_SETTINGS) { limits }: ApiSettings) {
    this.limit = new RequestLimit(limits.requestsPerMinute);
  }

  /** @throws TooManyRequestsError */
  canActivate(context: ExecutionContext): boolean {
    const { ip = '' } = context.switchToHttp().getRequest<HttpRequest>();
    const retrySeconds = this.limit.take(ip, performance.now());
    if (retrySeconds > 0)
      throw new TooManyRequestsError('一分钟内的请求超过上限', { retrySeconds });
    return true;
  }
}

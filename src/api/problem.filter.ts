import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
} from '@nestjs/common';
import { GatewayError } from '../kernel/errors.js';
import { safeStack, withoutIdentifiers } from '../kernel/safe-text.js';
import type { HttpRequest, HttpResponse } from './http.js';
import {
  isUnavailable,
  isUnstorable,
  type Problem,
  problemOf,
  problemOfGateway,
} from './problem.js';

/** Answers every failure as `application/problem+json` (RFC 9457). What we did not raise on purpose is logged, not shown. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('api');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<HttpRequest>(), http.getResponse<HttpResponse>());
  }

  answer(error: unknown, request: HttpRequest, response: HttpResponse): void {
    const problem = this.problemFor(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const wait = retrySeconds(error, problem);
    if (wait !== null) response.setHeader('Retry-After', wait);
    const requestId = response.getHeader('X-Request-Id');
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...problem,
          instance: withoutIdentifiers(request.path),
          ...(typeof requestId === 'string' && { requestId }),
        }),
      );
  }

  private problemFor(error: unknown): Problem {
    if (error instanceof HttpException) return ofHttp(error);
    if (error instanceof GatewayError) return problemOfGateway(error);
    const status = statusOfParser(error);
    if (status !== null) return problemOf(status, PARSER_DETAILS[status]);
    if (isUnstorable(error)) return problemOf(400, '文本中有不能保存的字符');
    if (isUnavailable(error)) {
      this.log.warn('database has no connection to give');
      return { ...problemOf(503, '数据库繁忙或没有应答'), remedy: '请稍后再试。' };
    }
    this.log.error(safeStack(error));
    return problemOf(500);
  }
}

function ofHttp(error: HttpException): Problem {
  const body = error.getResponse();
  const message = typeof body === 'object' && 'message' in body ? body.message : error.message;
  const text = Array.isArray(message) ? message.join('；') : String(message);
  return problemOf(error.getStatus(), withoutIdentifiers(wordsOfOurs(text)));
}

/** The framework repeats what it did not understand; an answer does not, for it is logged and kept by others on its way. */
function wordsOfOurs(text: string): string {
  if (/^Cannot [A-Z]+ \//.test(text)) return '没有这个地址 / no such address';
  if (/JSON/.test(text)) return PARSER_DETAILS[400] ?? '';
  if (text === 'request entity too large') return PARSER_DETAILS[413] ?? '';
  return text.replace(/((?:[Kk]eys?|键(?:\(key\))?)\s*[:：])[^；]*/g, '$1 …');
}

const PARSER_DETAILS: Readonly<Record<number, string>> = {
  400: '请求体不是有效的 JSON / the body is not JSON',
  413: '请求体超过上限 / the body is too large',
  415: '不认识请求体的编码或类型 / unknown encoding or type of the body',
};

/** Errors of the body parser carry their status. */
function statusOfParser(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || !('expose' in error)) return null;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function retrySeconds(error: unknown, { status }: Problem): number | null {
  if (error instanceof GatewayError && typeof error.context['retrySeconds'] === 'number')
    return error.context['retrySeconds'];
  return status === 503 || status === 429 ? 5 : null;
}

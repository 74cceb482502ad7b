import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
} from '@nestjs/common';
import { GatewayError } from '../kernel/errors.js';
import { safeStack } from '../kernel/safe-text.js';

interface Reply {
  status(code: number): this;
  type(media: string): this;
  send(body: string): void;
}

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly code?: string;
  readonly remedy?: string;
}

/** Answers every failure as `application/problem+json` (RFC 9457). What we did not raise on purpose is logged, not shown. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('api');

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = this.problemOf(error);
    host
      .switchToHttp()
      .getResponse<Reply>()
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', ...problem }));
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof HttpException) return ofHttp(error);
    if (error instanceof GatewayError) {
      const { code, message, remedy } = error;
      return { status: 422, title: '无法处理 / Unprocessable', detail: message, code, remedy };
    }
    this.log.error(safeStack(error));
    return { status: 500, title: '内部错误 / Internal error' };
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: '请求有误 / Bad request',
  404: '没有找到 / Not found',
};

function ofHttp(error: HttpException): Problem {
  const status = error.getStatus();
  const body = error.getResponse();
  const message = typeof body === 'object' && 'message' in body ? body.message : error.message;
  const detail = Array.isArray(message) ? message.join('；') : String(message);
  return { status, title: TITLES[status] ?? error.message, detail };
}

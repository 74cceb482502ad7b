import { GatewayError } from '../kernel/errors.js';

/** The same `Idempotency-Key` came with another request. */
export class RepeatedDifferentlyError extends GatewayError {
  readonly code = 'api.repeated_differently';
  readonly recovery = 'halt';
  readonly remedy = '新的请求请用新的 Idempotency-Key。';
}

/** The request that has this key is still being carried out. */
export class StillRunningError extends GatewayError {
  readonly code = 'api.still_running';
  readonly recovery = 'retry';
  readonly remedy = '请稍后用同一个 Idempotency-Key 再问一次。';
}

/** A request reached us without TLS although a proxy is set up. */
export class InsecureRequestError extends GatewayError {
  readonly code = 'api.insecure';
  readonly recovery = 'halt';
  readonly remedy = '请经由 HTTPS 访问；反向代理须写明 X-Forwarded-Proto。';
}

/** More rows than one export may hold. */
export class ExportTooLargeError extends GatewayError {
  readonly code = 'api.export_too_large';
  readonly recovery = 'halt';
  readonly remedy = '请用筛选条件分次导出，或用命令行导出。';
}

/** A route says nothing about who may call it. */
export class UndeclaredRouteError extends GatewayError {
  readonly code = 'api.undeclared_route';
  readonly recovery = 'halt';
  readonly remedy = '给该方法加上 @Access(权限, 范围) 或 @Public()。';
}

/** One address asks more than `api.requestsPerMinute`. */
export class TooManyRequestsError extends GatewayError {
  readonly code = 'api.too_many';
  readonly recovery = 'retry';
  readonly remedy = '请按 Retry-After 稍后再试；批量读取请用较大的 limit 或导出。';
}

/** One person holds more progress streams open than `api.streamsPerUser`. */
export class TooManyStreamsError extends GatewayError {
  readonly code = 'api.too_many_streams';
  readonly recovery = 'retry';
  readonly remedy = '请关闭不再需要的页面。';
}

/** Every connection of the process is in use. */
export class BusyDatabaseError extends GatewayError {
  readonly code = 'api.unavailable';
  readonly recovery = 'retry';
  readonly remedy = '请稍后再试。';
}

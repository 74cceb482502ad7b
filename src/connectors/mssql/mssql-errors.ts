import { GatewayError } from '../../kernel/errors.js';
import { withoutValues } from '../../kernel/safe-text.js';
import { SourceRejectedError, SourceTimeoutError, SourceUnreachableError } from '../errors.js';

const LACKING = new Set([207, 208, 4104]);
/** Lock not had in time, victim of a deadlock: the next try may do. */
const LOCKED = new Set([1222, 1205]);
/** Raised by our own statement when it finds that the transaction it belongs to is gone. */
export const SNAPSHOT_LOST = 51_000;
const STOPPED = new Set(['ETIMEOUT', 'ECANCEL']);

/** Syntax, privileges: the server quotes the query, which is ours to show. Of anything else it may quote a cell. */
const ABOUT_THE_QUERY = new Set([102, 105, 156, 170, 229, 230, 262, 4145]);

/** What the server or the socket said, in the words of this house, without any cell. */
export function asSourceError(cause: unknown): Error {
  if (cause instanceof GatewayError) return cause;
  const number = numberOf(cause);
  return number === undefined ? driverError(cause) : serverError(number, cause);
}

function driverError(cause: unknown): Error {
  const { code = '', message = '' } = cause as {
    readonly code?: string;
    readonly message?: string;
  };
  if (STOPPED.has(code)) {
    return new SourceTimeoutError('来源查询超时或被中断，已在来源端取消', {}, { cause });
  }
  return code === 'ELOGIN'
    ? new SourceUnreachableError('来源拒绝登录：账号、密码或库名不对', {}, { cause })
    : new SourceUnreachableError(
        `来源不可用：${code === '' ? withoutValues(message) : code}`,
        {},
        { cause },
      );
}

function serverError(number: number, cause: unknown): Error {
  const { message } = cause as { readonly message: string };
  if (LOCKED.has(number)) {
    return new SourceTimeoutError('来源的数据被其他操作锁住，未能及时读到', {}, { cause });
  }
  if (LACKING.has(number)) {
    return new SourceRejectedError(
      `来源缺少列或表：${message}`,
      '请核对机构配置的 query 与 map，或请来源单位恢复该列。',
      { cause },
    );
  }
  if (number === SNAPSHOT_LOST) {
    return new SourceUnreachableError('读取中途连接断开，快照已失效', {}, { cause });
  }
  if (number === 3952) {
    return new SourceRejectedError(
      '来源库没有开启快照隔离',
      '请在 options 中去掉 isolation: snapshot，或请管理员开启 ALLOW_SNAPSHOT_ISOLATION。',
      { cause },
    );
  }
  return new SourceRejectedError(
    `来源拒绝查询（${number}）：${ABOUT_THE_QUERY.has(number) ? message : withoutValues(message)}`,
    '请核对机构配置的 query 与账号权限。',
    { cause },
  );
}

/** The server's error number. What the driver itself reports has none: there `number` repeats the code, a text. */
export function numberOf(cause: unknown): number | undefined {
  const { number } = cause as { readonly number?: unknown };
  return typeof number === 'number' ? number : undefined;
}

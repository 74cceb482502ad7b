import { GatewayError } from '../../kernel/errors.js';
import { withoutValues } from '../../kernel/safe-text.js';
import { SourceRejectedError, SourceTimeoutError, SourceUnreachableError } from '../errors.js';

const QUERY_CANCELED = '57014';

/**
 * What the server or the socket said, in the words of this house. About a query (class 42) the server quotes the query, which is ours to
 * show; about anything else it may quote a cell, which is not.
 */
export function asSourceError(cause: unknown): Error {
  if (cause instanceof GatewayError) return cause;
  const { code = '', message = '' } = cause as {
    readonly code?: string;
    readonly message?: string;
  };
  if (code === QUERY_CANCELED) {
    return new SourceTimeoutError('来源查询超时，已在来源端取消', {}, { cause });
  }
  if (code === '42703' || code === '42P01') {
    return new SourceRejectedError(
      `来源缺少列或表：${message}`,
      '请核对机构配置的 query 与 map，或请来源单位恢复该列。',
      { cause },
    );
  }
  if (code === '28P01' || code === '28000' || code === '3D000') {
    return new SourceUnreachableError(
      '来源拒绝登录：账号、密码、库名或来访地址不对',
      {},
      { cause },
    );
  }
  if (/^(42|22|25006)/.test(code)) {
    const said = code.startsWith('42') ? message : withoutValues(message);
    return new SourceRejectedError(`来源拒绝查询：${said}`, '请核对机构配置的 query。', { cause });
  }
  const reason = code === '' ? withoutValues(message) : code;
  return new SourceUnreachableError(`来源不可用：${reason}`, {}, { cause });
}

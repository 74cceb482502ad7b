import { GatewayError } from '../../kernel/errors.js';
import { withoutValues } from '../../kernel/safe-text.js';
import { SourceRejectedError, SourceTimeoutError, SourceUnreachableError } from '../errors.js';

/** Statement time limit of MariaDB, of MySQL; a query that was killed; a lock not had in time. */
const STOPPED = new Set([1969, 3024, 1317, 1205]);
const LACKING = new Set([1054, 1146, 1049]);
const LOGIN = new Set([1044, 1045, 1698, 1251]);
/** Syntax, privileges, read-only transaction, functions and types that do not fit. */
const REFUSED = new Set([
  1064, 1142, 1143, 1227, 1792, 1140, 1055, 1052, 1060, 1305, 1267, 1292, 1365, 1370,
]);

/** About a value that does not fit the server quotes the cell; about the query's own words it quotes the query, which is ours to show. */
const QUOTES_CELLS = new Set([1292, 1365, 1370, 1267]);

/** What the server or the socket said, in the words of this house, without any cell. */
export function asSourceError(cause: unknown): Error {
  if (cause instanceof GatewayError) return cause;
  const {
    errno = 0,
    code = '',
    sqlMessage = '',
  } = cause as {
    readonly errno?: number;
    readonly code?: string;
    readonly sqlMessage?: string;
  };
  if (STOPPED.has(errno)) {
    return new SourceTimeoutError('来源查询超时或被中断，已在来源端取消', {}, { cause });
  }
  if (LACKING.has(errno)) {
    return new SourceRejectedError(
      `来源缺少列、表或库：${sqlMessage}`,
      '请核对机构配置的 query 与 map，或请来源单位恢复该列。',
      { cause },
    );
  }
  if (LOGIN.has(errno)) {
    return new SourceUnreachableError('来源拒绝登录：账号、密码或来访地址不对', {}, { cause });
  }
  if (REFUSED.has(errno)) {
    const said = QUOTES_CELLS.has(errno) ? withoutValues(sqlMessage) : sqlMessage;
    return new SourceRejectedError(`来源拒绝查询：${said}`, '请核对机构配置的 query。', { cause });
  }
  const reason = code !== '' ? code : cause instanceof Error ? withoutValues(cause.message) : '';
  return new SourceUnreachableError(`来源不可用：${reason}`, {}, { cause });
}

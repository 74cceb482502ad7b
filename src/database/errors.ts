import { GatewayError } from '../kernel/errors.js';

/** A demo (or another command's own server) already runs on this clone's data. */
export class AlreadyRunningError extends GatewayError {
  readonly code = 'database.already_running';
  readonly recovery = 'halt';
  readonly remedy = '请先在另一个终端按 Ctrl-C 停止它，或设置 DATABASE_URL 使用自己的 PostgreSQL。';
}

/** The embedded server could not be started; the context names its log. */
export class PostgresStartError extends GatewayError {
  readonly code = 'database.start_failed';
  readonly recovery = 'halt';
  readonly remedy = '请查看日志文件；也可设置 DATABASE_URL 使用自己的 PostgreSQL 15 以上服务器。';
}

/** No binaries for this platform are installed. */
export class PostgresMissingError extends GatewayError {
  readonly code = 'database.binaries_missing';
  readonly recovery = 'halt';
  readonly remedy =
    '请运行 npm ci（不要带 --omit=optional），或设置 DATABASE_URL 使用自己的 PostgreSQL。';
}

/** The data directory or its pointer belongs to another account of this machine. */
export class DataDirectoryOwnedByOtherError extends GatewayError {
  readonly code = 'database.owned_by_other';
  readonly recovery = 'halt';
  readonly remedy = '请用当初的用户运行，或在确认不再需要数据后删除 .heyi 文件夹。';
}

/** A server answers, but it is too old. */
export class PostgresTooOldError extends GatewayError {
  readonly code = 'database.too_old';
  readonly recovery = 'halt';
  readonly remedy = '请使用 PostgreSQL 15 或更高版本。';
}

/** The server at DATABASE_URL cannot be reached. */
export class DatabaseUnreachableError extends GatewayError {
  readonly code = 'database.unreachable';
  readonly recovery = 'retry';
  readonly remedy = '请检查 DATABASE_URL 的主机、端口、用户和密码，以及服务器是否在运行。';
}

/** A statement of a transaction failed unnoticed, and the server took all of it back. */
export class TransactionUndoneError extends GatewayError {
  readonly code = 'database.transaction_undone';
  readonly recovery = 'retry';
  readonly remedy = '请重试；若再次出现，请查看 PostgreSQL 的日志（例如磁盘已满、被管理员中断）。';
}

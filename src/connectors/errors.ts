import { GatewayError } from '../kernel/errors.js';

/** The source cannot be reached or hung up. */
export class SourceUnreachableError extends GatewayError {
  readonly code = 'source.unreachable';
  readonly recovery = 'retry';
  readonly remedy = '请检查来源系统是否在运行、网络与账号密码是否正确，然后重试。';
}

/** The source took longer than its statement may run. */
export class SourceTimeoutError extends GatewayError {
  readonly code = 'source.timeout';
  readonly recovery = 'retry';
  readonly remedy = '请缩小时间窗、为游标列建索引，或在 limits 中放宽 statementTimeoutMs。';
}

/** What lies there does not have the agreed form: nothing of it is taken. */
export class SourceRejectedError extends GatewayError {
  readonly code = 'source.rejected';
  readonly recovery = 'halt';
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, {}, options);
    this.remedy = remedy;
  }
}

/** A file that is still being written, or whose end is missing. */
export class UnfinishedFileError extends GatewayError {
  readonly code = 'source.unfinished_file';
  readonly recovery = 'retry';
  readonly remedy = '文件留待下次读取；若一直不完整，请让来源单位重新投放该文件。';
}

/** More rows than one read of this source may take. */
export class RowBudgetError extends GatewayError {
  readonly code = 'source.row_budget';
  readonly recovery = 'halt';
  readonly remedy = '请缩小时间窗分次读取，或在该机构的 limits 中放宽 windowRows。';
}

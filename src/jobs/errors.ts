import { GatewayError } from '../kernel/errors.js';

/** The work was started elsewhere meanwhile; whatever this holder did not commit is void. */
export class LeaseLostError extends GatewayError {
  readonly code = 'jobs.lease_lost';
  readonly recovery = 'halt';
  readonly remedy = '无需处理：同一工作已由另一个进程接手。';
}

/** This machine's clock would break the queue's locks. */
export class ClockSkewError extends GatewayError {
  readonly code = 'jobs.clock_skew';
  readonly recovery = 'halt';
  readonly remedy = '请校准本机时间（chrony 或 NTP）后重新启动。';
}

/** A job was queued under a name that no handler knows: a newer version planned it. */
export class UnknownJobError extends GatewayError {
  readonly code = 'jobs.unknown';
  readonly recovery = 'halt';
  readonly remedy = '请确认所有进程运行同一版本。';
}

/** Work that a step depends on has failed. */
export class PrerequisiteFailedError extends GatewayError {
  readonly code = 'jobs.prerequisite_failed';
  readonly recovery = 'halt';
  readonly remedy = '请先处理失败的前一步（heyi jobs list），再重新运行。';
}

/** Somebody changed the log. */
export class JournalBrokenError extends GatewayError {
  readonly code = 'jobs.journal_broken';
  readonly recovery = 'halt';
  readonly remedy = '请保全数据库与备份，运行 heyi verify 查看第一条不一致的记录，并联系审计人员。';
}

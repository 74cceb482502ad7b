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

/** The queue's server cannot be reached. */
export class RedisUnreachableError extends GatewayError {
  readonly code = 'jobs.redis_unreachable';
  readonly recovery = 'retry';
  readonly remedy =
    '请检查 REDIS_URL、Redis 是否在运行、密码和网络；单机站点可以不设 REDIS_URL，队列即用本系统的数据库。';
}

/** The queue's server would lose jobs. */
export class RedisPolicyError extends GatewayError {
  readonly code = 'jobs.redis_policy';
  readonly recovery = 'halt';
  readonly remedy =
    '请在 redis.conf 设 maxmemory-policy noeviction（或 CONFIG SET maxmemory-policy noeviction），并让本账号可以执行 CONFIG GET 或 INFO / set maxmemory-policy to noeviction and allow CONFIG GET or INFO。';
}

/** Another reader sits at the member's source: this one came back too late to keep its seat. */
export class SourceLeaseLostError extends GatewayError {
  readonly code = 'jobs.source_lease_lost';
  readonly recovery = 'retry';
  readonly remedy = '无需处理：稍后自动重读。经常出现请检查本机负载和数据库连接。';
}

/** Work of a run is under way. */
export class RunBusyError extends GatewayError {
  readonly code = 'jobs.run_busy';
  readonly recovery = 'halt';
  readonly remedy = '请等本次运行结束后再重做。';
}

/** Asked to redo something that is not there or that did not fail. */
export class NothingToRedoError extends GatewayError {
  readonly code = 'input.nothing_to_redo';
  readonly recovery = 'halt';
  readonly remedy = '请用 heyi jobs list 查看编号和状态。';
}

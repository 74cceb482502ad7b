import { GatewayError } from '../kernel/errors.js';

/** The source may not be read at this hour; the work waits until it may. */
export class OutsideHoursError extends GatewayError {
  readonly code = 'ingest.outside_hours';
  readonly recovery = 'retry';
  readonly remedy =
    '无须处理：到允许读取的时段自动执行；确需立即读取时加 --now 并写明 --as 与 --reason。';

  constructor(
    message: string,
    readonly deferUntil: Date,
  ) {
    super(message);
  }
}

/** A request about sync that cannot be carried out as it stands. */
export class SyncRequestError extends GatewayError {
  readonly code = 'input.sync';
  readonly recovery = 'halt';
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Rows of a month whose claims lie in a backup only: landed once more they would count twice. */
export class DroppedMonthError extends GatewayError {
  readonly code = 'ingest.dropped_month';
  readonly recovery = 'halt';
  readonly remedy = '请缩小读取的时间窗；要查该月，请把当时的备份恢复到另一个库。';
}

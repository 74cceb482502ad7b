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

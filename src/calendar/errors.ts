import { GatewayError } from '../kernel/errors.js';

/** A term runs into a year whose holidays nobody has entered yet. */
export class CalendarGapError extends GatewayError {
  readonly code = 'config.calendar_gap';
  readonly recovery = 'halt';
  readonly remedy =
    '请按国务院办公厅当年放假通知在 config/calendar 增加该年的日历文件，再重新计算期限。';
}

/** A region's file gives a term that is no day of a year. */
export class DeadlineTermError extends GatewayError {
  readonly code = 'config.deadline_term';
  readonly recovery = 'halt';
  readonly remedy = '请在地区政策文件或补充文件中改正该期限参数。';
}

import { GatewayError } from '../kernel/errors.js';

/** A term runs into a year whose holidays nobody has entered yet. */
export class CalendarGapError extends GatewayError {
  readonly code = 'config.calendar_gap';
  readonly recovery = 'halt';
  readonly remedy =
    '放假通知公布后，照 config/calendar 中上一年的文件写该年一个文件（<年>.yaml：文号、放假日、调休上班日），运行 npx heyi check-config，再重新计算期限。公布以前不推算。';
}

/** A region's file gives a term that is no day of a year. */
export class DeadlineTermError extends GatewayError {
  readonly code = 'config.deadline_term';
  readonly recovery = 'halt';
  readonly remedy = '请在地区政策文件或补充文件中改正该期限参数。';
}

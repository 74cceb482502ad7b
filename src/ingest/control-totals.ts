import type { ControlTotals } from '../connectors/connector.js';
import { fen, toReadableYuan } from '../kernel/money.js';
import type { BatchCounts, BatchState } from './batch.js';

export interface Verdict {
  readonly state: Extract<BatchState, 'complete' | 'incomplete' | 'empty'>;
  readonly message: string | null;
  readonly remedy: string | null;
}

/**
 * Promise one: a batch is complete only when the rows and the money that landed or were quarantined are those the source says it has.
 * A source that cannot count is never complete.
 */
export function compareTotals(source: ControlTotals, counts: BatchCounts): Verdict {
  const rows = counts.landedRows + counts.quarantinedRows;
  const amount = counts.landedFen + counts.quarantinedFen;
  if (source.rows === null) {
    return incomplete('来源没有给出行数，无法证明读全', '请为该数据流配置 control。');
  }
  if (source.rows !== rows) {
    return incomplete(
      `来源有 ${source.rows} 行，落地与隔离共 ${rows} 行`,
      '来源可能正在写入；请稍后重读该时间窗，仍不符时请核对 query 或文件控制记录。',
    );
  }
  if (source.amountFen !== null && source.amountFen !== amount) {
    const [there, here] = [source.amountFen, amount].map((each) => toReadableYuan(fen(each)));
    return incomplete(
      `来源合计 ${there} 元，落地与隔离合计 ${here} 元`,
      '请核对金额列与控制记录是否为同一口径。',
    );
  }
  return { state: rows === 0 ? 'empty' : 'complete', message: null, remedy: null };
}

function incomplete(message: string, remedy: string): Verdict {
  return { state: 'incomplete', message, remedy };
}

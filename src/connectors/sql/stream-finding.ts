import type { ProbeFinding } from '../connector.js';
import type { SqlStream } from './sql-stream.js';
import { orderColumns } from './window-query.js';

/** Whether a stream's query gives the columns that its mapping, cursor, key and amount name. */
export function columnsFinding(
  name: string,
  stream: SqlStream,
  present: readonly string[],
): ProbeFinding {
  const check = `数据流 ${name}`;
  const amount = stream.amount === undefined ? [] : [stream.amount];
  const wanted = new Set([...stream.columns, ...orderColumns(stream), ...amount]);
  const missing = [...wanted].filter((each) => !present.includes(each));
  return missing.length === 0
    ? { check, ok: true, detail: `${present.length} 列` }
    : { check, ok: false, detail: `缺少列 ${missing.join('、')}`, remedy: '请核对 query 与 map。' };
}

/** The query itself was refused by the source. */
export function refusedFinding(name: string, error: Error): ProbeFinding {
  return {
    check: `数据流 ${name}`,
    ok: false,
    detail: error.message,
    remedy: '请核对 query。',
  };
}

import { safeMessage, withoutIdentifiers } from '../../kernel/safe-text.js';

/** Only these fields ever stand beside a message: ids, codes, counts, durations. Anything else a caller hands over is left out. */
const FIELDS: ReadonlySet<string> = new Set([
  'attempt',
  'batchId',
  'code',
  'consortium',
  'count',
  'durationMs',
  'institution',
  'kind',
  'method',
  'role',
  'route',
  'rows',
  'runId',
  'requestId',
  'state',
  'status',
  'stream',
  'tables',
  'workItem',
]);
const LONGEST_TEXT = 2_000;
const LONGEST_FIELD = 200;

export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** The allowed fields of an object, as plain short values. */
export function allowedFields(given: unknown): LogFields {
  if (typeof given !== 'object' || given === null) return {};
  const fields: [string, string | number | boolean][] = [];
  for (const [name, value] of Object.entries(given)) {
    const shown = FIELDS.has(name) ? fieldValue(value) : null;
    if (shown !== null) fields.push([name, shown]);
  }
  return Object.fromEntries(fields);
}

function fieldValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' ? withoutIdentifiers(value).slice(0, LONGEST_FIELD) : null;
}

/** The text of a log line: one line, no identifiers, no control characters that a terminal would obey. */
export function logText(message: unknown): string {
  const text = typeof message === 'string' ? withoutIdentifiers(message) : safeMessage(message);
  const oneLine = text.replaceAll('\n', '⏎').replace(CONTROL, '');
  return oneLine.length <= LONGEST_TEXT ? oneLine : `${oneLine.slice(0, LONGEST_TEXT)}…`;
}

const CONTROL = /\p{Cc}/gu;

/** One line for a person at a terminal, made from the JSON line of a machine. */
export function prettyLine(json: string): string {
  const { level, time, context, msg, stack, pid: _, hostname: __, ...rest } = JSON.parse(json);
  const clock = String(time).slice(11, 19);
  const fields = Object.entries(rest as LogFields)
    .filter(([name]) => name !== 'role')
    .map(([name, value]) => `${name}=${value}`);
  const words = [clock, LEVELS[String(level)] ?? level, context, msg, ...fields].filter(Boolean);
  return `${words.join(' ')}\n${stack === undefined ? '' : `${stack}\n`}`;
}

const LEVELS: Readonly<Record<string, string>> = {
  debug: '细节',
  error: '错误',
  fatal: '致命',
  info: '信息',
  trace: '细节',
  warn: '警告',
};

import type { ProbeFinding, SourceSession, Window } from '../../connectors/connector.js';
import { addDays } from '../../kernel/dates.js';
import { GatewayError } from '../../kernel/errors.js';
import type { Stream } from '../fields.js';
import type { StreamConfig } from '../institution-config.js';
import { canonicalRows } from '../mapping/canonical-rows.js';
import { type MaskedRow, maskedRow } from './masked-row.js';

export interface SampledStream {
  readonly session: SourceSession<unknown>;
  readonly name: Stream;
  readonly config: StreamConfig;
  /** As the connector reads it. */
  readonly source: unknown;
  /** Cursor of the youngest row; null for files. */
  readonly newest: string | null;
  readonly signal: AbortSignal;
}

export interface StreamSample {
  readonly stream: Stream;
  readonly rows: readonly MaskedRow[];
  readonly findings: readonly ProbeFinding[];
}

const SHOWN_ROWS = 5;
/** Enough to tell how fast the source gives rows, few enough to trouble nobody. */
const TIMED_ROWS = 2_000;
const MONTH_DAYS = 31;

/** Reads a little of the youngest day: five rows as they would land, and how much a month is. */
export async function sampleStream(sampled: SampledStream): Promise<StreamSample> {
  const { name, config } = sampled;
  try {
    const place = await placeOf(sampled);
    if (place === null) return empty(name);
    const started = performance.now();
    const rows = await firstRows(sampled, place);
    const tookMs = performance.now() - started;
    if (rows.length === 0) return empty(name);
    const canonical = canonicalRows(name, config, rows);
    const findings = [
      mappedFinding(name, canonical),
      ...(await volume(sampled, place, rows.length / tookMs)),
    ];
    return { stream: name, rows: canonical.slice(0, SHOWN_ROWS).map(maskedRow), findings };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const finding = {
      check: `数据流 ${name} 试读`,
      ok: false,
      detail: error.message,
      remedy: error.remedy,
    };
    return { stream: name, rows: [], findings: [finding] };
  }
}

interface Place {
  readonly window: Window;
  readonly unit?: string;
}

/** The youngest day, or the youngest file. */
async function placeOf({ session, source, newest, signal }: SampledStream): Promise<Place | null> {
  if (session.units !== undefined) {
    const window = { from: '0001-01-01', to: '9999-12-31' };
    const unit = (await session.units({ stream: source, window, late: true, signal })).at(-1);
    return unit === undefined ? null : { window, unit: unit.name };
  }
  const digits = newest?.replaceAll(/\D/g, '').slice(0, 8) ?? '';
  if (digits.length < 8) return null;
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  return { window: { from: day, to: addDays(day, 1) } };
}

async function firstRows({ session, source, signal }: SampledStream, place: Place) {
  const request = { stream: source, ...place, batchRows: TIMED_ROWS, signal };
  for await (const { rows } of session.read(request)) return rows;
  return [];
}

function mappedFinding(name: Stream, rows: ReturnType<typeof canonicalRows>): ProbeFinding {
  const refused = rows.flatMap((row) => ('refused' in row ? row.refused.slice(0, 1) : []));
  const check = `数据流 ${name} 试映射`;
  if (refused.length === 0) return { check, ok: true, detail: `${rows.length} 行都能落地` };
  return {
    check,
    ok: refused.length < rows.length,
    detail: `${rows.length} 行中 ${refused.length} 行会进隔离区：${refused[0]}`,
    remedy: '请先补全 map（values、format、as），再 ingest --dry-run 核对。',
  };
}

/** Counts the last month at the source, and reckons how long reading it takes. @param rowsPerMs  as just measured */
async function volume(
  { session, name, source, signal }: SampledStream,
  { window, unit }: Place,
  rowsPerMs: number,
): Promise<readonly ProbeFinding[]> {
  if (unit !== undefined) return [];
  const month = { from: addDays(window.to, -MONTH_DAYS), to: window.to };
  const { rows } = await session.controlTotals({
    stream: source,
    window: month,
    digest: false,
    signal,
  });
  if (rows === null) return [];
  const seconds = Math.max(1, Math.ceil(rows / rowsPerMs / 1000));
  const detail = `最近 ${MONTH_DAYS} 天 ${rows} 行，照试读的速度约需 ${seconds} 秒`;
  return [{ check: `数据流 ${name} 数量`, ok: true, detail }];
}

function empty(name: Stream): StreamSample {
  const remedy = '请核对 query 的条件、cursor 与账号可见的数据。';
  return {
    stream: name,
    rows: [],
    findings: [{ check: `数据流 ${name} 试读`, ok: true, detail: '来源没有数据', remedy }],
  };
}

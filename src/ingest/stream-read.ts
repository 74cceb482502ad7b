import type { SourceSession, SourceUnit } from '../connectors/connector.js';
import { digest } from '../kernel/hash.js';
import { type BatchResult, type PullRequest, type PullResult, worstState } from './batch.js';
import type { StreamRead } from './batch-reader.service.js';
import type { Stream } from './fields.js';
import type { BatchKey } from './landing/batch.repository.js';
import type { LineScreen } from './mapping/line-screen.js';
import { localTime } from './reading-hours.js';
import { connectorStream, type SourceOfMember } from './site-sources.loader.js';
import type { DayWindow } from './windows.js';

export type File = SourceUnit & { readonly fingerprint: string };

/** A member's source, open, and the window that is read of it. */
export interface Reading {
  readonly window: DayWindow;
  readonly source: SourceOfMember;
  readonly session: SourceSession<unknown>;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly screen?: LineScreen | undefined;
}

const MINUTE_MS = 60_000;

export function streamKey(
  stream: Stream,
  { source, window }: Pick<Reading, 'source' | 'window'>,
): BatchKey {
  const { consortium } = source.consortium;
  const { institution } = source.config;
  return { consortium, institution, stream, unit: null, window };
}

export function streamRead(stream: Stream, reading: Reading, file: File | null): StreamRead {
  const { source, session, signal } = reading;
  const config = source.config.streams[stream];
  if (config === undefined) throw new RangeError(`stream ${stream} is not configured`);
  return {
    key: { ...streamKey(stream, reading), unit: file?.name ?? null },
    config,
    source: connectorStream(source, stream),
    session,
    unit: file,
    settledBy: source.member.settledBy ?? source.member.institution,
    level: source.member.level,
    rank: source.consortium.members.indexOf(source.member),
    certificateKey: source.consortium.certificateKey,
    batchRows: source.limits.source.batchRows,
    sliceRows: source.limits.ingest.sliceRows,
    quarantineRows: source.limits.ingest.quarantineRowsPerBatch,
    freshRows: source.limits.ingest.freshRows,
    until: file === null ? readUntil(reading) : null,
    ...(reading.screen === undefined ? {} : { screen: reading.screen }),
    signal,
  };
}

/** Of the running day only what is safely past: a row that is committed late would be missed by a cursor that has gone by. */
function readUntil({ source, window, now }: Reading): string | null {
  const lagMs = source.limits.sync.safetyLagMinutes * MINUTE_MS;
  const safe = localTime(new Date(now.getTime() - lagMs), source.consortium.timezone);
  return window.to > safe ? safe : null;
}

export function pullResult(request: PullRequest, batches: readonly BatchResult[]): PullResult {
  const own = batches.filter(({ lookBack }) => lookBack !== true);
  return {
    institution: request.institution,
    window: request.window,
    state: worstState(batches.map(({ state }) => state)),
    batches,
    digest: digest(own.map(({ stream, unit, digest: each }) => [stream, unit, each])),
  };
}

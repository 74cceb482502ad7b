import type { Site } from '../config/site.js';
import type { ProbeFinding, SourceSession } from '../connectors/connector.js';
import { CONNECTORS } from '../connectors/index.js';
import { GatewayError } from '../kernel/errors.js';
import { STREAMS, type Stream } from './fields.js';
import type { StreamConfig } from './institution-config.js';
import { sourceColumns } from './mapping/source-columns.js';
import { columnFindings, lostColumn } from './probe/column-findings.js';
import type { MaskedRow } from './probe/masked-row.js';
import { networkFindings } from './probe/network.client.js';
import { sampleStream } from './probe/stream-sample.client.js';
import {
  connectorStream,
  openSource,
  SiteSources,
  type SourceOfMember,
} from './site-sources.loader.js';

/** What was found out about a source, and some of its rows as they would land, masked. */
export interface ProbeReport {
  readonly findings: readonly ProbeFinding[];
  readonly samples: readonly { readonly stream: Stream; readonly rows: readonly MaskedRow[] }[];
}

export interface ProbeRequest {
  readonly institution: string;
  readonly signal?: AbortSignal;
  /** This machine's clock (milliseconds since 1970). */
  readonly now?: () => number;
}

/** More than this is worth a word; more than the safety lag loses rows of the running day. */
const NOTICEABLE_SKEW_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * Looks at a member's source step by step: network, login, server, privileges, clock, then each stream. A step that fails ends the
 * probe where nothing after it could be learnt.
 *
 * @throws ConfigError
 */
export async function probeSource(
  site: Site,
  { institution, signal = new AbortController().signal, now = Date.now }: ProbeRequest,
): Promise<ProbeReport> {
  const source = new SiteSources(site).of(institution);
  const network = await reachable(source);
  if (network.some(({ ok }) => !ok)) return { findings: network, samples: [] };
  let session: SourceSession<unknown>;
  try {
    session = await openSource(source);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const finding = { check: '登录', ok: false, detail: error.message, remedy: error.remedy };
    return { findings: [...network, finding], samples: [] };
  }
  try {
    const login = { check: '登录', ok: true, detail: '已登录' };
    const opened = session.inspect === undefined ? [] : [login];
    const report = await sessionReport({ source, session, signal, now });
    return { ...report, findings: [...network, ...opened, ...report.findings] };
  } finally {
    await session.close();
  }
}

interface OpenedSource {
  readonly source: SourceOfMember;
  readonly session: SourceSession<unknown>;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

async function reachable({ config, limits }: SourceOfMember): Promise<readonly ProbeFinding[]> {
  const connector = CONNECTORS.find(({ kind }) => kind === config.connector);
  const parsed = connector?.options.safeParse(config.options);
  const { host, port, instance } = (parsed?.data ?? {}) as Readonly<
    Record<string, string | undefined>
  >;
  if (host === undefined || port === undefined || instance !== undefined) return [];
  return networkFindings(host, Number(port), limits.source.connectTimeoutMs);
}

async function sessionReport(opened: OpenedSource): Promise<ProbeReport> {
  const { source, session, signal } = opened;
  const names = STREAMS.filter((name) => source.config.streams[name] !== undefined);
  const streams = Object.fromEntries(names.map((name) => [name, connectorStream(source, name)]));
  const findings = [...(await session.probe(streams, signal)), ...(await clockFinding(opened))];
  const samples: { stream: Stream; rows: readonly MaskedRow[] }[] = [];
  const failed = new Set(findings.filter(({ ok }) => !ok).map(({ check }) => check));
  const isFolder = session.inspect === undefined;
  for (const name of names) {
    // of a folder whose file could not be taken apart, everything is said
    if (isFolder && (failed.has('投放目录') || failed.has(`数据流 ${name}`))) continue;
    const { found, rows } = await streamReport(opened, name);
    findings.push(...found);
    samples.push({ stream: name, rows });
  }
  return { findings, samples };
}

async function clockFinding({
  source,
  session,
  signal,
  now,
}: OpenedSource): Promise<readonly ProbeFinding[]> {
  if (session.clock === undefined) return [];
  const before = now();
  const there = await session.clock(signal);
  const skewMs = there - (before + now()) / 2;
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  const detail = `来源比本机${skewMs < 0 ? '慢' : '快'} ${seconds} 秒`;
  const lagMs = source.limits.sync.safetyLagMinutes * MINUTE_MS;
  const remedy = '请为两边配置同一个 NTP 服务器；时钟偏差大会漏读当日的记录。';
  const isNoticeable = Math.abs(skewMs) > NOTICEABLE_SKEW_MS;
  const ok = !isNoticeable || Math.abs(skewMs) <= lagMs;
  return [{ check: '时钟', ok, detail, ...(isNoticeable ? { remedy } : {}) }];
}

async function streamReport(
  { source, session, signal }: OpenedSource,
  name: Stream,
): Promise<{ found: readonly ProbeFinding[]; rows: readonly MaskedRow[] }> {
  const config = source.config.streams[name];
  if (config === undefined) return { found: [], rows: [] };
  const stream = connectorStream(source, name);
  const found: ProbeFinding[] = [];
  let newest: string | null = null;
  if (session.inspect !== undefined) {
    try {
      const inspection = await session.inspect(stream, signal);
      newest = inspection.newest;
      const caseless = source.config.connector === 'mssql';
      found.push(...columnFindings({ stream: name, config, inspection, caseless }));
      found.push(...inspection.findings);
    } catch (error) {
      found.push(refused(name, config, error));
    }
    if (found.some(({ ok, check }) => !ok && check === `数据流 ${name}`))
      return { found, rows: [] };
  }
  const sample = await sampleStream({ session, name, config, source: stream, newest, signal });
  return { found: [...found, ...sample.findings], rows: sample.rows };
}

/** The query itself was refused by the source; where it names a column that the mapping uses, the fields are told. */
function refused(name: Stream, config: StreamConfig, error: unknown): ProbeFinding {
  if (!(error instanceof GatewayError)) throw error;
  const { message, remedy } = error;
  const told = sourceColumns(name, config)
    .filter((column) => ['"', "'", '.'].some((mark) => message.includes(`${mark}${column}`)))
    .map((column) => lostColumn({ stream: name, config }, column));
  return { check: `数据流 ${name}`, ok: false, detail: [message, ...told].join('；'), remedy };
}

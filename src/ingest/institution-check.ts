import type { z } from 'zod';
import type { Connector } from '../connectors/connector.js';
import { CONNECTORS } from '../connectors/index.js';
import { STREAMS, type Stream } from './fields.js';
import {
  configOf,
  type InstitutionConfig,
  institutionSchema,
  profileSchema,
  type StreamConfig,
} from './institution-config.js';
import { dateReader } from './mapping/date-format.js';
import { compileExpectation } from './mapping/expectation.js';
import { columnsOf, mappingOf, sourceColumns } from './mapping/source-columns.js';
import { sourceStream } from './source-stream.js';

type Path = (string | number)[];
type Report = (path: Path, message: string) => void;

/** The schema of a member's layers, with everything that only shows once its connector is known. */
export const checkedInstitution = institutionSchema.transform((merged, context) => {
  const config = configOf(merged);
  if (typeof config === 'string') {
    context.addIssue({ code: 'custom', message: config, path: [] });
    return { ...NOTHING, institution: merged.institution };
  }
  checkInstitution(config, true, (path, message) =>
    context.addIssue({ code: 'custom', message, path }),
  );
  return config;
});

/** The schema of a profile by itself: complete, but for where the source stands. */
export const checkedProfile = profileSchema.transform((profile, context) => {
  const merged = institutionSchema.safeParse({ institution: 'profile', ...profile });
  const report: Report = (path, message) => context.addIssue({ code: 'custom', message, path });
  const config = merged.success ? configOf(merged.data) : null;
  if (!merged.success) relay(merged, [], report);
  else if (typeof config === 'string') report([], config);
  else if (config !== null) checkInstitution(config, false, report);
  return profile;
});

const NOTHING: InstitutionConfig = {
  institution: '',
  connector: '',
  options: {},
  receipts: null,
  limits: {},
  catalogue: { items: 'national', diagnoses: 'national', procedures: 'national' },
  hours: null,
  streams: {},
};

function checkInstitution(config: InstitutionConfig, withOptions: boolean, report: Report): void {
  const connector = CONNECTORS.find(({ kind }) => kind === config.connector);
  if (connector === undefined) {
    const known = CONNECTORS.map(({ kind }) => kind).join('、');
    report(['connector'], `没有 ${config.connector} 连接器；可用：${known}`);
    return;
  }
  if (withOptions) checkOptions(connector, config, report);
  for (const stream of STREAMS) {
    const streamConfig = config.streams[stream];
    if (streamConfig === undefined) continue;
    const path: Path = ['streams', stream];
    relay(connector.stream.safeParse(sourceStream(stream, streamConfig)), path, report);
    checkStream(stream, streamConfig, (below, message) => report([...path, ...below], message));
  }
}

/** Where secrets are left unread, `${NAME}` stands for whatever the option may be. */
function checkOptions(connector: Connector, { options }: InstitutionConfig, report: Report): void {
  relay(connector.options.safeParse(options), ['options'], (path, message) => {
    const value = options[String(path[1])] ?? '';
    if (!value.includes('${')) report(path, message);
  });
}

function checkStream(stream: Stream, config: StreamConfig, report: Report): void {
  config.expect.forEach((source, index) => {
    const compiled = compileExpectation(stream, source);
    if (typeof compiled === 'string') report(['expect', index], compiled);
  });
  for (const name of Object.keys(config.map)) {
    const mapping = mappingOf(config, name);
    const format = mapping !== undefined && 'format' in mapping ? mapping.format : undefined;
    if (format !== undefined && dateReader(format) === null) {
      report(['map', name, 'format'], `日期格式 ${format} 须含 yyyy、M、d 各一次`);
    }
  }
  checkReversal(stream, config, report);
  checkAmount(stream, config, report);
}

function checkReversal(stream: Stream, { reversal, amount }: StreamConfig, report: Report): void {
  if (reversal === undefined) return;
  if (stream === 'claims' && reversal.refundOf === undefined) {
    report(['reversal'], 'claims 的 reversal 须写明 refundOf 列');
  }
  if (amount === undefined && (stream === 'claims' || stream === 'lines')) {
    report(['reversal'], '有 reversal 时须以 amount 指明带符号的金额列，供向来源求和');
  }
}

function checkAmount(stream: Stream, config: StreamConfig, report: Report): void {
  const field = stream === 'claims' ? 'totalFee' : stream === 'lines' ? 'lineAmount' : '';
  const mapping = mappingOf(config, field);
  if (mapping === undefined || config.amount !== undefined) return;
  if (columnsOf(mapping).length !== 1 || ('as' in mapping && mapping.as === 'fen')) {
    report(['map', field], '请另以 amount 指明以元计的金额列，供向来源求和');
  }
  if (sourceColumns(stream, config).length > 200) report(['map'], '列数超过 200');
}

function relay(outcome: z.ZodSafeParseResult<unknown>, path: Path, report: Report): void {
  for (const issue of outcome.error?.issues ?? []) {
    report(
      [...path, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))],
      issue.message,
    );
  }
}

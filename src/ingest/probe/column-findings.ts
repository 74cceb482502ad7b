import type {
  InspectedColumn,
  ProbeFinding,
  StreamInspection,
} from '../../connectors/connector.js';
import { FIELDS, type FieldKind, type Stream } from '../fields.js';
import type { FieldMapping, StreamConfig } from '../institution-config.js';
import { columnsOf, sourceColumns } from '../mapping/source-columns.js';

export interface InspectedStream {
  readonly stream: Stream;
  readonly config: StreamConfig;
  readonly inspection: StreamInspection;
  /** The source takes names in any case. */
  readonly caseless: boolean;
}

/** What a source's columns mean for the mapping, in words that name field and mapping. */
export function columnFindings(inspected: InspectedStream): readonly ProbeFinding[] {
  const problems = [...missingColumns(inspected), ...typeMismatches(inspected)];
  const { stream, inspection } = inspected;
  const good: ProbeFinding = {
    check: `数据流 ${stream}`,
    ok: true,
    detail: `映射所用的列都在（来源共 ${inspection.columns.length} 列）`,
  };
  return [
    ...(problems.length === 0 ? [good] : problems),
    ...nullableOrder(inspected),
    ...indexFinding(inspected),
  ];
}

/** Columns that the mapping, the cursor or the key names and the source does not have (any more). */
function missingColumns(inspected: InspectedStream): readonly ProbeFinding[] {
  const { stream, config } = inspected;
  const wanted = [...sourceColumns(stream, config), config.cursor, ...(config.key ?? [])];
  const missing = [...new Set(wanted)].filter(
    (name): name is string => name !== undefined && columnOf(inspected, name) === undefined,
  );
  return missing.map((name) => ({
    check: `数据流 ${stream}`,
    ok: false,
    detail: lostColumn(inspected, name),
    remedy: `请核对 query 与 map，或请来源单位恢复列 ${name}。`,
  }));
}

/** Says which mapping a column that is gone was used by. */
export function lostColumn(
  used: Pick<InspectedStream, 'stream' | 'config'>,
  column: string,
): string {
  return `字段 ${column} 在映射 ${usesOf(used, column).join('、')} 中使用，来源中已不存在`;
}

function usesOf(
  { stream, config }: Pick<InspectedStream, 'stream' | 'config'>,
  column: string,
): readonly string[] {
  const fields = mappings(config)
    .filter(([, mapping]) => columnsOf(mapping).includes(column))
    .map(([name]) => `${stream}.${name}`);
  const others = [
    config.cursor === column ? `${stream} 的 cursor` : null,
    config.key?.includes(column) === true ? `${stream} 的 key` : null,
    config.amount === column ? `${stream} 的 amount` : null,
    config.reversal?.column === column || config.reversal?.refundOf === column
      ? `${stream} 的 reversal`
      : null,
  ];
  return [...fields, ...others.filter((each) => each !== null)];
}

function typeMismatches(inspected: InspectedStream): readonly ProbeFinding[] {
  const { stream, config } = inspected;
  return mappings(config).flatMap(([name, mapping]) => {
    const kind = FIELDS[stream][name]?.kind;
    const [only, ...more] = columnsOf(mapping);
    const column = only === undefined || more.length > 0 ? undefined : columnOf(inspected, only);
    if (kind === undefined || column === undefined) return [];
    const remedy = mismatch(kind, mapping, column);
    if (remedy === null) return [];
    const detail = `列 ${column.name} 的类型是 ${column.type}，与映射 ${stream}.${name} 不合`;
    return [{ check: `数据流 ${stream}`, ok: false, detail, remedy }];
  });
}

const NUMERIC: ReadonlySet<FieldKind> = new Set(['money', 'quantity', 'price']);
const DATED: ReadonlySet<FieldKind> = new Set(['date', 'moment', 'day-or-moment']);

/** What to write instead; null: they fit. */
function mismatch(
  kind: FieldKind,
  mapping: FieldMapping,
  { family }: InspectedColumn,
): string | null {
  if (NUMERIC.has(kind)) return numericMismatch(kind, mapping, family);
  const isPlain = !('format' in mapping) || mapping.format === undefined;
  return DATED.has(kind) && family === 'number' && isPlain
    ? '数字存放的日期请写 format，如 yyyyMMdd。'
    : null;
}

function numericMismatch(
  kind: FieldKind,
  mapping: FieldMapping,
  family: InspectedColumn['family'],
): string | null {
  if (family === 'moment') return '请核对 map 是否错位：这里须是数。';
  const as = 'as' in mapping ? mapping.as : undefined;
  if (family !== 'float' || as?.endsWith('-from-double') === true) return null;
  return `浮点列请写 as: ${kind === 'money' ? 'yuan' : 'decimal'}-from-double。`;
}

function nullableOrder(inspected: InspectedStream): readonly ProbeFinding[] {
  const { stream, config } = inspected;
  const order = [...new Set([config.cursor, ...(config.key ?? [])])];
  const nullable = order.filter(
    (name) => name !== undefined && columnOf(inspected, name)?.nullable === true,
  );
  if (nullable.length === 0) return [];
  return [
    {
      check: `数据流 ${stream} 的次序`,
      ok: true,
      detail: `cursor 或 key 的列 ${nullable.join('、')} 允许为空`,
      remedy: '为空的行无法按序续读，会使整批失败：请在 query 中排除，或改用不会为空的列。',
    },
  ];
}

function indexFinding({ stream, config, inspection }: InspectedStream): readonly ProbeFinding[] {
  const check = `数据流 ${stream} 的索引`;
  if (inspection.indexed === null) return [];
  if (inspection.indexed) return [{ check, ok: true, detail: `${config.cursor} 有索引可用` }];
  const remedy = `请来源单位为 ${config.cursor} 所对应的列建索引，否则每夜读取要扫描全表。`;
  return [{ check, ok: true, detail: `${config.cursor} 没有可用的索引`, remedy }];
}

function columnOf({ inspection, caseless }: InspectedStream, name: string) {
  const { columns } = inspection;
  const exact = columns.find((column) => column.name === name);
  if (exact !== undefined || !caseless) return exact;
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

function mappings({ map }: StreamConfig): readonly (readonly [string, FieldMapping])[] {
  return Object.entries(map as Readonly<Record<string, FieldMapping | undefined>>).filter(
    (entry): entry is [string, FieldMapping] => entry[1] !== undefined,
  );
}

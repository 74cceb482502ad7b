import { isIsoDate } from '../kernel/dates.js';
import { parseDecimal } from '../kernel/decimal.js';
import { parseYuan } from '../kernel/money.js';
import {
  type FilingRecord,
  GRADES,
  type OverlayRecord,
  type ParameterRecord,
  type ParameterValue,
  type RegionRecord,
  type Unit,
} from './policy-schema.js';

/** One thing that a policy file says and cannot mean, with the path of keys where it stands. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const KEYS = { grade: GRADES, pool: ['employee', 'resident'] } as const;

/** What the schema's shape alone cannot see in a region: documents that nobody listed, values that do not fit their unit. */
export function regionFaults(region: RegionRecord): readonly Fault[] {
  const known = Object.keys(region.documents);
  const clauses: [string, Fault['path']][] = [
    [region.effective.clause, ['effective', 'clause']],
    ...(region.scope?.rules ?? []).map(({ clause }, index): [string, Fault['path']] => [
      clause,
      ['scope', 'rules', index, 'clause'],
    ]),
    ...Object.entries(region.parameters).map(([id, { clause }]): [string, Fault['path']] => [
      clause,
      ['parameters', id, 'clause'],
    ]),
    ...Object.entries(region.filings).map(([id, { clause }]): [string, Fault['path']] => [
      clause,
      ['filings', id, 'clause'],
    ]),
    ...Object.entries(region.indicators).map(([id, { clause }]): [string, Fault['path']] => [
      clause,
      ['indicators', id, 'clause'],
    ]),
  ];
  return [
    ...clauses.flatMap(([clause, path]) => documentFaults(clause, known, path)),
    ...Object.entries(region.parameters).flatMap(([id, record]) => recordFaults(id, record)),
    ...(region.extends === undefined ? filingNameFaults(region) : []),
  ];
}

/** Words of a `filing` column that name no filing: nothing compared, or the year's grade. */
const NO_FILING: readonly string[] = ['none', 'grade'];

/** Rows of tables that name a filing (or a parameter that chooses one) which the region does not have. */
function filingNameFaults({ parameters, filings }: RegionRecord): readonly Fault[] {
  const known = (name: string): boolean =>
    NO_FILING.includes(name) || Object.hasOwn(filings, name) || Object.hasOwn(parameters, name);
  return Object.entries(parameters).flatMap(([id, { values = {} }]) =>
    Object.entries(values).flatMap(([date, rows]) =>
      filingCells(rows).flatMap(({ name, index }) => {
        const path = ['parameters', id, 'values', date, index, 'filing'];
        return known(name) ? [] : [{ path, message: `filings 中没有申报事项 ${name}` }];
      }),
    ),
  );
}

function filingCells(rows: ParameterValue) {
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row, index) => {
    const name = typeof row === 'string' ? undefined : row['filing'];
    return name === undefined ? [] : [{ name, index }];
  });
}

/** What an overlay sets that the regions do not know, cites without listing, or gives in a wrong form. */
export function overlayFaults(
  overlay: OverlayRecord,
  parameters: Readonly<Record<string, ParameterRecord>>,
): readonly Fault[] {
  const known = Object.keys(overlay.documents);
  return Object.entries(overlay.set).flatMap(([id, entry]): readonly Fault[] => {
    const record = Object.hasOwn(parameters, id) ? parameters[id] : undefined;
    const path = ['set', id];
    if (record === undefined) return [{ path, message: `地区 ${overlay.region} 没有参数 ${id}` }];
    const faults = documentFaults(entry.clause, known, [...path, 'clause']);
    if (
      entry.reading !== undefined &&
      !Object.hasOwn(record.reading?.choices ?? {}, entry.reading)
    ) {
      const choices = Object.keys(record.reading?.choices ?? {}).join('、') || '无';
      return [...faults, { path: [...path, 'reading'], message: `可选的解读：${choices}` }];
    }
    return [...faults, ...datedFaults(record, entry.values, [...path, 'values'])];
  });
}

function documentFaults(
  clause: string,
  known: readonly string[],
  path: Fault['path'],
): readonly Fault[] {
  const document = clause.split(' ')[0] ?? '';
  return known.includes(document)
    ? []
    : [{ path, message: `documents 中没有列出文件 ${document}` }];
}

function recordFaults(id: string, record: ParameterRecord): readonly Fault[] {
  const path = ['parameters', id];
  const readings = Object.entries(record.reading?.choices ?? {}).flatMap(([key, choice]) =>
    choice.values === undefined
      ? valueFaults(record, key, [...path, 'reading', 'choices', key])
      : datedFaults(record, choice.values, [...path, 'reading', 'choices', key, 'values']),
  );
  return [...datedFaults(record, record.values, [...path, 'values']), ...readings];
}

function datedFaults(
  record: ParameterRecord,
  values: Readonly<Record<string, ParameterValue>> | undefined,
  path: Fault['path'],
): readonly Fault[] {
  return Object.entries(values ?? {}).flatMap(([date, value]) =>
    valueFaults(record, value, [...path, date]),
  );
}

function valueFaults(
  record: ParameterRecord,
  value: ParameterValue,
  path: Fault['path'],
): readonly Fault[] {
  const fault = (message: string): readonly Fault[] => [{ path, message }];
  if (record.by !== undefined) {
    if (typeof value === 'string' || Array.isArray(value))
      return fault(`应按 ${record.by} 分别给值`);
    const missing = KEYS[record.by].filter((key) => !(key in value));
    if (missing.length > 0) return fault(`缺 ${missing.join('、')}`);
    return Object.entries(value).flatMap(([key, text]) =>
      scalarFaults(record, text, [...path, key]),
    );
  }
  if (record.unit === 'table') return tableFaults(record, value, path);
  if (record.unit === 'list') {
    if (!Array.isArray(value)) return fault('应为列表');
    return value.flatMap((text, index) =>
      typeof text === 'string'
        ? scalarFaults(record, text, [...path, index])
        : [{ path: [...path, index], message: '应为单个值' }],
    );
  }
  return typeof value === 'string' ? scalarFaults(record, value, path) : fault('应为单个值');
}

/** Rows of a table: each has every column, each cell its column's unit or `none`. */
function tableFaults(
  { columns = {}, choices = {} }: ParameterRecord,
  value: ParameterValue,
  path: Fault['path'],
): readonly Fault[] {
  if (!Array.isArray(value)) return [{ path, message: '应为表格（列表，每行写各列的值）' }];
  return value.flatMap((row, index): readonly Fault[] => {
    const place = [...path, index];
    if (typeof row === 'string') return [{ path: place, message: '应为一行各列的值' }];
    const unknown = Object.keys(row).filter((name) => !Object.hasOwn(columns, name));
    const missing = Object.keys(columns).filter((name) => !Object.hasOwn(row, name));
    const names = [
      ...unknown.map((name) => ({ path: [...place, name], message: '没有这一列' })),
      ...missing.map((name) => ({ path: place, message: `缺列 ${name}` })),
    ];
    return [
      ...names,
      ...Object.entries(row).flatMap(([name, text]) => {
        const unit = columns[name];
        return unit === undefined || text === 'none'
          ? []
          : scalarFaults(unit === 'choice' ? { unit, choices } : { unit }, text, [...place, name]);
      }),
    ];
  });
}

/** Whether a filed value fits what the region declared. */
export function filingFault(
  { unit, choices = {}, signed }: FilingRecord,
  text: string,
): string | null {
  if (unit === 'choice')
    return Object.hasOwn(choices, text) ? null : `应为 ${Object.keys(choices).join('、')} 之一`;
  const positive = signed === 'true' ? text.replace(/^-/, '') : text;
  return scalarFaults({ unit, choices }, positive, [])[0]?.message ?? null;
}

function scalarFaults(
  { unit, choices = {} }: Pick<ParameterRecord, 'unit' | 'choices'>,
  text: string,
  path: Fault['path'],
): readonly Fault[] {
  if (Object.hasOwn(choices, text) || (unit === 'date' && text === 'none')) return [];
  const listed = Object.keys(choices).join('、');
  if (unit === 'choice' || unit === 'list') return [{ path, message: `应为 ${listed} 之一` }];
  const listedToo = listed === '' ? '' : `，或 ${listed}`;
  const expected = FORMS[unit];
  if (expected === undefined || expected.fits(text)) return [];
  return [{ path, message: `${expected.words}${listedToo}` }];
}

interface Form {
  fits(text: string): boolean;
  readonly words: string;
}

const FORMS: Readonly<Partial<Record<Unit, Form>>> = {
  date: { fits: isIsoDate, words: '应为日期 YYYY-MM-DD 或 none' },
  ratio: { fits: isRatio, words: '应为 0 到 1 之间的比例' },
  decimal: {
    fits: (text) => parseDecimal(text)?.gte(0) === true,
    words: '应为不小于零的十进制数字，例如 1.25',
  },
  count: { fits: (text) => /^\d{1,12}$/.test(text), words: '应为不小于零的整数' },
  yuan: {
    fits: (text) => (parseYuan(text) ?? -1n) >= 0n,
    words: '应为不小于零的元，最多两位小数，例如 1234.50',
  },
};

function isRatio(text: string): boolean {
  const ratio = parseDecimal(text);
  return ratio?.gte(0) === true && ratio.lte(1);
}

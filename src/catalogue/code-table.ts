import { parse } from 'csv-parse/sync';
import { isIsoDate } from '../kernel/dates.js';

/** One dated translation of a local code, proposed by one person and approved by another. */
export interface CodeMapping {
  readonly localCode: string;
  readonly nationalCode: string;
  readonly validFrom: string;
  /** First day on which it no longer holds; null = until further notice. */
  readonly validTo: string | null;
  readonly proposedBy: string;
  readonly approvedBy: string;
}

export interface CodeTableProblem {
  readonly line: number;
  readonly message: string;
}

const HEADER = ['local', 'national', 'valid_from', 'valid_to', 'proposed_by', 'approved_by'];

/** Reads `local,national,valid_from,valid_to,proposed_by,approved_by`; every problem is reported with its line. */
export function parseCodeTable(text: string): {
  readonly mappings: readonly CodeMapping[];
  readonly problems: readonly CodeTableProblem[];
} {
  const rows = parse(text, {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
  }) as string[][];
  const [header = [], ...body] = rows;
  if (HEADER.some((name, index) => header[index] !== name)) {
    return { mappings: [], problems: [{ line: 1, message: `表头应为 ${HEADER.join(',')}` }] };
  }
  const mappings = body.map(mappingOf);
  const problems = mappings.flatMap((mapping, index) =>
    faultsOf(mapping).map((message) => ({ line: index + 2, message })),
  );
  return { mappings, problems: [...problems, ...overlaps(mappings)] };
}

function mappingOf(cells: readonly string[]): CodeMapping {
  const [local, national, from, to, proposed, approved] = HEADER.map((_, index) =>
    (cells[index] ?? '').trim(),
  );
  return {
    localCode: local ?? '',
    nationalCode: national ?? '',
    validFrom: from ?? '',
    validTo: to === undefined || to === '' ? null : to,
    proposedBy: proposed ?? '',
    approvedBy: approved ?? '',
  };
}

function faultsOf(mapping: CodeMapping): string[] {
  const { validFrom, validTo } = mapping;
  const faults: string[] = [];
  if (mapping.localCode === '' || mapping.nationalCode === '')
    faults.push('本地编码或国家编码为空');
  if (!isIsoDate(validFrom)) faults.push('valid_from 不是存在的日期（YYYY-MM-DD）');
  if (validTo !== null && (!isIsoDate(validTo) || validTo <= validFrom)) {
    faults.push('valid_to 须为晚于 valid_from 的日期');
  }
  if (mapping.proposedBy === '' || mapping.approvedBy === '') faults.push('须写明提出人和批准人');
  else if (mapping.proposedBy === mapping.approvedBy) faults.push('提出人与批准人须是两个人');
  return faults;
}

function overlaps(mappings: readonly CodeMapping[]): CodeTableProblem[] {
  const sorted = mappings
    .map((mapping, index) => ({ ...mapping, line: index + 2 }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return sorted.flatMap((mapping, index) => {
    const before = sorted[index - 1];
    const meets =
      before !== undefined &&
      before.localCode === mapping.localCode &&
      (before.validTo === null || before.validTo > mapping.validFrom);
    return meets
      ? [{ line: mapping.line, message: `${mapping.localCode} 的有效期与第 ${before.line} 行重叠` }]
      : [];
  });
}

function key({ localCode, validFrom }: CodeMapping): string {
  return `${localCode}\u001f${validFrom}`;
}

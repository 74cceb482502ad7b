import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config/errors.js';
import type { Site } from '../config/site.js';
import { type CsvRow, cellOf, parseCsv } from '../knowledge/csv.js';
import { readKnowledgeTable } from '../knowledge/table.loader.js';
import { type CodeLists, FIELD_TYPES, LIST_SECTIONS, type ListField } from './field-table.js';
import { FROM_WORDS } from './settlement-list.js';

/** Code lists of the settlement list, and names of national codes. */
export interface ListKnowledge {
  readonly codes: CodeLists;
  readonly diagnoses: ReadonlyMap<string, string>;
  readonly procedures: ReadonlyMap<string, string>;
}

/**
 * The field table of a list message, `config/agency/lists/<name>.csv`.
 *
 * @throws ConfigError with file and line
 */
export function loadFieldTable(
  { configDir }: Pick<Site, 'configDir'>,
  name: string,
): readonly ListField[] {
  const path = join('agency', 'lists', `${name}.csv`);
  const file = join(configDir, path);
  const rows = parseCsv(readFileSync(file, 'utf8'), path);
  return rows.map((row, index) => fieldOf(row, { path: file, line: index + 2 }));
}

function fieldOf(row: CsvRow, at: { readonly path: string; readonly line: number }): ListField {
  const one = <Word extends string>(column: string, words: Iterable<Word>): Word => {
    const cell = cellOf(row, column);
    for (const word of words) if (word === cell) return word;
    throw new ConfigError([{ ...at, column: 1, message: `${column} 列没有 ${cell} 这个值` }]);
  };
  const size = /^(\d+)(?:,(\d+))?$/.exec(cellOf(row, 'length'));
  return {
    section: one('section', LIST_SECTIONS),
    type: one('type', FIELD_TYPES),
    field: cellOf(row, 'field'),
    label: cellOf(row, 'label'),
    length: size === null ? null : Number(size[1]),
    decimals: Number(size?.[2] ?? 0),
    required: one('required', ['Y', '']) === 'Y',
    codelist: cellOf(row, 'codelist') || null,
    from: one('from', ['', ...FROM_WORDS]) || null,
  };
}

let loaded: ListKnowledge | null = null;

/** @throws KnowledgeFileError */
export function loadListKnowledge(): ListKnowledge {
  loaded ??= {
    codes: codeLists(),
    diagnoses: names('icd/diagnoses-insured.csv.gz'),
    procedures: names('icd/procedures-insured.csv.gz'),
  };
  return loaded;
}

function codeLists(): CodeLists {
  const lists = new Map<string, Set<string>>();
  for (const row of readKnowledgeTable('codelists/settlement-list.csv')) {
    const list = cellOf(row, 'list');
    const codes = lists.get(list) ?? new Set();
    lists.set(list, codes.add(cellOf(row, 'code')));
  }
  return lists;
}

function names(file: string): ReadonlyMap<string, string> {
  return new Map(readKnowledgeTable(file).map((row) => [cellOf(row, 'code'), cellOf(row, 'name')]));
}

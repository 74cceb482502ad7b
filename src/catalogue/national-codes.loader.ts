import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ConfigError } from '../config/errors.js';
import type { Site } from '../config/site.js';
import { cellOf } from '../knowledge/csv.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { readKnowledgeTable } from '../knowledge/table.loader.js';
import { csvRows } from '../tables/sheet-reader.js';
import { CODE_KINDS, type CodeKind } from './catalogue.repository.js';
import { type NationalCode, NationalCodes } from './national-codes.js';

/** Lists that come with the product; items are what is published of them, no complete catalogue. */
const SHIPPED: Readonly<Record<CodeKind, readonly string[]>> = {
  item: ['codelists/service-items.csv.gz'],
  diagnosis: ['icd/diagnoses-insured.csv.gz', 'icd/tcm-1995.csv'],
  procedure: ['icd/procedures-insured.csv.gz'],
};
const CLINICAL: Readonly<Partial<Record<CodeKind, string>>> = {
  diagnosis: 'icd/diagnoses-clinical-to-insured.csv.gz',
  procedure: 'icd/procedures-clinical-to-insured.csv.gz',
};
const SITE_FILES: Readonly<Record<CodeKind, string>> = {
  item: 'national/items.csv',
  diagnosis: 'national/diagnoses.csv',
  procedure: 'national/procedures.csv',
};

/**
 * The national codes: the shipped lists, those that knowledge points name, and the site's own `national/*.csv` (`code,name` and perhaps
 * `price`), whose rows win.
 *
 * @throws ConfigError naming file and line of a site's list that cannot be read; KnowledgeFileError
 */
export function loadNationalCodes({ siteDir }: Pick<Site, 'siteDir'>): NationalCodes {
  const lists = {
    item: itemCodes(),
    diagnosis: shipped('diagnosis'),
    procedure: shipped('procedure'),
  };
  for (const kind of CODE_KINDS) addSiteList(lists[kind], join(siteDir, SITE_FILES[kind]));
  const editions = {
    item: new Map<string, string>(),
    diagnosis: clinical('diagnosis'),
    procedure: clinical('procedure'),
  };
  return new NationalCodes(lists, editions);
}

type List = Map<string, NationalCode>;

function shipped(kind: CodeKind): List {
  const list: List = new Map();
  for (const file of SHIPPED[kind]) {
    for (const row of readKnowledgeTable(file)) {
      const code = cellOf(row, 'code');
      list.set(code, { code, name: cellOf(row, 'name'), unitPrice: null });
    }
  }
  return list;
}

function itemCodes(): List {
  const list = shipped('item');
  const add = (code: string, name: string): void => {
    if (!list.has(code)) list.set(code, { code, name, unitPrice: null });
  };
  const knowledge = loadKnowledgeBase();
  for (const { codes, name } of knowledge.points()) for (const code of codes) add(code, name);
  for (const { limit } of knowledge.set('duplicate-pairs').points) {
    add(limit.containedCode, limit.containedName);
  }
  return list;
}

function clinical(kind: CodeKind): Map<string, string> {
  const file = CLINICAL[kind];
  const rows = file === undefined ? [] : readKnowledgeTable(file);
  return new Map(rows.map((row) => [cellOf(row, 'clinical'), cellOf(row, 'insured')]));
}

function addSiteList(list: List, path: string): void {
  if (!existsSync(path)) return;
  const [header, ...rows] = csvRows(readFileSync(path));
  const at = (title: string): number =>
    header?.cells.findIndex(({ text }) => text.toLowerCase() === title) ?? -1;
  const [code, name, price] = [at('code'), at('name'), at('price')];
  const problem = (line: number, message: string): ConfigError =>
    new ConfigError([{ path: relative(process.cwd(), path), line, column: 1, message }]);
  if (code === -1 || name === -1) throw problem(1, '表头应含 code,name（可加 price）');
  for (const { number, cells } of rows) {
    const text = (index: number): string => cells[index]?.text ?? '';
    if (text(code) === '') throw problem(number, '编码为空');
    const unitPrice = text(price);
    if (unitPrice !== '' && !/^\d{1,9}(\.\d{1,6})?$/.test(unitPrice))
      throw problem(number, '价格不是数字');
    list.set(text(code), {
      code: text(code),
      name: text(name),
      unitPrice: unitPrice === '' ? null : unitPrice,
    });
  }
}

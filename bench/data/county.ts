import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AuditBook, CompiledAudit } from '../../src/audit/compile.js';
import { compileAudit } from '../../src/audit/compile.js';
import { loadSiteFiles } from '../../src/audit/rules.loader.js';
import type { KnowledgeBase } from '../../src/knowledge/knowledge.js';

/**
 * A county that has filled every local table the rules ask for, so that every rule runs that the books alone decide: all but those that
 * wait for a register no audit of the books reads.
 */
export interface County {
  readonly book: AuditBook;
  readonly knowledge: KnowledgeBase;
  readonly audit: CompiledAudit;
}

const configDir = resolve(import.meta.dirname, '../../config');
const PLACES = 8_000;
const CODES_OF_A_RULE = 40;

/** Writes the tables below the folder and compiles every active rule, and those on probation as the product does, with them. */
export function countyIn(folder: string): County {
  const siteDir = join(folder, 'site');
  mkdirSync(join(siteDir, 'audit'), { recursive: true });
  for (const [name, rows] of Object.entries(tables()))
    writeFileSync(join(siteDir, 'audit', `${name}.csv`), csv(rows));
  const { book, knowledge } = loadSiteFiles({ configDir, siteDir });
  return { book, knowledge, audit: compileAudit(book, knowledge) };
}

/** Items to draw from: the given share of places holds codes that some shipped rule looks at, each rule in turn. */
export function countyItems(share: number): string[] {
  const watched = watchedCodes();
  const held = Math.round(PLACES * share);
  return Array.from({ length: PLACES }, (_, place) =>
    place < held ? (watched[place % watched.length] ?? '') : plainCode(place),
  );
}

/** The first code of each rule, then the second of each, and so on. */
function watchedCodes(): string[] {
  const { book, knowledge } = loadSiteFiles({ configDir, siteDir: null });
  const ofRules = compileAudit(book, knowledge).rules.flatMap(({ bound }) =>
    bound.codes === null || bound.codes.size === 0 ? [] : [[...bound.codes]],
  );
  const inTurn = Array.from({ length: CODES_OF_A_RULE }, (_, turn) =>
    ofRules.flatMap((codes) => codes[turn] ?? []),
  ).flat();
  return [...new Set(inTurn)];
}

/** Codes that only local tables know, half of them drugs, a tenth materials. */
function plainCode(place: number): string {
  const kind = place % 10;
  return `${kind < 5 ? 'X' : kind < 9 ? 'N' : 'C'}${String(place).padStart(9, '0')}`;
}

/** Of the last places, which every share leaves to plain codes. */
const plainCodes = (first: string, from: number, count: number): string[] =>
  Array.from({ length: PLACES }, (_, place) => plainCode(PLACES - 1 - place))
    .filter((code) => code.startsWith(first))
    .slice(from, from + count);

type Row = Readonly<Record<string, string>>;

const CLAUSE = { clause: '基准用表' };

function tables(): Readonly<Record<string, readonly Row[]>> {
  const services = plainCodes('N', 0, 400);
  const materials = plainCodes('C', 0, 200);
  const service = (index: number): string => services[index] ?? '';
  const several = (from: number, count: number): string =>
    services.slice(from, from + count).join(' ');
  const rows = (count: number, of: (index: number) => Row): Row[] =>
    Array.from({ length: count }, (_, index) => ({ ...of(index), ...CLAUSE }));
  return {
    'price-cap': [...services, ...materials].map((code) => ({ code, cap: '599.00', ...CLAUSE })),
    catalogue: catalogueRows(),
    'first-line': [{ drugs: drugsOfSecondLine(), first: 'XL04AX', ...CLAUSE }],
    'item-limit': [
      { code: service(0), levels: 'secondary tertiary', ...CLAUSE },
      { code: service(1), careTypes: 'inpatient', ...CLAUSE },
      { code: service(2), sex: 'female', ...CLAUSE },
      { code: materials[0] ?? '', diagnoses: 'I10 J18', ...CLAUSE },
    ],
    'included-material': rows(20, (n) => ({
      items: service(10 + n),
      contained: materials.slice(2 * n, 2 * n + 2).join(' '),
    })),
    panel: rows(20, (n) => ({ items: service(40 + n), contained: several(60 + 3 * n, 3) })),
    bundle: rows(20, (n) => ({
      ...{ bundle: service(130 + n), name: '整项收费', members: several(160 + 3 * n, 3) },
      price: '150.00',
    })),
    companion: rows(3, (n) => ({
      ...{ code: service(240 + n), required: 'N0000001* N0000002*', window: 'visit' },
    })),
    'group-standard': rows(9, (n) => ({
      ...{ group: `BZ${n}`, standard: '3800.00', mean: '3800.00', meanDays: '4.0' },
    })),
    'general-visit': [{ code: '*', perDay: '4', ...CLAUSE }],
    'visit-cap': [{ careType: 'outpatient', scope: 'visit', cap: '3500', ...CLAUSE }],
    'item-fund-cap': rows(10, (n) => ({
      ...{ codes: materials.slice(100 + 2 * n, 102 + 2 * n).join(' '), window: 'year' },
      cap: '900',
    })),
    'session-limit': rows(20, (n) => ({ code: service(260 + n), max: '5' })),
    'operation-limit': [
      { materials: materials.slice(150).join(' '), procedures: '36.0', max: '3', ...CLAUSE },
    ],
  };
}

/** Every code a claim may name: one of a listed family that is not listed itself would be a violation on every line. */
function catalogueRows(): Row[] {
  const excluded = new Set(plainCodes('X', 0, 3));
  const ended = new Set(plainCodes('X', 3, 3));
  const plain = Array.from({ length: PLACES }, (_, place) => plainCode(place));
  return [...new Set([...watchedCodes(), ...plain])].map((code) => ({
    ...{ code, payClass: excluded.has(code) ? '丙' : '甲', ...CLAUSE },
    until: ended.has(code) ? '2024-01-31' : '',
  }));
}

function drugsOfSecondLine(): string {
  const { knowledge } = loadSiteFiles({ configDir, siteDir: null });
  return [...knowledge.set('second-line').codes()].join(' ');
}

function csv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

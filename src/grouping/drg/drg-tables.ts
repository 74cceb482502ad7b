import { type CsvRow, cellOf } from '../../knowledge/csv.js';

/**
 * The tables of a DRG scheme as the grouper needs them: every question is a lookup by code, never a scan.
 *
 * Order matters twice: the first major category (MDC, 主要诊断大类) whose gate opens and that holds a matching group wins,
 * and within it the first matching core group (ADRG, 核心疾病诊断相关组).
 *
 * @source CHS-DRG 1.1 (knowledge/drg/chs-drg-1.1, see knowledge/SOURCES.md)
 */

/** What besides its diagnoses an MDC asks for. */
export const GATES = [
  '',
  'male',
  'female',
  'age-zero',
  'valid-operation',
  'two-trauma-regions',
] as const;
export type Gate = (typeof GATES)[number];

/** How an ADRG is met. PDX principal diagnosis, ANYDX any diagnosis, POP principal operation, OP any operation. */
export const MATCH_RULES = [
  'PDX',
  'POP',
  'PDX+POP',
  'OP_A+OP_B',
  'PDX+OP_A+OP_B',
  'PDX+OP_SETS',
  'POP_VALID',
  'ANYDX+POP_VALID',
  'NO_VALID_OP',
  'PDX+NEONATE28',
  'POP+NEONATE28',
  'ANYDX+WEIGHT+NEONATE28',
  'ALWAYS',
] as const;
export type MatchRule = (typeof MATCH_RULES)[number];

export interface Adrg {
  readonly code: string;
  readonly match: MatchRule;
  readonly diagnoses: ReadonlySet<string>;
  /** Operations by set: A and B, or numbered sets. */
  readonly operations: ReadonlyMap<string, ReadonlySet<string>>;
  /** `PDX+OP_SETS`: alternatives, each a list of sets that must all be present. */
  readonly setAlternatives: readonly (readonly string[])[];
  /** `WEIGHT`: birth weight in grams, from inclusive, below exclusive (null = no upper bound). */
  readonly weight: { readonly from: number; readonly below: number | null } | null;
  /** DRGs from most to least severe; the last one takes every case. */
  readonly groups: readonly string[];
}

export interface Mdc {
  readonly code: string;
  readonly gate: Gate;
  /** Principal diagnoses of this MDC, each with its trauma region ('' when it has none). */
  readonly diagnoses: ReadonlyMap<string, string>;
  readonly adrgs: readonly Adrg[];
}

export interface Complication {
  readonly severity: 'MCC' | 'CC';
  /** It does not count under a principal diagnosis of the same exclusion table (排除表). */
  readonly exclusion: string;
}

export interface DrgTables {
  readonly mdcs: readonly Mdc[];
  readonly validOperations: ReadonlySet<string>;
  readonly complications: ReadonlyMap<string, Complication>;
  readonly exclusionOfPrincipal: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, string>;
}

export interface DrgTableRows {
  readonly mdcs: readonly CsvRow[];
  readonly adrgs: readonly CsvRow[];
  readonly groups: readonly CsvRow[];
  readonly mdcDiagnoses: readonly CsvRow[];
  readonly adrgDiagnoses: readonly CsvRow[];
  readonly adrgOperations: readonly CsvRow[];
  readonly validOperations: readonly CsvRow[];
  readonly complications: readonly CsvRow[];
  readonly exclusions: readonly CsvRow[];
}

/** @throws RangeError when a table is inconsistent: an unknown rule or gate, or a group list that can leave a case without a group */
export function buildDrgTables(rows: DrgTableRows): DrgTables {
  const diagnosesOfAdrg = groupBy(rows.adrgDiagnoses, 'adrg');
  const operationsOfAdrg = groupBy(rows.adrgOperations, 'adrg');
  const adrgsOfMdc = groupBy(rows.adrgs, 'mdc');
  const diagnosesOfMdc = groupBy(rows.mdcDiagnoses, 'mdc');
  return {
    mdcs: inOrder(rows.mdcs).map((row) => ({
      code: cellOf(row, 'mdc'),
      gate: oneOf(GATES, cellOf(row, 'gate')),
      diagnoses: pairs(diagnosesOfMdc.get(cellOf(row, 'mdc')) ?? [], 'diagnosis', 'trauma_region'),
      adrgs: inOrder(adrgsOfMdc.get(cellOf(row, 'mdc')) ?? []).map((adrg) =>
        buildAdrg(
          adrg,
          diagnosesOfAdrg.get(cellOf(adrg, 'adrg')) ?? [],
          operationsOfAdrg.get(cellOf(adrg, 'adrg')) ?? [],
        ),
      ),
    })),
    validOperations: new Set(rows.validOperations.map((row) => cellOf(row, 'operation'))),
    complications: new Map(
      rows.complications.map((row) => [
        cellOf(row, 'diagnosis'),
        {
          severity: oneOf(['MCC', 'CC'], cellOf(row, 'severity')),
          exclusion: cellOf(row, 'exclusion'),
        },
      ]),
    ),
    exclusionOfPrincipal: pairs(rows.exclusions, 'principal', 'exclusion'),
    names: pairs(rows.groups, 'drg', 'name'),
  };
}

function buildAdrg(row: CsvRow, diagnoses: readonly CsvRow[], operations: readonly CsvRow[]): Adrg {
  const groups = cellOf(row, 'groups').split(' ');
  const code = cellOf(row, 'adrg');
  if (!/[59]$/.test(groups.at(-1) ?? '')) {
    throw new RangeError(`ADRG ${code}: the last group must take every case: ${groups.join(' ')}`);
  }
  const parameter = cellOf(row, 'parameter');
  const match = oneOf(MATCH_RULES, cellOf(row, 'match'));
  return {
    code,
    match,
    diagnoses: new Set(diagnoses.map((diagnosis) => cellOf(diagnosis, 'diagnosis'))),
    operations: new Map(
      [...groupBy(operations, 'set')].map(([set, members]) => [
        set,
        new Set(members.map((member) => cellOf(member, 'operation'))),
      ]),
    ),
    setAlternatives:
      match === 'PDX+OP_SETS' ? parameter.split('|').map((sets) => sets.split('&')) : [],
    weight: match === 'ANYDX+WEIGHT+NEONATE28' ? weightRange(code, parameter) : null,
    groups,
  };
}

function weightRange(code: string, parameter: string): Adrg['weight'] {
  const range = /^(\d+)-(\d*)$/.exec(parameter);
  if (range === null)
    throw new RangeError(`ADRG ${code}: not a weight range in grams: ${parameter}`);
  return { from: Number(range[1]), below: range[2] === '' ? null : Number(range[2]) };
}

function oneOf<T extends string>(allowed: readonly T[], text: string): T {
  const found = allowed.find((candidate) => candidate === text);
  if (found === undefined) throw new RangeError(`${text} is none of ${allowed.join(', ')}`);
  return found;
}

function inOrder(rows: readonly CsvRow[]): readonly CsvRow[] {
  return rows.toSorted((a, b) => Number(cellOf(a, 'order')) - Number(cellOf(b, 'order')));
}

function pairs(rows: readonly CsvRow[], key: string, value: string): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [cellOf(row, key), cellOf(row, value)]));
}

function groupBy(rows: readonly CsvRow[], column: string): Map<string, CsvRow[]> {
  const groups = new Map<string, CsvRow[]>();
  for (const row of rows) {
    const key = cellOf(row, column);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

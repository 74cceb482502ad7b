import { describe, expect, it } from '@jest/globals';
import { loadDrgTables } from './drg-tables.loader.js';
import { type DrgCase, groupDrg, UNGROUPED } from './group-drg.js';

const tables = loadDrgTables();

function adult(overrides: Partial<DrgCase>): DrgCase {
  return {
    sex: 'male',
    ageYears: 60,
    ageDays: null,
    birthWeightGrams: null,
    diagnoses: [],
    operations: [],
    ...overrides,
  };
}

function newborn(overrides: Partial<DrgCase>): DrgCase {
  return adult({ ageYears: 0, ageDays: 3, ...overrides });
}

function groupOf(drgCase: DrgCase): string {
  const { adrg, drg } = groupDrg(drgCase, tables);
  return `${adrg} ${drg}`;
}

describe('CHS-DRG 1.1 tables', () => {
  it('hold 26 MDCs, 376 ADRGs and 628 DRGs, every DRG named', () => {
    const adrgs = tables.mdcs.flatMap((mdc) => mdc.adrgs);
    const groups = adrgs.flatMap((adrg) => adrg.groups);
    expect([tables.mdcs.length, adrgs.length, groups.length]).toEqual([26, 376, 628]);
    expect(groups.filter((group) => !tables.names.has(group))).toEqual([]);
  });
});

describe('grouping a case', () => {
  it.each<[string, DrgCase, string]>([
    ['PDX alone', adult({ diagnoses: ['E11.800'] }), 'KS1 KS15'],
    ['no diagnosis', adult({}), '00 0000'],
    ['a code in lower case is not the code', adult({ diagnoses: ['e11.800'] }), '00 0000'],
    ['MDC O without a fitting ADRG', adult({ sex: 'female', diagnoses: ['O00.900'] }), '00 0000'],
    ['POP', adult({ diagnoses: ['K80.100x001'], operations: ['51.2300'] }), 'HC2 HC29'],
    [
      'the principal operation counts, not the second',
      adult({ diagnoses: ['K80.100x001'], operations: ['99.9999', '51.2300'] }),
      'HU1 HU15',
    ],
    [
      'MDC A by operation, whatever the diagnosis',
      adult({ diagnoses: ['unknown'], operations: ['37.5100'] }),
      'AA1 AA19',
    ],
    [
      'a principal operation that is not valid opens no MDC A',
      adult({ diagnoses: ['unknown'], operations: ['00.0000'] }),
      '00 0000',
    ],
  ])('%s', (_name, drgCase, expected) => expect(groupOf(drgCase)).toBe(expected));

  it.each<[string, readonly string[], readonly string[], string]>([
    ['OP_A+OP_B needs both sets', ['I25.103'], ['35.1000', '36.1500'], 'FB1 FB19'],
    [
      'OP_A+OP_B in any order and place',
      ['I25.103'],
      ['36.1500', '88.5600', '35.1000'],
      'FB1 FB19',
    ],
  ])('%s', (_name, diagnoses, operations, expected) =>
    expect(groupOf(adult({ diagnoses, operations }))).toBe(expected),
  );

  it.each<[string, readonly string[], string]>([
    ['sets 1 and 2', ['85.5300x001', '85.4301'], 'JA1'],
    ['sets 1, 3 and 4', ['85.5300x001', '85.2200', '40.2300'], 'JA1'],
    ['sets 1 and 3 without 4', ['85.5300x001', '85.2200'], 'not JA1'],
  ])('PDX+OP_SETS 1&2|1&3&4: %s', (_name, operations, expected) => {
    const { adrg } = groupDrg(adult({ sex: 'female', diagnoses: ['C50.400'], operations }), tables);
    expect(adrg === 'JA1' ? 'JA1' : 'not JA1').toBe(expected);
  });

  it.each<[DrgCase['sex'], string]>([
    ['male', 'MDCM'],
    ['female', 'MDCN'],
  ])('a diagnosis of both categories follows the sex: %s → %s', (sex, mdc) => {
    const [forMen, forWomen] = ['MDCM', 'MDCN'].map(
      (code) => new Set(tables.mdcs.find((candidate) => candidate.code === code)?.diagnoses.keys()),
    );
    const inBoth = [...(forMen ?? [])].filter((code) => forWomen?.has(code));
    const results = inBoth.map((code) => groupDrg(adult({ sex, diagnoses: [code] }), tables));
    expect(results.filter((result) => result.mdc === mdc).length).toBeGreaterThan(0);
    expect(results.filter((result) => result.mdc !== mdc && result.mdc !== '0000')).toEqual([]);
  });
});

describe('newborns (MDC P)', () => {
  it.each<[number, string]>([
    [0, 'PR1'],
    [28, 'PR1'],
    [29, 'PV1'],
  ])('respiratory distress on day %i → %s', (ageDays, adrg) =>
    expect(groupDrg(newborn({ ageDays, diagnoses: ['P22.000'] }), tables).adrg).toBe(adrg),
  );

  it('is closed at one year of age', () =>
    expect(groupDrg(adult({ ageYears: 1, ageDays: null, diagnoses: ['P22.000'] }), tables)).toEqual(
      UNGROUPED,
    ));

  it.each<[number | null, string]>([
    [1, 'PS1'],
    [1499, 'PS1'],
    [1500, 'PS2'],
    [1999, 'PS2'],
    [2000, 'PS3'],
    [2499, 'PS3'],
    [2500, 'PS4'],
    [0, 'PU1'],
    [null, 'PU1'],
  ])('preterm with a birth weight of %s g → %s', (birthWeightGrams, adrg) => {
    const drgCase = newborn({ diagnoses: ['P07.300'], birthWeightGrams });
    const expected = adrg === 'PU1' ? /^P[UV]1$/ : new RegExp(adrg);
    expect(groupDrg(drgCase, tables).adrg).toMatch(expected);
  });
});

describe('multiple trauma (MDC Z)', () => {
  it.each<[string, readonly string[], readonly string[], RegExp]>([
    ['head and chest, not operated', ['S06.000', 'S22.300'], [], /^MDCZ ZZ1$/],
    ['head only, twice', ['S06.000', 'S06.100'], [], /^MDCB /],
    [
      'second region on a diagnosis outside the list does not count',
      ['S06.000', 'I10.x00'],
      [],
      /^MDCB /,
    ],
  ])('%s', (_name, diagnoses, operations, expected) => {
    const { mdc, adrg } = groupDrg(adult({ diagnoses, operations }), tables);
    expect(`${mdc} ${adrg}`).toMatch(expected);
  });
});

describe('severity by the last digit', () => {
  const principal = 'P22.000';
  const own = tables.exclusionOfPrincipal.get(principal);
  const complication = (severity: 'MCC' | 'CC', isExcluded: boolean) => {
    for (const [code, found] of tables.complications) {
      if (found.severity === severity && (found.exclusion === own) === isExcluded) return code;
    }
    throw new Error(`no ${severity}`);
  };
  const cc = complication('CC', false);
  const mcc = complication('MCC', false);

  it.each<[string, readonly string[], string]>([
    ['nothing beside it', [], 'PR15'],
    ['a CC', [cc], 'PR13'],
    ['an MCC', [mcc], 'PR11'],
    ['a CC and an MCC', [cc, mcc], 'PR11'],
    ['an excluded MCC does not count', [complication('MCC', true)], 'PR15'],
    ['an unknown code does not count', ['nothing'], 'PR15'],
  ])('%s (%j) → %s', (_name, secondary, drg) =>
    expect(groupDrg(newborn({ diagnoses: [principal, ...secondary] }), tables).drg).toBe(drg),
  );
});

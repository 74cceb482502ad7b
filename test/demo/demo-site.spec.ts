import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allClaims, makeCounty } from '../../src/demo/county/county.js';
import { ITEMS } from '../../src/demo/items/catalogue.js';
import { loadItemNames } from '../../src/demo/reference/item-names.loader.js';
import { siteFiles } from '../../src/demo/site/site-files.js';
import { loadDrgTables } from '../../src/grouping/drg/drg-tables.loader.js';
import { groupDrg } from '../../src/grouping/drg/group-drg.js';
import { ageInYears } from '../../src/kernel/dates.js';

const HOME = join(import.meta.dirname, '../..');

describe('the demo site', () => {
  it.each([...siteFiles()])('%s is what the generator makes: run heyi demo site', (path, text) => {
    expect(readFileSync(join(HOME, 'config/demo', path), 'utf8')).toBe(text);
  });
});

describe('the demo catalogue', () => {
  it('holds national codes of the shipped lists only', () => {
    const names = loadItemNames(join(HOME, 'knowledge'));
    expect(ITEMS.filter(({ code }) => code !== null && !names.has(code))).toEqual([]);
    expect(new Set(ITEMS.map(({ key }) => key)).size).toBe(ITEMS.length);
  });
});

describe('diagnoses, operations, sexes and ages', () => {
  it('fit each other: nine stays in ten reach a DRG', () => {
    const tables = loadDrgTables();
    const stays = allClaims(makeCounty({ seed: 3, claims: 3000, planted: 5 })).filter(
      ({ stay, refunds }) => stay !== null && refunds === null,
    );
    const grouped = stays.filter(({ person, diagnoses, procedures }) => {
      const age = ageInYears(person.birthDate, '2024-07-01');
      const result = groupDrg(
        {
          sex: person.sex,
          ageYears: age,
          ageDays: null,
          birthWeightGrams: null,
          diagnoses,
          operations: procedures,
        },
        tables,
      );
      return result.drg !== '0000';
    });
    expect(grouped.length / stays.length).toBeGreaterThan(0.9);
  });
});

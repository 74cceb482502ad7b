import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readCaseHeader, readCaseLine } from '../src/grouping/drg/drg-case-csv.js';
import { loadDrgTables } from '../src/grouping/drg/drg-tables.loader.js';
import { groupDrg } from '../src/grouping/drg/group-drg.js';
import { importKnowledge } from '../src/knowledge/knowledge-import.service.js';
import { knowledgeFolder } from '../src/knowledge/table.loader.js';
import { describeWhen } from './support/describe-when.js';

/** Checks against data that may not be shipped: real cases with their groups, and the official workbooks. */

const CASES = join(import.meta.dirname, '../../shared/data/drg/cases-500-chs-drg-1.1.csv');
const LISTS = join(import.meta.dirname, '../../shared/data/knowledge');

describeWhen(
  existsSync(CASES),
  { name: '500 real inpatient cases', reason: '../shared/data/drg is not present' },
  () => {
    it('are grouped as expected, each of them', () => {
      const tables = loadDrgTables();
      const [headerLine = '', ...lines] = readFileSync(CASES, 'utf8').trim().split(/\r?\n/);
      const header = readCaseHeader(headerLine);
      if ('problem' in header) throw new Error(header.problem);
      const wrong = lines.filter((line) => {
        const read = readCaseLine(line, header);
        if ('problem' in read) return true;
        const { status, mdc, adrg, drg } = groupDrg(read.drgCase, tables);
        return !line.endsWith(`,${status},${mdc},${adrg},${drg}`);
      });
      expect(lines).toHaveLength(500);
      expect(wrong).toEqual([]);
    });
  },
);

describeWhen(
  existsSync(LISTS),
  { name: 'the official knowledge lists', reason: '../shared/data/knowledge is not present' },
  () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'heyi-lists-'));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('give the shipped tables, byte for byte', async () => {
      const shipped = join(knowledgeFolder(), 'nhsa');
      mkdirSync(join(folder, 'nhsa'));
      copyFileSync(join(shipped, 'batches.csv'), join(folder, 'nhsa/batches.csv'));
      await importKnowledge({ paths: [LISTS], dryRun: false, folder });
      const names = readdirSync(join(folder, 'nhsa'));
      const differing = names.filter(
        (name) =>
          readFileSync(join(folder, 'nhsa', name), 'utf8') !==
          readFileSync(join(shipped, name), 'utf8'),
      );
      expect([names.length, differing]).toEqual([19, []]);
    });
  },
);

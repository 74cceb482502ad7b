import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type mysql from 'mysql2/promise';
import { CrosswalkService } from '../../src/catalogue/crosswalk.service.js';
import { SuggestionService } from '../../src/catalogue/suggestion.service.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { HOSPITAL, SiteFolder } from '../ingest/site-folder.js';
import { describeWhen } from '../support/describe-when.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { createMariaDatabase, hasMariaDb, type MariaDatabase, NO_MARIADB } from './mariadb.js';

const DUMP = join(import.meta.dirname, '../../../shared/data/his/zainhis_mysql_scrubbed.sql.gz');
const missing = hasMariaDb ? '../shared/data/his is not present' : NO_MARIADB;
const ALL = { consortium: 'test-county', institutions: 'all' } as const;

/** A bill for every local diagnosis of the public HIS: what makes it a member's history. Amounts fall with the diagnosis' number. */
const BILLS = `
  CREATE TABLE bill AS SELECT CONCAT('B', id) AS no, CONCAT('P', MOD(id, 977)) AS person, ICD AS icd,
    CAST('2024-03-05 08:00:00' AS DATETIME) AS settled, CAST(1000 - id / 100 AS DECIMAL(10, 2)) AS total FROM dms_dise WHERE ICD <> '';
  ALTER TABLE bill ADD PRIMARY KEY (no), ADD INDEX (settled)`;

const YAML = ({ host, port, database, user, password }: MariaDatabase['options']): string => `
institution: ${HOSPITAL}
connector: mysql
options: { host: ${host}, port: '${port}', database: ${database}, user: ${user}, password: '${password}', ssl: 'false' }
catalogue: { diagnoses: tables/diagnoses.csv }
streams:
  claims:
    query: SELECT * FROM bill
    cursor: settled
    key: [no]
    map:
      claimNo: no
      personId: person
      pool: { constant: resident }
      careType: { constant: outpatient }
      settledAt: settled
      totalFee: total
      eligible: total
      deductible: { constant: '0' }
      pooledFundPaid: total
      fundPaid: total
      accountPaid: { constant: '0' }
      cashPaid: { constant: '0' }
  diagnoses:
    query: SELECT * FROM bill
    cursor: settled
    key: [no]
    map:
      claimNo: no
      settledAt: settled
      sequence: { constant: '1' }
      code: icd
      isPrincipal: { constant: 'true' }
`;

describeWhen(
  hasMariaDb && existsSync(DUMP),
  { name: 'the mapping backlog of a public HIS', reason: missing },
  () => {
    let his: MariaDatabase;
    let own: TestDatabase;
    let crosswalk: CrosswalkService;
    let suggestions: SuggestionService;
    const folder = new SiteFolder();

    beforeAll(async () => {
      [his, own] = await Promise.all([createMariaDatabase(), createTestDatabase()]);
      await his.admin.query(gunzipSync(readFileSync(DUMP)).toString('utf8'));
      await his.admin.query(BILLS);
      folder.institution('hospital', YAML(his.options));
      folder.write(
        'site/tables/diagnoses.csv',
        'local,national,valid_from,valid_to,proposed_by,approved_by\n',
      );
      const window = { from: '2024-03-01', to: '2024-04-01' };
      await folder
        .ingest(own.pool)
        .pull({ institution: HOSPITAL, window }, new AbortController().signal);
      crosswalk = new CrosswalkService(own.pool, folder.site, new JournalService(own.pool));
      suggestions = new SuggestionService(own.pool, crosswalk);
      const [rows] = await his.admin.query<mysql.RowDataPacket[]>(
        "SELECT ICD AS code, name FROM dms_dise WHERE ICD <> ''",
      );
      const codes = rows.map((row) => ({
        kind: 'diagnosis' as const,
        code: String(row['code']),
        name: String(row['name']),
        unitPrice: null,
      }));
      await suggestions.nameCodes({ ...ALL, institution: HOSPITAL, codes });
    }, 120_000);
    afterAll(async () => {
      await his.drop();
      await own.drop();
      folder.remove();
    });

    it('is ranked by money, every code once, with its name', async () => {
      const { rows } = await own.pool.query(
        `SELECT count(DISTINCT institution_code) AS codes, count(*) AS rows FROM claim_diagnosis`,
      );
      const { items } = await crosswalk.list({ ...ALL, unmapped: true, limit: 40_000 });
      expect(items).toHaveLength(Number(rows[0].codes));
      expect(items.reduce((sum, item) => sum + Number(item.rows), 0)).toBe(Number(rows[0].rows));
      const money = items.map(({ amountFen }) => BigInt(amountFen));
      expect(money.every((each, index) => index === 0 || each <= (money[index - 1] ?? 0n))).toBe(
        true,
      );
      expect(items.every(({ name }) => name !== '')).toBe(true);
    });

    it('has candidates for most of a sample, and the right one where the name is the national name', async () => {
      const national = crosswalk.codes();
      const named = new Map([...national.list('diagnosis')].map(({ code, name }) => [name, code]));
      const codes = await suggestions.suggest({
        ...ALL,
        institution: HOSPITAL,
        kind: 'diagnosis',
        limit: 2_000,
      });
      const foreign = codes.filter(({ localCode }) => !national.has('diagnosis', localCode));
      const proposed = foreign.filter((code) => code.suggestions.length > 0);
      const known = codes.filter(({ name }) => named.has(name));
      const right = known.filter(({ name, suggestions: [first] }) => first?.nationalName === name);
      process.stderr.write(
        `mapping backlog: ${codes.length} codes, ${foreign.length} not national, ${proposed.length} of them with candidates; ${known.length} under a national name, first candidate right for ${right.length}\n`,
      );
      expect(proposed.length / foreign.length).toBeGreaterThan(0.7);
      expect(right.length / known.length).toBeGreaterThan(0.98);
    }, 120_000);
  },
);

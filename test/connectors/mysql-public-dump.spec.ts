import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RawRow } from '../../src/connectors/connector.js';
import { mysqlConnector } from '../../src/connectors/mysql/mysql.connector.js';
import { describeWhen } from '../support/describe-when.js';
import { sourceContext } from './conformance/source-fixture.js';
import { createMariaDatabase, hasMariaDb, type MariaDatabase, NO_MARIADB } from './mariadb.js';

const DUMP = join(import.meta.dirname, '../../../shared/data/his/zainhis_mysql_scrubbed.sql.gz');
const missing = hasMariaDb ? '../shared/data/his is not present' : NO_MARIADB;

/** A public HIS as it is: master data without a moment of change, so the whole table is one window. */
describeWhen(
  hasMariaDb && existsSync(DUMP),
  { name: 'a public HIS on MariaDB', reason: missing },
  () => {
    let his: MariaDatabase;
    beforeAll(async () => {
      his = await createMariaDatabase();
      await his.admin.query(gunzipSync(readFileSync(DUMP)).toString('utf8'));
    });
    afterAll(() => his.drop());

    const readTable = async (table: string, columns: readonly string[], amount?: string) => {
      const session = await mysqlConnector.open(his.options, sourceContext('.'));
      const stream = mysqlConnector.stream.parse({
        query: `SELECT *, CAST('2024-01-01' AS DATE) AS day FROM ${table}`,
        cursor: 'day',
        cursorFormat: 'iso',
        key: ['id'],
        columns,
        ...(amount === undefined ? {} : { amount }),
      });
      const { signal } = new AbortController();
      const request = { stream, window: { from: '2024-01-01', to: '2024-01-02' }, signal };
      const totals = await session.controlTotals(request);
      const rows: RawRow[] = [];
      for await (const batch of session.read({ ...request, batchRows: 1_000 })) {
        expect(batch.unreadable).toBeUndefined();
        rows.push(...batch.rows);
      }
      await session.close();
      return { totals, rows };
    };

    it('gives its local diagnoses', async () => {
      const { totals, rows } = await readTable('dms_dise', ['id', 'ICD', 'name']);
      expect(totals.rows).toBe(29_395);
      expect(rows).toHaveLength(29_395);
      expect(rows[0]?.slice(0, 3)).toEqual(['1', 'A00.051', '古典型霍乱']);
      expect(rows.at(-1)?.[0]).toBe('29395');
    });

    it('gives its drugs, and their prices add up to the source’s own sum', async () => {
      const { totals, rows } = await readTable(
        'dms_drug',
        ['id', 'code', 'name', 'price'],
        'price',
      );
      expect(rows).toHaveLength(2_966);
      const sum = rows.reduce((fen, row) => fen + BigInt((row[3] ?? '0').replace('.', '')), 0n);
      expect(totals).toMatchObject({ rows: 2_966, amountFen: sum });
      expect(rows.every((row) => /^\d+\.\d\d$/.test(row[3] ?? '0.00'))).toBe(true);
    });
  },
);

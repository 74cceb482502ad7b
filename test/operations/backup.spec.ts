import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { siteOf } from '../../src/config/site.js';
import { backUp } from '../../src/operations/backup/backup.service.js';
import { checkBackup, restore } from '../../src/operations/backup/restore.service.js';
import { noteOperation } from '../../src/operations/operation-note.repository.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/test-database.js';

const CLAIMS = 500;
let root: string;
let database: TestDatabase;
const progress = () => undefined;
const site = () => siteOf(root, { HEYI_SITE: 'site', HEYI_DATA: 'files' });

/** Something in every kind of table: partitions, keys to itself, bytes, odd text, numbers of its own. */
async function fill(pool: pg.Pool): Promise<void> {
  await pool.query(
    `SELECT ensure_claim_partitions('2024-0' || month) FROM generate_series(1, 3) AS month`,
  );
  await pool.query(`
    INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id,
      raw_row, person_id, sex, pool, care_type, treatment_area, channel, cause, settled_at, total_fee_fen, eligible_fen,
      deductible_fen, pooled_fund_paid_fen, critical_illness_paid_fen, large_expense_paid_fen, medical_aid_paid_fen,
      fund_paid_fen, account_paid_fen, cash_paid_fen, department)
    SELECT 'county', day, 'H1', 'C' || n, 'H1', 'tertiary', to_char(day, 'YYYY-MM'), 'h' || n, 1, n, 'P' || n, 'male',
           'resident', '11', 'local', 'direct', 'ordinary', day, n, n, 0, n, 0, 0, 0, n, 0, 0,
           E'内科\\t\\\\N "' || n
      FROM (SELECT n, date '2024-01-01' + n % 90 AS day FROM generate_series(1, ${CLAIMS}) AS n) AS days;
    INSERT INTO batch (consortium, institution, stream, window_from, window_to, state, started_at)
    SELECT 'county', 'H1', 'claims', '2024-01-01', '2024-02-01', 'reading', now() FROM generate_series(1, 3);
    INSERT INTO settlement_run (consortium, kind, period, version, region, inputs_digest, policy_digest, knowledge_digest,
      result_digest, facts, policy, started_at)
    VALUES ('county', 'month', '2024-01', 1, 'sanya', 'i', 'p', 'k', 'r', '{}', '{}', now());
    INSERT INTO posting VALUES (1, 'v', 'agency', 'resident', 'pooled', 5), (1, 'v', 'lead', 'resident', 'pooled', -5);
    INSERT INTO raw_blob VALUES ('d1', 1, '\\x00ff10');
    INSERT INTO batch_slice VALUES (1, 0, 0, 1, 'd1', 'x');
    INSERT INTO outbox_message (consortium, business_key, version, transaction_code, institution, content_digest, content)
    VALUES ('county', 'k1', 1, '3201', 'H1', 'd', '{"a": "1.50"}');
    INSERT INTO outbox_message (consortium, business_key, version, transaction_code, institution, content_digest, content, parent_id)
    VALUES ('county', 'k2', 1, '3202', 'H1', 'd', '{}', 1);`);
  for (const subject of ['one', 'two']) {
    await noteOperation(pool, { consortium: 'county', subject, content: { n: 1 } });
  }
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'heyi-backup-'));
  mkdirSync(join(root, 'site/institutions'), { recursive: true });
  writeFileSync(join(root, 'site/consortium.yaml'), 'consortium: county\n');
  writeFileSync(join(root, 'site/institutions/lead.yaml'), 'institution: H1\n');
  writeFileSync(join(root, 'kek'), 'the key\n');
  database = await createTestDatabase();
  await fill(database.pool);
});

afterAll(async () => {
  await database.drop();
  rmSync(root, { recursive: true, force: true });
});

let folders = 0;
let folder: string;
beforeEach(() => {
  folders += 1;
  folder = join(root, `backup-${folders}`);
});

async function withEmpty<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const empty = await createEmptyDatabase();
  try {
    return await work(empty.pool);
  } finally {
    await empty.drop();
  }
}

const put = (pool: pg.Pool, digest: string | null = null) =>
  restore({ pool, site: site(), folder, digest, progress });

describe('a backup', () => {
  it('comes back as it was: every table, partition, number, file, and the journal', async () => {
    const { digest, manifest } = await backUp({
      pool: database.pool,
      site: site(),
      folder,
      progress,
    });
    expect(manifest.tables.find(({ name }) => name === 'claim_2024_02')?.rows).toBe('165');
    await withEmpty(async (pool) => {
      renameSync(join(root, 'site'), join(root, 'site.away'));
      const outcome = await put(pool, digest);
      expect(outcome.siteRestored).toBe(true);
      expect(outcome.journal).toMatchObject([
        { consortium: 'county', fault: null, head: { seq: '2' } },
      ]);
      expect(readFileSync(join(root, 'site/institutions/lead.yaml'), 'utf8')).toBe(
        'institution: H1\n',
      );
      rmSync(join(root, 'site'), { recursive: true });
      renameSync(join(root, 'site.away'), join(root, 'site'));

      const answers = async (from: pg.Pool) =>
        (
          await from.query(`SELECT count(*), sum(total_fee_fen), min(department), count(DISTINCT tableoid)
                              FROM claim`)
        ).rows;
      expect(await answers(pool)).toEqual(await answers(database.pool));
      const next = await pool.query(
        `INSERT INTO batch (consortium, institution, stream, window_from, window_to, state, started_at)
         VALUES ('county', 'H1', 'claims', '2024-01-01', '2024-02-01', 'reading', now()) RETURNING batch_id`,
      );
      expect(next.rows).toEqual([{ batch_id: '4' }]);
      // A backup of what was restored is the same backup.
      const again = join(root, `again-${folders}`);
      const second = await backUp({ pool, site: site(), folder: again, progress });
      const digests = (tables: readonly { name: string; digest: string; rows: string }[]) =>
        tables
          .filter(({ name }) => name !== 'batch')
          .map(({ name, digest: each, rows }) => [name, rows, each]);
      const before = await backUp({
        pool: database.pool,
        site: site(),
        folder: `${folder}.b`,
        progress,
      });
      const without = (list: (string | undefined)[][]) =>
        list.filter(([name]) => name !== 'backup_record');
      expect(without(digests(second.manifest.tables))).toEqual(
        without(digests(before.manifest.tables)),
      );
    });
  });

  it('is of one moment, whatever is written meanwhile', async () => {
    const late = async () => {
      await database.pool.query(`UPDATE person SET sex = 'male'`);
      await database.pool.query(
        `INSERT INTO person (consortium, person_id, sex, first_batch_id)
         SELECT 'county', 'late-' || gen_random_uuid(), 'male', 1`,
      );
    };
    const { manifest } = await backUp({
      pool: database.pool,
      site: site(),
      folder,
      progress: ({ table }) => {
        return table === 'batch' ? late() : undefined;
      },
    });
    const person = manifest.tables.find(({ name }) => name === 'person');
    expect(person?.rows).toBe('0');
    const { rowCount } = await database.pool.query('DELETE FROM person');
    expect(rowCount).toBe(1);
    await expect(checkBackup(folder, null)).resolves.toMatchObject({
      manifest: { format: 'heyi-backup-1' },
    });
  });

  it('holds no key, and only its owner can read it', async () => {
    const { manifest } = await backUp({ pool: database.pool, site: site(), folder, progress });
    expect(manifest.site.map(({ path }) => path)).toEqual([
      'site/consortium.yaml',
      'site/institutions/lead.yaml',
    ]);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    const modes = files.map((entry) => statSync(join(entry.parentPath, entry.name)).mode & 0o077);
    expect(new Set(modes)).toEqual(new Set([0]));
    process.env['HEYI_KEK_FILE'] = join(root, 'site/kek');
    writeFileSync(join(root, 'site/kek'), 'the key\n');
    try {
      const other = await backUp({
        pool: database.pool,
        site: site(),
        folder: `${folder}.2`,
        progress,
      });
      expect(other.manifest.site.map(({ path }) => path)).not.toContain('site/kek');
    } finally {
      delete process.env['HEYI_KEK_FILE'];
      rmSync(join(root, 'site/kek'));
    }
  });
});

describe('a restore refuses', () => {
  const table = (name: string) => join(folder, `tables/${name}.copy.gz`);
  const cases: readonly [string, () => void, RegExp][] = [
    ['a file cut short', () => cut(table('claim_2024_01')), /claim_2024_01.*长度不符/],
    ['a file with other bytes', () => flip(table('claim_2024_02')), /claim_2024_02.*内容被改动/],
    ['a file that is gone', () => rmSync(table('journal_entry')), /缺少文件 tables\/journal_entry/],
    [
      'a file with more in it',
      () => appendFileSync(table('batch'), 'x'),
      /tables\/batch.copy.gz 长度不符/,
    ],
    [
      'a changed list',
      () => replace('manifest.json', '"rows": "2"', '"rows": "3"'),
      /manifest.json 被改动/,
    ],
    ['an unfinished backup', () => rmSync(join(folder, 'manifest.json')), /不是完整的备份/],
    [
      'a changed file of the site',
      () => flip(join(folder, 'site/consortium.yaml')),
      /consortium.yaml 内容被改动/,
    ],
  ];

  it.each(cases)('%s', async (_, spoil, message) => {
    await backUp({ pool: database.pool, site: site(), folder, progress });
    spoil();
    await withEmpty(async (pool) => {
      await expect(put(pool)).rejects.toThrow(message);
      const { rows } = await pool.query(`SELECT to_regclass('public.claim') AS claim`);
      expect(rows).toEqual([{ claim: null }]);
    });
  });

  it('a database that holds something, and another backup than the one noted', async () => {
    await backUp({ pool: database.pool, site: site(), folder, progress });
    await expect(put(database.pool)).rejects.toThrow(/不是空的/);
    await withEmpty((pool) => expect(put(pool, 'f'.repeat(64))).rejects.toThrow(/摘要/));
  });

  it('to keep what did not arrive as it was', async () => {
    await backUp({ pool: database.pool, site: site(), folder, progress });
    const target = await createTestDatabase();
    try {
      await target.pool.query(`
        CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN NEW.cash_paid_fen := NEW.cash_paid_fen + 1; RETURN NEW; END $$;
        CREATE TRIGGER meddle BEFORE INSERT ON claim FOR EACH ROW EXECUTE FUNCTION meddle();`);
      await expect(put(target.pool)).rejects.toThrow(/claim_2024_01 与备份不一致/);
      const { rows } = await target.pool.query(`SELECT count(*) FROM journal_entry`);
      expect(rows).toEqual([{ count: '0' }]);
    } finally {
      await target.drop();
    }
  });

  it('another schema', async () => {
    await database.pool.query(
      `INSERT INTO schema_migration (timestamp, name) VALUES (1, 'Later1704067299999')`,
    );
    await backUp({ pool: database.pool, site: site(), folder, progress });
    await database.pool.query(`DELETE FROM schema_migration WHERE timestamp = 1`);
    await withEmpty((pool) => expect(put(pool)).rejects.toThrow(/结构版本/));
  });

  it('a folder that is there already, and leaves none behind when the database fails it', async () => {
    mkdirSync(folder);
    const go = (pool: pg.Pool) => backUp({ pool, site: site(), folder, progress });
    await expect(go(database.pool)).rejects.toThrow(/已存在/);
    rmSync(folder, { recursive: true });
    await withEmpty((pool) => expect(go(pool)).rejects.toThrow());
    expect(readdirSync(root).filter((name) => name.includes('unfinished'))).toEqual([]);
  });
});

function cut(path: string): void {
  writeFileSync(path, readFileSync(path).subarray(0, -4));
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(path, bytes);
}

function replace(name: string, from: string, to: string): void {
  const text = readFileSync(join(folder, name), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(folder, name), text.replace(from, to));
}

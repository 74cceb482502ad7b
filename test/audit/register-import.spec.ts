import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RegisterService } from '../../src/audit/register.service.js';
import type { RegisterName } from '../../src/audit/registers.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { csvRows } from '../../src/tables/sheet-reader.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const consortium = 'register-import';
const HEAD = 'personId,from,until\n';

describe('filing a register', () => {
  let database: TestDatabase;
  let service: RegisterService;
  beforeAll(async () => {
    database = await createTestDatabase();
    service = new RegisterService(database.pool, new JournalService(database.pool));
  }, 60_000);
  afterAll(() => database.drop());

  const file = (
    text: string,
    {
      name = 'coverage',
      ...other
    }: { name?: RegisterName; dryRun?: boolean; fewer?: boolean; by?: string } = {},
  ) =>
    service.import({
      ...{ consortium, name, by: '张三', sourceName: '参保期间.csv' },
      ...{ ...other, sheet: csvRows(Buffer.from(text)) },
    });
  const cells = async () =>
    (
      await database.pool.query<{ cells: object }>(
        'SELECT cells FROM audit_register_row WHERE consortium = $1 ORDER BY subject, row_no',
        [consortium],
      )
    ).rows.map((row) => row.cells);

  it('writes nothing in a dry run', async () => {
    const change = await file(`${HEAD}P1,2024-01-01,\n`, { dryRun: true });
    expect(change).toMatchObject({ before: 0, rows: 1, added: 1, removed: 0, isChanged: true });
    expect(await service.held(consortium)).toEqual([]);
  });

  it('replaces the register as a whole, signed and journalled', async () => {
    await file(`${HEAD}P1,2024-01-01,\nP2,2024-01-01,2024-07-01\n`);
    const change = await file(`${HEAD}P2,2024-01-01,2024-07-01\nP3,2024-02-01,\n`);
    expect(change).toMatchObject({ before: 2, rows: 2, added: 1, removed: 1 });
    expect(await cells()).toEqual([
      { personId: 'P2', from: '2024-01-01', until: '2024-07-01' },
      { personId: 'P3', from: '2024-02-01' },
    ]);
    expect(await service.held(consortium)).toMatchObject([
      { name: 'coverage', rows: 2, importedBy: '张三' },
    ]);
    const { rows } = await database.pool.query<{ content: object }>(
      `SELECT content FROM journal_entry WHERE consortium = $1 AND subject = 'register:coverage' ORDER BY seq`,
      [consortium],
    );
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/P[123]/);
  });

  it('is the same register whatever the order of its rows', async () => {
    const change = await file(`${HEAD}P3,2024-02-01,\nP2,2024-01-01,2024-07-01\n`);
    expect(change).toMatchObject({ added: 0, removed: 0, isChanged: false });
  });

  it('takes none of a file with a wrong row, and names no value', async () => {
    const wrong = file(
      `${HEAD}P9,2024-02-30,\nP8,,\nP7,2024-02-01,2024-02-01\nP3,2024-02-01,\nP3,2024-02-01,\nP1,2024-01-01,,x\n`,
    );
    await expect(wrong).rejects.toThrow(
      /5 处问题[\s\S]*第 2 行：from[\s\S]*第 3 行：from：没有起始日[\s\S]*第 4 行：until[\s\S]*第 6 行：与第 5 行重复[\s\S]*第 7 行：单元格/,
    );
    await expect(wrong).rejects.not.toThrow(/P9|2024-02-30/);
    expect(await cells()).toHaveLength(2);
  });

  it.each([
    ['a missing column', 'personId,until\nP1,2024-01-01\n', /列名应为 personId、from、until/],
    ['an unknown column', 'personId,from,name\nP1,2024-01-01,x\n', /没有列 name/],
    ['a column twice', 'personId,from,from\nP1,2024-01-01,2024-01-01\n', /列名应为/],
    ['an empty file', '', /列名应为/],
  ])('refuses %s', async (_, text, message) => {
    await expect(file(text)).rejects.toThrow(message);
  });

  it('asks before less than half of the rows are left', async () => {
    await file(`${HEAD}P1,2024-01-01,\nP2,2024-01-01,\nP3,2024-01-01,\n`);
    await expect(file(`${HEAD}P1,2024-01-01,\n`)).rejects.toThrow(/现有 3 行，文件只有 1 行/);
    expect(await file(`${HEAD}P1,2024-01-01,\nP2,2024-01-01,\n`)).toMatchObject({ removed: 1 });
    expect(await file(HEAD, { fewer: true })).toMatchObject({ rows: 0, removed: 2 });
  });

  it('knows one death of a person', async () => {
    const twice = 'personId,diedAt\nP1,2024-03-05\nP1,2024-03-06\n';
    await expect(file(twice, { name: 'deaths' })).rejects.toThrow(/第 3 行：与第 2 行重复/);
    await expect(
      file('personId,diedAt\nP1,2024-03-05T25:00:00\n', { name: 'deaths' }),
    ).rejects.toThrow(/diedAt/);
  });

  it('wants to know who files it', async () => {
    await expect(file(`${HEAD}P1,2024-01-01,\n`, { by: ' ' })).rejects.toThrow(/经办人/);
  });
});

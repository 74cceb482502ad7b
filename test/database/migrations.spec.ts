import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource } from '../../src/database/data-source.client.js';
import { MIGRATIONS } from '../../src/database/migrations.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const source = join(import.meta.dirname, '../../src');
const names = MIGRATIONS.map(({ name }) => name);
const classes = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.migration.ts'))
  .flatMap((path) => [...readFileSync(join(source, path), 'utf8').matchAll(/export class (\w+)/g)])
  .map((match) => match[1]);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

describe('migrations', () => {
  it('name every *.migration.ts of the source tree: add the missing class to src/database/migrations.ts', () => {
    expect([...names].sort()).toEqual([...classes].sort());
  });

  it('stand in the order of their timestamps', () => {
    const stamps = names.map((name) => name.slice(-13));
    expect(stamps).toEqual([...stamps].sort());
    expect(new Set(stamps).size).toBe(stamps.length);
  });

  it('can all be taken back, and leave nothing but their own list', async () => {
    const dataSource = await createDataSource(database.pool).initialize();
    for (const _ of names) await dataSource.undoLastMigration();
    await dataSource.destroy();
    const { rows } = await database.pool.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
       AND relname NOT LIKE 'schema_migration%'
       UNION ALL
       SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    expect(rows).toEqual([]);
  });
});

import type pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { MIGRATIONS } from './migrations.js';

/** TypeORM on the process's own pool: it runs the migrations and serves the administrative entities, nothing else. */
export function dataSourceOptions(pool: pg.Pool): DataSourceOptions {
  return {
    type: 'postgres',
    driver: { Pool: borrowed(pool) },
    installExtensions: false,
    synchronize: false,
    logging: false,
    migrations: [...MIGRATIONS],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
  };
}

export function createDataSource(pool: pg.Pool): DataSource {
  return new DataSource(dataSourceOptions(pool));
}

/** What TypeORM takes for `pg.Pool`: hands out the shared pool's connections and leaves its end to the owner. */
function borrowed(pool: pg.Pool): new () => object {
  return class {
    readonly connect = pool.connect.bind(pool);
    readonly on = () => this;

    end(done: () => void): void {
      done();
    }
  };
}

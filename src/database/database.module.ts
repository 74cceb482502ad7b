import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type pg from 'pg';
import { dataSourceOptions } from './data-source.client.js';
import { DATABASE_POOL } from './tokens.js';

/**
 * Gives every module the process's pool (`@Inject(DATABASE_POOL)`) and TypeORM's `DataSource` on the same pool.
 * The pool is opened before Nest starts and closed after it ends, by `openDatabase` and whoever called it.
 */
@Module({})
export class DatabaseModule {
  static forPool(pool: pg.Pool): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(pool),
          autoLoadEntities: true,
          retryAttempts: 0,
        }),
      ],
      providers: [{ provide: DATABASE_POOL, useValue: pool }],
      exports: [DATABASE_POOL, TypeOrmModule],
    };
  }
}

import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type pg from 'pg';
import type { Site } from '../config/site.js';
import { SiteModule } from '../config/site.module.js';
import { DatabaseModule } from '../database/database.module.js';

@Module({})
class CliContextModule {}

/** The modules of one command, on its database. */
export function createCliContext(
  modules: NonNullable<ModuleMetadata['imports']>,
  { pool, site }: { readonly pool: pg.Pool; readonly site: Site },
): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(
    {
      module: CliContextModule,
      imports: [DatabaseModule.forPool(pool), SiteModule.forSite(site), ...modules],
    },
    { logger: ['error', 'warn'], abortOnError: false },
  );
}

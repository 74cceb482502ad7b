import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type pg from 'pg';
import type { Site } from '../config/site.js';
import { SiteModule } from '../config/site.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { ProcessLogger } from '../operations/logging/logger.service.js';

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
    { logger: commandLog(), abortOnError: false },
  );
}

/** For the person at the terminal: warnings and errors, unless the environment asks for more. */
function commandLog(): ProcessLogger {
  const usual = { HEYI_LOG_LEVEL: 'warn', HEYI_LOG_FORMAT: 'pretty' };
  return ProcessLogger.ofProcess('cli', { ...usual, ...process.env });
}

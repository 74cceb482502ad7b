import { join, resolve } from 'node:path';
import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { type Site, siteOf } from '../config/site.js';
import type { OpenDatabase } from '../database/open-database.launcher.js';

/**
 * The database of a command, opened when the command asks for it: the one at DATABASE_URL, that of a running demo, or the clone's own
 * server (or the one below HEYI_POSTGRES) for as long as the command takes. Its drivers are loaded only then, so that commands without a database start at once.
 */
@Injectable()
export class CliDatabase {
  readonly site: Site = siteOf(
    process.env['HEYI_HOME'] ?? join(import.meta.dirname, '../..'),
    process.env,
  );

  /** Without migrating; the caller closes it. */
  async open(options: { readonly connections?: number } = {}): Promise<OpenDatabase> {
    const { openDatabase } = await import('../database/open-database.launcher.js');
    const url = process.env['DATABASE_URL'];
    const home = resolve(this.site.homeDir, process.env['HEYI_POSTGRES'] ?? '.');
    return openDatabase({ home, url, server: 'any', ...options });
  }

  /** Opens, migrates, works, closes. */
  async use<T>(
    work: (database: OpenDatabase) => Promise<T>,
    options: { readonly connections?: number } = {},
  ): Promise<T> {
    const { migrateDatabase } = await import('../database/migrate.service.js');
    const database = await this.open(options);
    try {
      await migrateDatabase(database.pool);
      return await work(database);
    } finally {
      await database.close();
    }
  }

  /**
   * The same with Nest modules on top: `withModules([IngestModule], (app) => app.get(IngestService)…)`. Modules see the pool and the
   * site's folders; no server, worker or schedule starts.
   */
  withModules<T>(
    modules: NonNullable<ModuleMetadata['imports']>,
    work: (app: INestApplicationContext, database: OpenDatabase) => Promise<T>,
  ): Promise<T> {
    return this.use(async (database) => {
      const { createCliContext } = await import('./cli-context.module.js');
      const app = await createCliContext(modules, { pool: database.pool, site: this.site });
      try {
        return await work(app, database);
      } finally {
        await app.close();
      }
    });
  }
}

import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import {
  CODE_KINDS,
  listUnmapped,
  releaseOf,
  replaceCodes,
  type UnmappedCode,
} from './catalogue.repository.js';
import { loadCodeTable } from './code-table.loader.js';

/** A member's tables, as its configuration names them. */
export interface CodeTables {
  readonly institution: string;
  readonly catalogue: Readonly<Record<'items' | 'diagnoses' | 'procedures', string>>;
}

const TABLE_OF = { item: 'items', diagnosis: 'diagnoses', procedure: 'procedures' } as const;

/** Local codes to national ones: dated, seen by two people, applied set-based when rows are merged. */
@Injectable()
export class CatalogueService {
  private readonly current = new Set<string>();

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
  ) {}

  /**
   * Brings a member's tables into the database when their files changed, and gives rows of open months their new codes.
   * @throws ConfigError naming file and line
   */
  async load(consortium: string, { institution, catalogue }: CodeTables): Promise<void> {
    const stamp = JSON.stringify([consortium, institution, catalogue]);
    if (this.current.has(stamp)) return;
    for (const kind of CODE_KINDS) {
      const file = catalogue[TABLE_OF[kind]];
      const table =
        file === 'national'
          ? { digest: 'national', mappings: [] }
          : loadCodeTable(join(this.site.siteDir, file));
      await withTransaction(this.pool, async (client) => {
        const key = { consortium, institution, kind };
        if ((await releaseOf(client, key)) !== table.digest) await replaceCodes(client, key, table);
      });
    }
    this.current.add(stamp);
  }

  /** Local codes without a national one, the most money first. */
  unmapped(consortium: string, limit: number): Promise<readonly UnmappedCode[]> {
    return listUnmapped(this.pool, consortium, limit);
  }
}

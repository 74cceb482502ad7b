import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import type { Month } from '../kernel/period.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { readCoverage } from './coverage.repository.js';
import { type CoverageReport, coverageReport, type StoredCoverage } from './coverage-report.js';
import { TABLE_TITLES } from './local-tables.loader.js';
import { loadAuditBook } from './rules.loader.js';

export interface CoverageOf {
  readonly rows: readonly StoredCoverage[];
  readonly report: CoverageReport;
  /** Rule → title. */
  readonly titles: ReadonlyMap<string, string>;
  readonly tableTitles: ReadonlyMap<string, string>;
}

/** The coverage report of a month from the books (覆盖情况). */
@Injectable()
export class CoverageService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
  ) {}

  /** @throws ConfigError */
  async of(month: Month): Promise<CoverageOf> {
    const { consortium } = loadSettlementUnits(this.site.siteDir);
    const rows = await readCoverage(this.pool, { consortium, month });
    const { rules } = loadAuditBook(this.site, loadKnowledgeBase());
    const tableTitles = TABLE_TITLES;
    return {
      ...{ rows, tableTitles },
      report: coverageReport({ rows, rules, tableTitles }),
      titles: new Map(rules.map(({ id, title }) => [id, title])),
    };
  }
}

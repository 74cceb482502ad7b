import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import type { Month } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { readCoverage } from './coverage.repository.js';
import { type CoverageReport, coverageReport, type StoredCoverage } from './coverage-report.js';
import { TABLE_TITLES } from './local-tables.loader.js';
import { SiteBooks } from './site-book.repository.js';

export interface CoverageOf {
  readonly rows: readonly StoredCoverage[];
  readonly report: CoverageReport;
  /** Rule → title. */
  readonly titles: ReadonlyMap<string, string>;
  /** Name of a local table → its title. */
  readonly tableTitles: ReadonlyMap<string, string>;
}

/** The coverage report of months from the books (覆盖情况). */
@Injectable()
export class CoverageService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
  ) {}

  /** @throws ConfigError */
  async of(months: readonly Month[]): Promise<CoverageOf> {
    const { consortium } = loadSettlementUnits(this.site.siteDir);
    const rows = await readCoverage(this.pool, { consortium, months });
    const { book } = await new SiteBooks(this.site).read(this.pool, consortium);
    return {
      ...{ rows, tableTitles: TABLE_TITLES },
      report: coverageReport({ rows, rules: book.rules, tableTitles: TABLE_TITLES }),
      titles: new Map(book.rules.map(({ id, title }) => [id, title])),
    };
  }
}

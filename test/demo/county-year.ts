import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditService } from '../../src/audit/audit.service.js';
import { DeadlineService } from '../../src/calendar/deadline.service.js';
import type { DueRun } from '../../src/calendar/due-runs.js';
import { CatalogueService } from '../../src/catalogue/catalogue.service.js';
import { type Site, siteOf } from '../../src/config/site.js';
import { createPool } from '../../src/database/pool.client.js';
import { CLINICS, INSTITUTIONS } from '../../src/demo/county/institutions.js';
import { DueSettlements } from '../../src/demo/due-settlements.service.js';
import {
  generateDemo,
  readTruth,
  releaseNight,
  sourceEnvironment,
} from '../../src/demo/generate-demo.service.js';
import { observe } from '../../src/demo/observed.repository.js';
import { type DemoSetting, isShipped, SHIPPED_SETTING } from '../../src/demo/regions.js';
import {
  checkSettlement,
  type SettlementCheck,
} from '../../src/demo/settlement-checks.repository.js';
import { writeSettingSite } from '../../src/demo/site/setting-site.loader.js';
import type { Observed } from '../../src/demo/truth/compare.js';
import type { Truth } from '../../src/demo/truth/truth.js';
import { IngestService } from '../../src/ingest/ingest.service.js';
import { loadSchedule } from '../../src/jobs/schedule.loader.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { addDays } from '../../src/kernel/dates.js';
import { firstDay, monthsOf, nextMonth } from '../../src/kernel/period.js';
import { ReviewService } from '../../src/review/review.service.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { SettlementService } from '../../src/settlement/settlement.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

export const CONSORTIUM = 'demo-county';
const HOME = join(import.meta.dirname, '../..');
/** The nights on which something is planted, and the last; what lies between comes with the next of them. */
const NIGHTS = [4, 7, 9, 10, 11, 12, 13, 14, 15, 18, 31];

/** A small demo county in the run's own server, and the gateway's services on it, without queue and agency. */
export class CountyYear {
  /** Settlements that only some regions have, as they became due. */
  readonly said: string[] = [];
  private readonly prefix = `demo_${randomBytes(4).toString('hex')}`;
  private readonly signal = new AbortController().signal;

  private constructor(
    readonly database: TestDatabase,
    private readonly site: Site,
    private readonly setting: DemoSetting,
    readonly folder: string,
  ) {}

  static async open(setting: DemoSetting = SHIPPED_SETTING): Promise<CountyYear> {
    const folder = mkdtempSync(join(tmpdir(), 'heyi-demo-'));
    const siteDir = isShipped(setting) ? join(HOME, 'config/demo') : join(folder, 'site');
    if (!isShipped(setting)) writeSettingSite(join(HOME, 'config'), siteDir, setting.region);
    const site = siteOf(HOME, { HEYI_SITE: siteDir, HEYI_DATA: tmpdir() });
    return new CountyYear(await createTestDatabase(), site, setting, folder);
  }

  get request() {
    return {
      adminUrl: this.database.url,
      sourcePassword: 'not-a-secret-in-tests',
      databases: this.prefix,
      ...{ setting: this.setting, siteDir: this.site.siteDir },
      dropsDir: join(this.folder, 'drops'),
      truthFile: join(this.folder, 'truth.json'),
      ledgerFile: join(this.folder, 'agency-ledger.ndjson'),
    };
  }

  async generate(claims: number) {
    const generated = await generateDemo({ ...this.request, seed: 7, claims });
    Object.assign(process.env, sourceEnvironment(this.request), {
      HEYI_CERTIFICATE_KEY: 'certificate-key-of-the-tests',
    });
    return generated;
  }

  /** January to November a month at a time, December in the nights that matter, then the year. */
  async run(): Promise<void> {
    const { ingest, settlement } = this.services();
    const { year } = this.setting;
    for (const month of monthsOf(year).slice(0, 11)) {
      const window = { from: firstDay(month), to: firstDay(nextMonth(month)) };
      for (const { code } of INSTITUTIONS) {
        await ingest.pull({ institution: code, window, late: false }, this.signal);
      }
      await this.close(month);
    }
    await this.december(ingest);
    await this.close(`${year}-12`);
    await this.settleDue(await this.dueSettlements().after(`${year}-12`));
    await settlement.settleYear({ consortium: CONSORTIUM, year });
  }

  truth(): Promise<Truth> {
    return readTruth(this.request.truthFile);
  }

  observe(): Promise<Observed> {
    return observe(this.database.pool, CONSORTIUM);
  }

  async drop(): Promise<void> {
    const names = ['lead_his', 'tcm_his', 'township_his'].map((name) => `${this.prefix}_${name}`);
    const pool = createPool(this.database.url, 1);
    for (const name of names) await pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await pool.query(`DROP ROLE IF EXISTS ${this.prefix}_reader`);
    await pool.end();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async december(ingest: IngestService): Promise<void> {
    const { year } = this.setting;
    const first = `${year}-12-01`;
    let from = first;
    for (const night of NIGHTS) {
      const to = addDays(first, night);
      for (let day = from; day < to; day = addDays(day, 1)) await releaseNight(this.request, day);
      for (const { code } of CLINICS) {
        await ingest.pull({ institution: code, window: { from, to } }, this.signal);
      }
      from = to;
    }
    const window = { from: first, to: addDays(first, 31) };
    for (const { code, level } of INSTITUTIONS) {
      if (level !== 'village') await ingest.pull({ institution: code, window }, this.signal);
    }
  }

  private async close(month: string): Promise<void> {
    const { audit, review, settlement } = this.services();
    const months = { consortium: CONSORTIUM, months: [month] };
    await audit.run(months, this.signal);
    await review.confirmHard({ ...months, decidedBy: '合规员', reason: '刚性规则' });
    if (!settlement.isInForce(CONSORTIUM, month)) return;
    await this.settleDue(await this.dueSettlements().before(month));
    await settlement.settleMonth({ consortium: CONSORTIUM, month, close: true });
  }

  private dueSettlements(): DueSettlements {
    return new DueSettlements({
      deadlines: new DeadlineService(this.database.pool, this.site),
      schedule: loadSchedule(this.site.siteDir),
      ...{ consortium: CONSORTIUM, year: this.setting.year },
    });
  }

  private async settleDue(due: readonly DueRun[]): Promise<void> {
    const { settlement } = this.services();
    for (const { kind, period, label } of due) {
      await settlement.settle({ consortium: CONSORTIUM, kind, period, close: true });
      this.said.push(`${label} ${period}`);
    }
  }

  checks(): Promise<readonly SettlementCheck[]> {
    return checkSettlement(this.database.pool, CONSORTIUM);
  }

  private services() {
    const { pool } = this.database;
    const journal = new JournalService(pool);
    const audit = new AuditService(pool, this.site, journal);
    return {
      audit,
      review: new ReviewService(pool, audit, journal),
      ingest: new IngestService(pool, this.site, journal, new CatalogueService(pool, this.site)),
      settlement: new SettlementService(pool, this.site, new BookReader(pool, this.site), journal),
    };
  }
}

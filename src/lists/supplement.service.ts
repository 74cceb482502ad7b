import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { digest } from '../kernel/hash.js';
import type { SheetRow } from '../tables/spreadsheet.js';
import { SupplementFaultError } from './errors.js';
import type { ListSection } from './field-table.js';
import { saveSupplement, unknownClaims } from './list.repository.js';
import { loadListSetup } from './list-setup.loader.js';
import { readSupplement, type SheetFault } from './supplement-sheet.js';

export interface SupplementOf {
  readonly consortium: string;
  readonly institution: string;
  readonly section: ListSection;
  /** Who imports. */
  readonly by: string;
}

/** Takes over what claims do not know of a settlement list, from the hospital's medical records (病案首页). */
@Injectable()
export class SupplementService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly journal: JournalService,
  ) {}

  /**
   * One file a section: columns named as on the wire, `setl_id` says whose row it is. What a claim had of the section is replaced.
   *
   * @throws SupplementFaultError with the lines that are wrong (nothing is written then); ListsNotConfiguredError
   */
  async import(
    of: SupplementOf,
    sheet: readonly SheetRow[],
    dryRun: boolean,
  ): Promise<{ readonly rows: number; readonly claims: number }> {
    const { table, knowledge } = loadListSetup(this.site);
    const { rows, faults } = readSupplement(sheet, { ...of, table, codes: knowledge.codes });
    const claims = [...new Set(rows.map(({ claimNo }) => claimNo))];
    const unknown = await unknownClaims(this.pool, of, claims);
    if (faults.length > 0 || unknown.length > 0) throw refusal(faults, unknown.length);
    if (!dryRun) {
      await withTransaction(this.pool, async (client) => {
        await saveSupplement(client, of, rows);
        const { consortium, institution, section, by } = of;
        const given = rows.map(({ claimNo, rowNo, fields }) => [claimNo, rowNo, fields] as const);
        await this.journal.append(client, {
          consortium,
          kind: 'decision',
          subject: `list-supplement:${institution}`,
          content: { section, by, rows: rows.length, digest: digest(given) },
        });
      });
    }
    return { rows: rows.length, claims: claims.length };
  }
}

function refusal(faults: readonly SheetFault[], unknown: number): SupplementFaultError {
  const shown = faults.slice(0, 20).map(({ line, message: text }) => `第 ${line} 行：${text}`);
  if (unknown > 0) shown.push(`${unknown} 个 setl_id 不是该机构已入库的结算`);
  return new SupplementFaultError(shown.join('；'), { faults: faults.length, unknown });
}

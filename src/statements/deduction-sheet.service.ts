import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { JournalService } from '../journal/journal.service.js';
import type { Month } from '../kernel/period.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import type { SettlementUnits } from '../records/settlement-units.js';
import { buildDeductionSheet } from './build-deduction-sheet.js';
import type { DeductionSheet } from './deduction-sheet.js';
import { countOpen, readSheetEntries } from './deduction-sheet.repository.js';
import { deductionSheetDocument } from './deduction-sheet-document.js';
import { printDeductionWorkbook } from './deduction-sheet-workbook.client.js';
import { partiesOf, partyOf } from './parties.js';
import type { StatementFormat } from './printed.js';
import type { Party } from './statement.js';
import { pdfBytes } from './statement-pdf.client.js';

export interface SheetRequest {
  readonly month: Month;
  /** `agency`, `lead`, or an institution's code. */
  readonly for: string;
}

/** A deduction sheet as a file. */
export interface PrintedSheet {
  readonly bytes: Uint8Array;
  /** Of the file, with ending. */
  readonly name: string;
  readonly sheet: DeductionSheet;
}

/** Builds and prints deduction sheets (扣款表). Writes nothing into the books. */
@Injectable()
export class DeductionSheetService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly journal: JournalService,
  ) {}

  /** Everybody who gets a sheet. */
  parties(): readonly Party[] {
    return partiesOf(loadSettlementUnits(this.site.siteDir));
  }

  /** @throws UnknownPartyError */
  async build({ month, for: whose }: SheetRequest): Promise<DeductionSheet> {
    const units = loadSettlementUnits(this.site.siteDir);
    const party = partyOf(units, whose);
    const { consortium, timezone } = units;
    const question = { consortium, timezone, month, ...scopeOf(party) };
    return buildDeductionSheet({
      party,
      month,
      consortium: units.name,
      lead: units.units.get(units.leadHospital) ?? units.leadHospital,
      names: namesOf(units),
      entries: await readSheetEntries(this.pool, question),
      open: await countOpen(this.pool, question),
    });
  }

  /** The sheet as a file, with the journal's head of now on it. @throws UnknownPartyError, MissingFontError */
  async print(request: SheetRequest, format: StatementFormat): Promise<PrintedSheet> {
    const sheet = await this.build(request);
    const { consortium } = loadSettlementUnits(this.site.siteDir);
    const context = { journal: await this.journal.head(consortium) };
    const bytes =
      format === 'pdf'
        ? await pdfBytes(deductionSheetDocument(sheet, context))
        : await printDeductionWorkbook(sheet, context);
    return { bytes, name: `${sheet.fileName}.${format}`, sheet };
  }
}

function scopeOf({ role, code }: Party): {
  readonly settledBy: string | null;
  readonly institution: string | null;
} {
  if (role === 'member') return { settledBy: code, institution: null };
  return { settledBy: null, institution: role === 'clinic' ? code : null };
}

function namesOf({ units, clinics }: SettlementUnits): ReadonlyMap<string, string> {
  return new Map([...units, ...[...clinics].map(([code, { name }]) => [code, name] as const)]);
}

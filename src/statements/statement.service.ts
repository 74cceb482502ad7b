import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { JournalService } from '../journal/journal.service.js';
import { fen } from '../kernel/money.js';
import { monthsOf } from '../kernel/period.js';
import { policyAt } from '../policy/resolve.js';
import { policyDay } from '../settlement/compute.js';
import { scopeTable } from '../settlement/scope-table.js';
import { loadSitePolicy, type SitePolicy } from '../settlement/site-policy.loader.js';
import { buildStatement } from './build-statement.js';
import { categoryWords, choiceNames, citedDocuments, tableParameters } from './cited.js';
import { UnknownRunError } from './errors.js';
import { partiesOf, partyOf } from './parties.js';
import type { PrintedStatement, StatementFormat } from './printed.js';
import type { RunChoice } from './run-choice.js';
import { markSamples } from './samples.js';
import type { ClinicBooking, StatedRun, StatementSource } from './source.js';
import type { Party, Statement } from './statement.js';
import {
  type ClinicRow,
  readClinicRows,
  readFigures,
  readPostings,
  readRun,
} from './statement.repository.js';
import { printPdf } from './statement-pdf.client.js';
import { printWorkbook } from './statement-workbook.client.js';

export interface StatementRequest {
  readonly consortium: string;
  readonly choice: RunChoice;
  /** `agency`, `lead`, or an institution's code. */
  readonly for: string;
}

export interface Stated {
  readonly run: StatedRun;
  readonly statement: Statement;
}

/** Builds and prints statements of stored runs (结算单). Writes nothing into the books. */
@Injectable()
export class StatementService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly journal: JournalService,
  ) {}

  /** Everybody who gets a statement of a run: the agency, the lead, each member, each clinic. */
  parties(consortium: string): readonly Party[] {
    return partiesOf(loadSitePolicy(this.site, consortium).units);
  }

  /** @throws UnknownRunError, UnknownPartyError */
  async build(request: StatementRequest): Promise<Statement> {
    return (await this.stated(request)).statement;
  }

  /** The statement with the run it is of. @throws as build */
  async stated({ consortium, choice, for: whose }: StatementRequest): Promise<Stated> {
    const site = loadSitePolicy(this.site, consortium);
    const party = partyOf(site.units, whose);
    const { timezone } = site.units;
    const run = await readRun(this.pool, { consortium, timezone, choice });
    if (run === null) throw unknownRun(choice);
    return { run, statement: buildStatement(await this.source(site, run, party), party) };
  }

  /** The statement as a file, with the journal's head of now on it. @throws as build; MissingFontError */
  async print(request: StatementRequest, format: StatementFormat): Promise<PrintedStatement> {
    const statement = await this.build(request);
    const head = await this.journal.head(request.consortium);
    const print = format === 'pdf' ? printPdf : printWorkbook;
    const bytes = await print(statement, { journal: head });
    return { bytes, name: `${statement.fileName}.${format}`, statement };
  }

  private async source(site: SitePolicy, run: StatedRun, party: Party): Promise<StatementSource> {
    const { chain, units } = site;
    const documents = citedDocuments(site);
    const figures = party.role === 'clinic' ? [] : await readFigures(this.pool, run.runId);
    return {
      run,
      figures: markSamples(figures, documents),
      postings: party.role === 'clinic' ? [] : await readPostings(this.pool, run.runId),
      names: {
        ...{ consortium: units.name, region: regionName(chain) },
        lead: units.units.get(units.leadHospital) ?? units.leadHospital,
        ...{ members: units.units, clinics: units.clinics },
      },
      documents,
      choices: choiceNames(chain),
      tables: tableParameters(chain),
      clinicBookings: party.role === 'clinic' ? await this.bookings(site, run, party) : [],
    };
  }

  private async bookings(
    { chain, overlays, units }: SitePolicy,
    { period }: StatedRun,
    { code }: Party,
  ): Promise<readonly ClinicBooking[]> {
    const question = {
      consortium: units.consortium,
      months: period.length === 7 ? [period] : monthsOf(period),
      scope: scopeTable(chain, overlays),
      funds: policyAt(chain, policyDay(period), overlays).list('scope.funds'),
    };
    return (await readClinicRows(this.pool, question, code)).map(booking);
  }
}

/** The region with the document it follows. */
function regionName([{ name, documents, effective }]: SitePolicy['chain']): string {
  const document = documents[effective.clause.split(' ')[0] ?? ''];
  return document === undefined ? name : `${name}（${document.number}）`;
}

function booking({ pool, bucket, claims, amountFen }: ClinicRow): ClinicBooking {
  return { pool, category: categoryWords(bucket), claims, amount: fen(BigInt(amountFen)) };
}

function unknownRun(choice: RunChoice): UnknownRunError {
  const meant = 'runId' in choice ? `运行 ${choice.runId}` : `${choice.period} 的结算`;
  return new UnknownRunError(`没有${meant}`);
}

import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../../config/site.js';
import { loadYaml } from '../../config/yaml.loader.js';
import { DATABASE_POOL } from '../../database/tokens.js';
import type { Month } from '../../kernel/period.js';
import { loadSettlementUnits } from '../../records/records.loader.js';
import { citedAs } from '../rule-page.js';
import { documentsSchema } from '../rules.loader.js';
import type { ExportedFinding } from './exported-finding.js';
import { readExportedFindings } from './exported-finding.repository.js';
import { disposalsOf, feedbackByUnit } from './feedback.js';
import { codeListsOf, FORMS, type NationalObject, type ObjectSetting } from './national-objects.js';
import { type WireFault, type WireObject, wireFaults } from './wire-table.js';
import { loadAgencyCodes, loadWireTable } from './wire-table.loader.js';

export interface ExportRequest {
  readonly object: NationalObject;
  readonly month: Month;
  /** Null: every institution. */
  readonly institution: string | null;
  /** Name of the interface profile whose codes are used. */
  readonly profile: string;
  readonly moment: ObjectSetting['moment'];
}

export type FeedbackRequest = Pick<ExportRequest, 'moment' | 'month' | 'profile'>;

/** Feedback as the agency's adapter sends it. */
export interface FeedbackMessage {
  readonly settledBy: string;
  readonly bucket: string;
  readonly content: {
    readonly month: Month;
    readonly warningType: string;
    readonly warnings: ReturnType<typeof disposalsOf>;
  };
}

export interface NationalExport {
  /** Under this node the rows stand in the message. */
  readonly node: string;
  readonly rows: readonly WireObject[];
  /** Empty: the agency can take it. */
  readonly faults: readonly WireFault[];
}

/** Findings as the objects of the national interface, checked field by field. Writes nothing. */
@Injectable()
export class AuditExportService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
  ) {}

  /** @throws UnspecifiedCodesError, ConfigError */
  async build({
    object,
    month,
    institution,
    profile,
    moment,
  }: ExportRequest): Promise<NationalExport> {
    const { configDir } = this.site;
    const codes = loadAgencyCodes(configDir, profile);
    const findings = await this.findings(month, institution);
    const { table, node, rows } = FORMS[object];
    const made = rows(findings, { codes, moment });
    const form = { table: loadWireTable(configDir, table), codes: codeListsOf(codes) };
    return { node, rows: made, faults: wireFaults(node, made, form) };
  }

  /** What was done about the month's warnings, by settlement unit. @throws UnspecifiedCodesError, ConfigError */
  async feedback({ month, profile, moment }: FeedbackRequest): Promise<readonly FeedbackMessage[]> {
    const { warning, disposal } = loadAgencyCodes(this.site.configDir, profile);
    return feedbackByUnit(await this.findings(month, null)).map(({ findings, ...unit }) => ({
      ...unit,
      content: { month, warningType: warning[moment], warnings: disposalsOf(findings, disposal) },
    }));
  }

  private findings(month: Month, institution: string | null): Promise<readonly ExportedFinding[]> {
    const { configDir, siteDir } = this.site;
    const units = loadSettlementUnits(siteDir);
    const { consortium, timezone } = units;
    const names = new Map([
      ...units.units,
      ...[...units.clinics].map(([code, { name }]) => [code, name] as const),
    ]);
    const documents = loadYaml(join(configDir, 'audit', 'documents.yaml'), documentsSchema);
    const cited = (citation: string) => citedAs(citation, documents);
    const question = { consortium, month, institution, timezone, names, cited };
    return readExportedFindings(this.pool, question);
  }
}

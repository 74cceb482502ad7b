import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../../config/site.js';
import { DATABASE_POOL } from '../../database/tokens.js';
import type { Month } from '../../kernel/period.js';
import { loadSettlementUnits } from '../../records/records.loader.js';
import { readExportedFindings } from './exported-finding.repository.js';
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
    const { configDir, siteDir } = this.site;
    const codes = loadAgencyCodes(configDir, profile);
    const units = loadSettlementUnits(siteDir);
    const { consortium, timezone } = units;
    const names = new Map([
      ...units.units,
      ...[...units.clinics].map(([code, { name }]) => [code, name] as const),
    ]);
    const question = { consortium, month, institution, timezone, names };
    const findings = await readExportedFindings(this.pool, question);
    const { table, node, rows } = FORMS[object];
    const made = rows(findings, { codes, moment });
    const form = { table: loadWireTable(configDir, table), codes: codeListsOf(codes) };
    return { node, rows: made, faults: wireFaults(node, made, form) };
  }
}

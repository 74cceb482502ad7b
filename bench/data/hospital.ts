import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import { CatalogueService } from '../../src/catalogue/catalogue.service.js';
import type { Site } from '../../src/config/site.js';
import { IngestService } from '../../src/ingest/ingest.service.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { codeTable } from './fees.js';

/** A site with one hospital whose fee lines lie in table `fee`, configured as its IT would: by YAML alone. */

export const HOSPITAL = 'H32070700001';
export const CONSORTIUM = 'bench-county';

const CONSORTIUM_FILE = `
consortium: ${CONSORTIUM}
name: 基准县医共体
region: sanya
leadHospital: ${HOSPITAL}
certificateKey: 0123456789abcdef0123
members:
  - { institution: ${HOSPITAL}, name: 县医院, kind: lead-hospital, level: secondary }
`;

const LINES = `
    map:
      claimNo: 结算号
      settledAt: 结算时间
      lineNo: 明细号
      chargedAt: 发生时间
      institutionItemCode: 项目
      itemName: 名称
      itemKind: { from: 类别, values: { '1': drug, '2': service, '3': tcm-piece, '4': material } }
      quantity: 数量
      unitPrice: 单价
      lineAmount: 金额
      eligibleAmount: 范围内
      prescriptionNo: 处方号
      department: 科室
      doctor: 医师
    expect: [eligibleAmount <= lineAmount, chargedAt <= settledAt]
`;

export interface HospitalSource {
  readonly connector: 'postgres' | 'mysql' | 'mssql';
  /** Options of the connector as YAML flow. */
  readonly options: string;
}

/** Writes the site's files and gives its folders. */
export function hospitalSite(folder: string, { connector, options }: HospitalSource): Site {
  const siteDir = join(folder, 'site');
  mkdirSync(join(siteDir, 'institutions'), { recursive: true });
  mkdirSync(join(siteDir, 'tables'), { recursive: true });
  writeFileSync(join(siteDir, 'consortium.yaml'), CONSORTIUM_FILE);
  writeFileSync(join(siteDir, 'tables', 'items.csv'), codeTable());
  writeFileSync(
    join(siteDir, 'institutions', 'hospital.yaml'),
    `institution: ${HOSPITAL}\nconnector: ${connector}\noptions: ${options}\ncatalogue: { items: tables/items.csv }\nstreams:
  lines:\n    query: SELECT * FROM fee\n    cursor: 结算时间\n    key: [结算号, 明细号]${LINES}`,
  );
  const homeDir = resolve(import.meta.dirname, '../..');
  return { homeDir, configDir: join(homeDir, 'config'), siteDir, dataDir: join(folder, 'files') };
}

export function ingestOf(pool: pg.Pool, site: Site): IngestService {
  return new IngestService(pool, site, new JournalService(pool), new CatalogueService(pool, site));
}

/** Connection options as YAML flow. */
export function optionsOf(url: string): string {
  const { hostname, port, pathname, username, password } = new URL(url);
  return `{ host: ${hostname}, port: '${port}', database: ${pathname.slice(1)}, user: ${username}, password: '${password}' }`;
}

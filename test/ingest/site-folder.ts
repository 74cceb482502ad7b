import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type pg from 'pg';
import { CatalogueService } from '../../src/catalogue/catalogue.service.js';
import type { Site } from '../../src/config/site.js';
import { IngestService } from '../../src/ingest/ingest.service.js';
import { JournalService } from '../../src/journal/journal.service.js';

export const HOSPITAL = 'H46000000001';
export const TOWNSHIP = 'H46000000002';
export const XML_CLINIC = 'V46000000003';
export const CSV_CLINIC = 'V46000000004';

const CONSORTIUM = `
consortium: test-county
name: 测试县医共体
region: sanya
leadHospital: ${HOSPITAL}
certificateKey: 0123456789abcdef0123
members:
  - { institution: ${HOSPITAL}, name: 县医院, kind: lead-hospital, level: secondary }
  - { institution: ${TOWNSHIP}, name: 甲镇卫生院, kind: township-centre, level: primary }
  - { institution: ${XML_CLINIC}, name: 甲一村卫生室, kind: village-clinic, level: village, settledBy: ${TOWNSHIP} }
  - { institution: ${CSV_CLINIC}, name: 甲二村卫生室, kind: village-clinic, level: village, settledBy: ${TOWNSHIP} }
`;

/** A site in a temporary folder, with a member's files added one by one. */
export class SiteFolder {
  readonly root = mkdtempSync(join(tmpdir(), 'heyi-site-'));
  readonly site: Site = {
    homeDir: resolve('.'),
    configDir: resolve('config'),
    siteDir: join(this.root, 'site'),
    dataDir: join(this.root, 'files'),
  };

  constructor() {
    this.write('site/consortium.yaml', CONSORTIUM);
  }

  write(path: string, content: string | Uint8Array): void {
    const target = join(this.root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  institution(name: string, yaml: string): void {
    this.write(`site/institutions/${name}.yaml`, yaml);
  }

  ingest(pool: pg.Pool): IngestService {
    const catalogue = new CatalogueService(pool, this.site);
    return new IngestService(pool, this.site, new JournalService(pool), catalogue);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** `${…}`-free connection options of a test database, as YAML flow. */
export function optionsOf(url: string): string {
  const { hostname, port, pathname, username, password } = new URL(url);
  return `{ host: ${hostname}, port: '${port}', database: ${pathname.slice(1)}, user: ${username}, password: '${password}' }`;
}

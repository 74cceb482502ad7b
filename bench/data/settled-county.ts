import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../../src/config/site.js';
import { createPool } from '../../src/database/pool.client.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { monthsOf } from '../../src/kernel/period.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { SettlementService } from '../../src/settlement/settlement.service.js';
import { COEFFICIENTS, catalogue, DEVIATION, DIP, staysIn, UNGROUPED } from './dip-books.js';

/** A county of thirty members whose year 2024 is settled by the text of Sanya: its site on disk, its stays and runs in the books. */

const YEAR = '2024';
/** Days of the year 2024. */
const DAYS = 366;
const CITED = 'clause: sample-2024-1 §1';
const DOCUMENTS =
  'documents: { sample-2024-1: { number: 样例, title: 样例, issued: 2024-01-10 } }\n';

export function countySite(folder: string): Site {
  const siteDir = join(folder, 'county');
  for (const name of ['overlays', 'dip']) mkdirSync(join(siteDir, name), { recursive: true });
  const files: Readonly<Record<string, string>> = {
    'consortium.yaml': consortium(),
    'records.yaml': RECORDS,
    'overlays/sample.yaml': OVERLAY,
    'dip/sample-dip.yaml': rules(),
    'dip/catalogue.csv': groups(),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(siteDir, name), text);
  const homeDir = join(import.meta.dirname, '../..');
  return { homeDir, configDir: join(homeDir, 'config'), siteDir, dataDir: siteDir };
}

/** Books a year of stays and settles it, month by month and as a whole. */
export async function settledCounty(url: string, site: Site, cases: number): Promise<void> {
  await staysIn(url, cases, DAYS);
  const pool = createPool(url, 3);
  const { consortium: whose } = DIP;
  try {
    const settlement = new SettlementService(
      ...([pool, site, new BookReader(pool, site), new JournalService(pool)] as const),
    );
    for (const month of monthsOf(YEAR))
      await settlement.settleMonth({ consortium: whose, month, close: true });
    await settlement.settleYear({ consortium: whose, year: YEAR, close: true });
  } finally {
    await pool.end();
  }
}

function consortium(): string {
  const members = Object.keys(COEFFICIENTS).map((code, index) => {
    const kind = index === 0 ? 'lead-hospital' : 'township-centre';
    return `  - { institution: ${code}, name: 基准${code}, kind: ${kind}, level: secondary }`;
  });
  const head = `consortium: ${DIP.consortium}\nname: 基准县\nregion: sanya\nleadHospital: H000\n`;
  return `${head}certificateKey: 0123456789abcdef\nmembers:\n${members.join('\n')}\n`;
}

const pools = (key: string, resident: string, employee: string): string =>
  [
    `  - { ${key}, pool: resident, ${resident}, ${CITED} }`,
    `  - { ${key}, pool: employee, ${employee}, ${CITED} }`,
  ].join('\n');

const RECORDS = `consortium: ${DIP.consortium}
region: sanya
${DOCUMENTS}grades: [{ year: 2024, grade: good, ${CITED} }]
baselines:
${pools('year: 2023', 'booked: 1800000000.00', 'booked: 800000000.00')}
growth:
${pools('year: 2024', 'rates: [0.06, 0.04, 0.08]', 'rates: [0.02, 0.03, 0.04]')}
`;

const OVERLAY = `overlay: sample
region: sanya
sample: true
${DOCUMENTS}set:
  dip.rules: { values: { 2024-01-01: bench }, ${CITED} }
  overspend.reasonable_test: { values: { 2024-01-01: all }, ${CITED} }
  overspend.base: { values: { 2024-01-01: booked-minus-payable }, ${CITED} }
  overspend.ceiling: { values: { 2024-01-01: 0.10 }, ${CITED} }
  surplus.retention: { values: { 2024-01-01: { excellent: 1, good: 1, pass: 0.50, fail: 0 } }, ${CITED} }
`;

/** The rule package of dip-books.ts as a site has it on file. */
function rules(): string {
  const content = {
    ...{ package: 'bench', title: '基准', catalogue: 'catalogue.csv' },
    signed: { clause: 'sample-2024-1 §1', sample: 'true' },
    documents: { 'sample-2024-1': { number: '样例', title: '样例', issued: '2024-01-10' } },
    ...{ caseDecimals: '4', pointValueDecimals: '4', zeroScore: 'actual' },
    deviation: DEVIATION,
    ungrouped: UNGROUPED,
    coefficients: { byInstitution: COEFFICIENTS },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function groups(): string {
  const rows = catalogue().entries.map(
    ({ code, name, type, diagnosis, operations, score, mean }) => {
      const yuan = `${mean / 100n}.${String(mean % 100n).padStart(2, '0')}`;
      const [operation = []] = operations;
      return [code, name, type, diagnosis, operation.join('+'), '20', score, yuan, '', '', ''].join(
        ',',
      );
    },
  );
  const head = 'code,name,type,diagnosis,operations,cases,score,mean,lower,upper,factors';
  return `${[head, ...rows].join('\n')}\n`;
}

import type pg from 'pg';
import type { IngestService } from '../../src/ingest/ingest.service.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { ApprovalService } from '../../src/quarantine/approval.service.js';
import { ProposalService } from '../../src/quarantine/proposal.service.js';
import { QuarantineService } from '../../src/quarantine/quarantine.service.js';
import { ReplayService } from '../../src/quarantine/replay.service.js';
import { HOSPITAL, optionsOf, SiteFolder } from '../ingest/site-folder.js';
import { createEmptyDatabase, createTestDatabase } from '../support/test-database.js';

export const CONSORTIUM = 'test-county';
export const JANUARY = { from: '2024-01-01', to: '2024-02-01' };
export const MAKER = '经办甲';
export const CHECKER = '复核乙';

const SCHEMA = `
  CREATE TABLE bill (no text, original text, person text, certificate text, born text, pool text, settled timestamp, admitted text,
    total text, fund text, cash text);
  CREATE TABLE fee (no text, settled timestamp, line text, item text, name text, quantity text, price text, amount text);
  INSERT INTO bill VALUES
    ('B1', null, 'P1', '460200199001011234', '1990-01-01', '390', '2024-01-05 08:00', '2024-01-01', '100.00', '80.00', '20.00'),
    ('B2', null, 'P2', '460200198502021234', '1985-02-02', '390', '2024-01-06 08:00', '20240230', '55.55', '40.00', '15.55'),
    ('B3', null, 'P3', null, '1970-03-03', '510', '2024-01-07 08:00', '2024-01-02', '7.00', '5.00', '2.00'),
    ('B4', null, 'P4', null, '1970-03-03', '510', '2024-01-07 09:00', '2024-01-02', '8.00', '5.00', '3.00'),
    ('B5', null, 'P5', null, '1970-03-03', '390', '2024-01-08 09:00', '2024-01-02', '-5.00', '-5.00', '0.00'),
    ('B6', null, null, null, '1970-03-03', '390', '2024-01-08 10:00', '2024-01-02', '30.00', '20.00', '10.00');
  INSERT INTO fee VALUES
    ('B1', '2024-01-05 08:00', '1', 'L1', '挂号', '1', '40', '40.00'),
    ('B1', '2024-01-05 08:00', '2', 'L2', '草药', '5', '12', '61.00');`;

const YAML = (options: string): string => `
institution: ${HOSPITAL}
connector: postgres
options: ${options}
catalogue: { items: tables/items.csv }
streams:
  claims:
    query: SELECT * FROM bill
    cursor: settled
    key: [no]
    map:
      claimNo: no
      refundOf: original
      personId: person
      certificate: certificate
      birthDate: born
      pool: { from: pool, values: { '310': employee, '390': resident } }
      careType: { constant: outpatient }
      settledAt: settled
      admittedAt: admitted
      totalFee: total
      eligible: total
      deductible: { constant: '0' }
      pooledFundPaid: fund
      fundPaid: fund
      accountPaid: { constant: '0' }
      cashPaid: cash
    expect: [fundPaid + cashPaid = totalFee]
    quarantine: { rows: '50', share: '0.9' }
  lines:
    query: SELECT * FROM fee
    cursor: settled
    key: [no, line]
    map:
      claimNo: no
      settledAt: settled
      lineNo: line
      chargedAt: settled
      institutionItemCode: item
      itemName: name
      itemKind: { constant: service }
      quantity: quantity
      unitPrice: price
      lineAmount: amount
      eligibleAmount: amount
`;

/** A hospital with some bad rows, read once, and the services that people work with. */
export class QuarantineFixture {
  readonly quarantine: QuarantineService;
  readonly proposals: ProposalService;
  readonly approvals: ApprovalService;
  private readonly ingest: IngestService;

  private constructor(
    readonly pool: pg.Pool,
    readonly his: pg.Pool,
    folder: SiteFolder,
    private readonly ends: readonly (() => Promise<void>)[],
  ) {
    const journal = new JournalService(pool);
    const replay = new ReplayService(pool, folder.site);
    this.quarantine = new QuarantineService(pool, folder.site, journal);
    this.proposals = new ProposalService(pool, replay, journal);
    this.approvals = new ApprovalService(pool, replay, journal);
    this.ingest = folder.ingest(pool);
  }

  static async create(): Promise<QuarantineFixture> {
    const [own, his] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
    await his.pool.query(SCHEMA);
    const folder = new SiteFolder();
    folder.institution('hospital', YAML(optionsOf(his.url)));
    folder.write(
      'site/tables/items.csv',
      'local,national,valid_from,valid_to,proposed_by,approved_by\nL1,N1,2020-01-01,,王,李\n',
    );
    return new QuarantineFixture(own.pool, his.pool, folder, [
      () => own.drop(),
      () => his.drop(),
      async () => folder.remove(),
    ]);
  }

  read() {
    const signal = new AbortController().signal;
    return this.ingest.pull({ institution: HOSPITAL, window: JANUARY }, signal);
  }

  /** The entry of a natural key. */
  async entry(naturalKey: string): Promise<string> {
    const { rows } = await this.pool.query<{ quarantine_id: string }>(
      'SELECT quarantine_id FROM quarantine WHERE natural_key = $1 ORDER BY quarantine_id DESC',
      [naturalKey],
    );
    return rows[0]?.quarantine_id ?? '0';
  }

  async state(entry: string): Promise<string | undefined> {
    const { rows } = await this.pool.query(
      'SELECT state FROM quarantine WHERE quarantine_id = $1',
      [entry],
    );
    return rows[0]?.state;
  }

  async claim(claimNo: string): Promise<Readonly<Record<string, string | null>> | undefined> {
    const { rows } = await this.pool.query('SELECT * FROM claim WHERE claim_no = $1', [claimNo]);
    return rows[0];
  }

  async end(): Promise<void> {
    for (const end of this.ends) await end();
  }
}

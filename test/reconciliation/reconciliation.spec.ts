import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AgencyService } from '../../src/agency/agency.service.js';
import { DispatchService } from '../../src/agency/dispatch.service.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { yuan } from '../../src/kernel/money.js';
import { ReconciliationService } from '../../src/reconciliation/reconciliation.service.js';
import {
  bookRow,
  CENTRE,
  CLINIC,
  type ClaimFacts,
  claim,
  consortium,
  insertClaims,
  LEAD,
  removeSites,
  siteAt,
} from '../agency/books.js';
import { SandboxProcess } from '../agency/sandbox-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const month = '2024-03';
const never = new AbortController().signal;

/** What everybody has. */
const common = [
  claim('2001'),
  claim('2002', { pool: 'employee', careType: 'outpatient' }),
  claim('2003', { settledBy: CENTRE, performedAt: CLINIC, careType: 'outpatient' }),
  claim('2004', { careType: 'chronic', totalFee: '33.33', fundPaid: '11.11' }),
  claim('2005', {
    ...{ totalFee: '-100.00', fundPaid: '-60.00', refundOf: '2001', personId: 'P2001' },
  }),
];

let database: TestDatabase;
let sandbox: SandboxProcess | null = null;
let reconciliation: ReconciliationService;

beforeEach(async () => {
  database = await createTestDatabase(8);
  reconciliation = new ReconciliationService(database.pool, new JournalService(database.pool));
});
afterEach(async () => {
  await sandbox?.stop();
  sandbox = null;
  removeSites();
  await database.drop();
});

async function agencyWith(books: readonly ClaimFacts[]): Promise<AgencyService> {
  sandbox = await SandboxProcess.start(books.map(bookRow));
  const site = siteAt(sandbox.url);
  const journal = new JournalService(database.pool);
  const dispatcher = new DispatchService(database.pool, site, { now: () => new Date() }, journal);
  return new AgencyService(database.pool, site, dispatcher, journal);
}

async function declared(agency: AgencyService): Promise<void> {
  await agency.declareMonth({ consortium, month });
  await agency.dispatch({ consortium }, never);
}

interface Read {
  readonly institution: string;
  readonly claims: readonly ClaimFacts[];
  readonly sourceRows?: number;
  readonly quarantined?: { readonly rows: number; readonly amount: string };
  readonly state?: string;
  readonly window?: readonly [string, string];
}

/** A read of a month that landed these claims, as ingest leaves it. */
async function read(facts: Read): Promise<string> {
  const {
    institution,
    claims,
    quarantined = { rows: 0, amount: '0.00' },
    state = 'complete',
  } = facts;
  const landed = claims.reduce((fen, { totalFee }) => fen + yuan(totalFee), 0n);
  const [from, to] = facts.window ?? ['2024-03-01', '2024-04-01'];
  const { rows } = await database.pool.query<{ batch_id: string }>(
    `INSERT INTO batch (consortium, institution, stream, window_from, window_to, state, source_rows, source_fen, landed_rows,
       landed_fen, quarantined_rows, quarantined_fen, started_at)
     VALUES ($1, $2, 'claims', $3, $4, $5, $6, $7, $8, $9, $10, $11, now()) RETURNING batch_id`,
    [
      ...[
        consortium,
        institution,
        from,
        to,
        state,
        facts.sourceRows ?? claims.length + quarantined.rows,
      ],
      ...[(landed + yuan(quarantined.amount)).toString(), claims.length, landed.toString()],
      ...[quarantined.rows, yuan(quarantined.amount).toString()],
    ],
  );
  const batchId = rows[0]?.batch_id ?? '';
  await database.pool.query(
    'UPDATE claim SET batch_id = $1 WHERE institution = $2 AND claim_no = ANY($3)',
    [batchId, institution, claims.map(({ claimNo }) => claimNo)],
  );
  return batchId;
}

async function readAll(claims: readonly ClaimFacts[]): Promise<void> {
  for (const institution of new Set(claims.map(({ performedAt }) => performedAt))) {
    await read({ institution, claims: claims.filter((each) => each.performedAt === institution) });
  }
}

async function quarantine(row: {
  institution: string;
  batchId: string;
  amount: string;
  key: string;
}) {
  await database.pool.query(
    `INSERT INTO quarantine (consortium, institution, stream, row_hash, batch_id, raw_row, stage, rule, message, remedy,
       amount_fen, natural_key, first_seen_at)
     VALUES ($1, $2, 'claims', $3, $4, 1, 'validate', 'no-such-date', '日期不存在', '请更正', $5, $3, now())`,
    [consortium, row.institution, row.key, row.batchId, yuan(row.amount).toString()],
  );
}

const found = async () =>
  (await reconciliation.differences({ consortium, month }))
    .map(({ kind, institution, pool, claimNo, amountFen }) => ({
      kind,
      institution,
      pool,
      claimNo,
      amountFen,
    }))
    .sort((a, b) => `${a.kind}${a.claimNo}`.localeCompare(`${b.kind}${b.claimNo}`));

describe('a month all sides agree on', () => {
  it('is balanced, says the same twice, and writes once', async () => {
    await insertClaims(database.pool, common);
    await readAll(common);
    await declared(await agencyWith(common));
    const first = await reconciliation.run({ consortium, month });
    expect(first).toMatchObject({ state: 'balanced', unchanged: false, differences: 0, kinds: {} });
    expect(
      first.agency.find((row) => row['institution'] === LEAD && row['pool'] === 'resident'),
    ).toEqual({
      institution: LEAD,
      pool: 'resident',
      gatewayClaims: 3,
      gatewayTotalFee: '33.33',
      gatewayFundPaid: '11.11',
      agencyClaims: 3,
      agencyTotalFee: '33.33',
      agencyFundPaid: '11.11',
    });
    expect(first.sources.find((row) => row['institution'] === CLINIC)).toMatchObject({
      sourceRows: 1,
      source: '100.00',
      landed: '100.00',
    });
    expect(await reconciliation.run({ consortium, month })).toEqual({ ...first, unchanged: true });
    const { rows } = await database.pool.query(
      'SELECT count(*)::int AS runs FROM reconciliation_run',
    );
    expect(rows).toEqual([{ runs: 1 }]);
  });

  it('is unfinished before the agency has spoken', async () => {
    await insertClaims(database.pool, common);
    await readAll(common);
    expect(await reconciliation.run({ consortium, month })).toMatchObject({ state: 'unfinished' });
    const agency = await agencyWith(common);
    await agency.declareMonth({ consortium, month });
    expect((await reconciliation.run({ consortium, month })).kinds['unknown-outcome']).toBe(28);
    await agency.dispatch({ consortium }, never);
    expect(await reconciliation.run({ consortium, month })).toMatchObject({ state: 'balanced' });
    expect(await found()).toEqual([]); // cleared
  });
});

describe('planted differences towards the agency', () => {
  it('are all found, with kind, pool and amount, and nothing else', async () => {
    const onlyHere = claim('3001', { careType: 'outpatient' });
    const onlyThere = claim('3002', { careType: 'chronic', totalFee: '70.00', fundPaid: '50.00' });
    const differing = claim('3003', {
      settledBy: CENTRE,
      performedAt: CLINIC,
      careType: 'inpatient',
    });
    const ours = [...common, onlyHere, differing];
    await insertClaims(database.pool, ours);
    await readAll(ours);
    await declared(await agencyWith([...common, onlyThere, { ...differing, fundPaid: '62.50' }]));
    const result = await reconciliation.run({ consortium, month });
    expect(result).toMatchObject({ state: 'differs', differences: 3 });
    expect(await found()).toEqual([
      {
        kind: 'agency-extra',
        institution: LEAD,
        pool: 'resident',
        claimNo: null,
        amountFen: '5000',
      },
      {
        kind: 'amount-differs',
        institution: CENTRE,
        pool: 'resident',
        claimNo: '3003',
        amountFen: '250',
      },
      {
        kind: 'gateway-extra',
        institution: LEAD,
        pool: 'resident',
        claimNo: '3001',
        amountFen: '6000',
      },
    ]);
    const lead = result.agency.find(
      (row) => row['institution'] === LEAD && row['pool'] === 'resident',
    );
    expect(lead).toMatchObject({
      gatewayClaims: 4,
      agencyClaims: 4,
      gatewayTotalFee: '133.33',
      agencyTotalFee: '103.33',
      gatewayFundPaid: '71.11',
      agencyFundPaid: '61.11',
    });
  });

  it('disappear once they are put right and declared again, and keep their age while they last', async () => {
    const missing = claim('3010', { careType: 'outpatient' });
    await insertClaims(database.pool, common);
    await readAll(common);
    const agency = await agencyWith([...common, missing]);
    await declared(agency);
    await reconciliation.run({ consortium, month });
    await database.pool.query(
      `UPDATE reconciliation_difference SET first_seen_at = now() - interval '3 days'`,
    );
    await insertClaims(database.pool, [claim('3011', { careType: 'emergency' })]);
    await reconciliation.run({ consortium, month });
    const [oldest] = await reconciliation.differences({ consortium, month });
    expect(oldest).toMatchObject({ kind: 'agency-extra', ageDays: 3, owner: 'settlement-clerk' });
    await database.pool.query(`DELETE FROM claim WHERE claim_no = '3011'`);
    await insertClaims(database.pool, [missing]);
    await read({
      institution: LEAD,
      claims: [...common.filter((each) => each.performedAt === LEAD), missing],
    });
    expect((await reconciliation.run({ consortium, month })).kinds).toEqual({
      'agency-extra': 1,
      'stale-declaration': 1,
    });
    await declared(agency);
    expect(await reconciliation.run({ consortium, month })).toMatchObject({ state: 'balanced' });
    expect(await found()).toEqual([]);
  });

  it('include messages whose end is unknown, and refusals', async () => {
    await insertClaims(database.pool, common);
    await readAll(common);
    const agency = await agencyWith(common);
    await sandbox?.misbehave([{ infno: '3201', nth: 1, fault: 'reject' }]);
    await declared(agency);
    expect(await reconciliation.run({ consortium, month })).toMatchObject({
      state: 'unfinished',
      kinds: { rejected: 1 },
    });
    const again = await agency.declareMonth({ consortium, month, again: true });
    expect(again.enqueued).toBe(1);
  });

  it('explain an agency-extra by the quarantined row of the same amount', async () => {
    await insertClaims(database.pool, common);
    const quarantined = claim('3020', {
      settledBy: CENTRE,
      performedAt: CLINIC,
      totalFee: '88.80',
      careType: 'outpatient',
    });
    await readAll(common.filter(({ performedAt }) => performedAt !== CLINIC));
    const own = common.filter(({ performedAt }) => performedAt === CLINIC);
    const batchId = await read({
      institution: CLINIC,
      claims: own,
      quarantined: { rows: 1, amount: '88.80' },
    });
    await quarantine({ institution: CLINIC, batchId, amount: '88.80', key: '3020' });
    await declared(await agencyWith([...common, quarantined]));
    expect(await reconciliation.run({ consortium, month })).toMatchObject({
      kinds: { 'agency-extra': 1, quarantined: 1 },
    });
    const extra = (await reconciliation.differences({ consortium, month })).find(
      ({ kind }) => kind === 'agency-extra',
    );
    expect(extra).toMatchObject({ evidence: { likelyQuarantined: '3020' } });
  });
});

describe('planted differences towards the source', () => {
  it('are rows never read, rows that did not stay, and claims accounted later', async () => {
    const late = claim('4001', { careType: 'outpatient', period: '2024-04' });
    const ours = [...common, late];
    await insertClaims(database.pool, ours);
    await read({ institution: CLINIC, claims: ours.filter((each) => each.performedAt === CLINIC) });
    const lead = ours.filter((each) => each.performedAt === LEAD);
    await read({
      institution: LEAD,
      claims: lead,
      sourceRows: lead.length + 2,
      state: 'incomplete',
    });
    await database.pool.query(`DELETE FROM claim WHERE claim_no = '2003'`);
    await declared(await agencyWith(ours.filter(({ claimNo }) => claimNo !== '2003')));
    const { state, kinds } = await reconciliation.run({ consortium, month });
    expect({ state, kinds }).toEqual({ state: 'differs', kinds: { 'source-extra': 2, late: 1 } });
    expect((await found()).map(({ kind, institution }) => `${kind} ${institution}`)).toEqual([
      `late ${LEAD}`,
      `source-extra ${CLINIC}`,
      `source-extra ${LEAD}`,
    ]);
  });

  it('count a night inside a month that was read as a whole only once', async () => {
    await insertClaims(database.pool, common);
    await readAll(common);
    const lead = common.filter((each) => each.performedAt === LEAD);
    await read({ institution: LEAD, claims: lead, window: ['2024-03-05', '2024-03-06'] });
    await declared(await agencyWith(common));
    expect(await reconciliation.run({ consortium, month })).toMatchObject({ state: 'balanced' });
  });
});

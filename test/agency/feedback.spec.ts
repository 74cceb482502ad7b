import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AgencyService } from '../../src/agency/agency.service.js';
import { DispatchService } from '../../src/agency/dispatch.service.js';
import { enqueue } from '../../src/agency/outbox.repository.js';
import type { Site } from '../../src/config/site.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { digest } from '../../src/kernel/hash.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { consortium, LEAD, removeSites, siteAt } from './books.js';
import { SandboxProcess } from './sandbox-process.js';

/** Feedback on warnings of the audit (3103), to the agency and back. */

const never = new AbortController().signal;
const clock = { now: () => new Date() };
const month = '2024-03';

let database: TestDatabase;
let sandbox: SandboxProcess;
let agency: AgencyService;

afterAll(removeSites);

beforeEach(async () => {
  sandbox = await SandboxProcess.start([]);
  const site: Site = siteAt(sandbox.url);
  database = await createTestDatabase(4);
  const journal = new JournalService(database.pool);
  const dispatch = new DispatchService(database.pool, site, clock, journal);
  agency = new AgencyService(database.pool, site, dispatch, journal);
});
afterEach(async () => {
  await sandbox.stop();
  await database.drop();
});

async function say(disposal: string, reason: string): Promise<void> {
  const warnings = [{ findingId: 'f'.repeat(32), disposal, reason }];
  const content = { month, warningType: '2', warnings };
  const message = {
    ...{ consortium, month, content, transactionCode: '3103', institution: LEAD },
    ...{ about: ['2', 'f'], contentDigest: digest(content), clearingType: null, parentId: null },
  };
  await withTransaction(database.pool, (client) => enqueue(client, [message]));
}

describe('feedback on warnings', () => {
  it('arrives field by field and is accepted', async () => {
    await say('1', '病情需要');
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({ accepted: 2, open: 0 });
    expect(sandbox.arrivals('3103')).toHaveLength(1);
  });

  it('is refused where somebody went on without saying why', async () => {
    await say('1', '');
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({
      accepted: 1,
      rejected: 1,
    });
    await say('2', '');
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({
      accepted: 1,
      rejected: 0,
    });
  });

  it('is refused with a code that the agency does not have', async () => {
    await say('9', '病情需要');
    expect(await agency.dispatch({ consortium }, never)).toMatchObject({ rejected: 1 });
  });
});

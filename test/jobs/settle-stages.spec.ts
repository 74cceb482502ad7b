import { describe, expect, it } from '@jest/globals';
import { SettleReleaseJob } from '../../src/jobs/handlers/settle-release.job.js';
import { SettleStartJob } from '../../src/jobs/handlers/settle-start.job.js';
import { settleRelease, settleStart } from '../../src/jobs/job-kinds.js';
import type { SettlementService, SettleRequest } from '../../src/settlement/settlement.service.js';

/** The prepayment and the release as work: the run they ask for, and what they say of it. */

const asked: SettleRequest[] = [];
const settlement = {
  settle: async (request: SettleRequest) => {
    asked.push(request);
    return { digests: { result: 'abc' }, version: 2, changed: true, closed: true };
  },
} as unknown as SettlementService;
const done = { digest: 'abc', version: 2, changed: true, closed: true };

describe('a settlement that people ask for', () => {
  it('closes the start of a year', async () => {
    const payload = settleStart.payload.parse({ consortium: 'county', year: '2025' });
    expect(await new SettleStartJob(settlement).handle(payload)).toEqual(done);
    expect(asked.at(-1)).toEqual({
      ...{ consortium: 'county', kind: 'start', period: '2025', close: true },
    });
  });

  it('closes the release of a month', async () => {
    const payload = settleRelease.payload.parse({ consortium: 'county', month: '2025-03' });
    expect(await new SettleReleaseJob(settlement).handle(payload)).toEqual(done);
    expect(asked.at(-1)).toEqual({
      ...{ consortium: 'county', kind: 'release', period: '2025-03', close: true },
    });
  });

  it('refuses a month for a year, and no month at all', () => {
    expect(() => settleStart.payload.parse({ consortium: 'county', year: '2025-03' })).toThrow();
    expect(() => settleRelease.payload.parse({ consortium: 'county', month: '2025' })).toThrow();
  });
});

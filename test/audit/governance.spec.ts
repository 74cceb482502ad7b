import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditService } from '../../src/audit/audit.service.js';
import { ExemptionDecisions } from '../../src/audit/governance/exemption-decisions.service.js';
import { RuleLifecycle } from '../../src/audit/governance/rule-lifecycle.service.js';
import { claimsOfCase, ruleCaseSchema } from '../../src/audit/rule-case.js';
import type { ProposedExemption } from '../../src/audit/scoped-exemption.js';
import type { Claim } from '../../src/claims/claim.js';
import { siteOf } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { storeClaims } from './store-claims.js';

/** Decisions about rules and exemptions, and what the next audit makes of them. */

const consortium = 'governed';
const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/nowhere' });
const womens = { item: '002101030300000', price: '128.00' };

function man(personId: string, ...days: readonly string[]): Claim[] {
  const each = ruleCaseSchema.parse({
    ...{ name: personId, sex: 'male', finds: 'nothing' },
    claims: days.map((on) => ({ no: `${personId}-${on}`, lines: [{ ...womens, on }] })),
  });
  return claimsOfCase(each).map((claim) => ({ ...claim, personId }));
}

const exemption: ProposedExemption = {
  ...{ rules: ['CAT-07'], items: [womens.item], from: '2024-01-01', until: '2024-01-10' },
  ...{ reason: '设备登记有误，已更正', document: '示范医保〔2024〕9号' },
};

describe('decisions about the audit', () => {
  let database: TestDatabase;
  let audit: AuditService;
  let exemptions: ExemptionDecisions;
  let rules: RuleLifecycle;
  beforeAll(async () => {
    database = await createTestDatabase();
    const journal = new JournalService(database.pool);
    audit = new AuditService(database.pool, site, journal);
    exemptions = new ExemptionDecisions(database.pool, journal);
    rules = new RuleLifecycle(database.pool, site, journal);
    await storeClaims(database.pool, consortium, man('M1', '2024-01-09', '2024-01-10'));
  });
  afterAll(() => database.drop());

  const found = async (): Promise<string[]> => {
    await audit.run({ consortium, months: ['2024-01'], scope: 'changed' });
    const { rows } = await database.pool.query<{ claim_no: string }>(
      `SELECT claim_no || ' ' || mode AS claim_no FROM finding WHERE rule_id = 'CAT-07' ORDER BY claim_no`,
    );
    return rows.map((row) => row.claim_no);
  };
  const both = ['M1-2024-01-09 active', 'M1-2024-01-10 active'];
  const named = { consortium, name: 'wrong-register' };

  it('an exemption needs two people and ends by service date', async () => {
    expect(await found()).toEqual(both);
    await exemptions.propose({ ...named, by: 'maker', content: exemption });
    expect(await found()).toEqual(both);
    await expect(exemptions.approve({ ...named, by: 'maker' })).rejects.toThrow('同一人');
    await exemptions.approve({ ...named, by: 'checker' });
    expect(await found()).toEqual(['M1-2024-01-10 active']);
    const { rows } = await database.pool.query(
      `SELECT hits::int, exempted::int FROM audit_coverage WHERE rule_id = 'CAT-07'`,
    );
    expect(rows).toEqual([{ hits: 1, exempted: 1 }]);
  });

  it('an ended exemption no longer applies, and its name is not used again', async () => {
    await exemptions.end({ ...named, by: 'checker', reason: '更正完毕' });
    expect(await found()).toEqual(both);
    await expect(exemptions.propose({ ...named, by: 'maker', content: exemption })).rejects.toThrow(
      '已用过',
    );
    expect((await exemptions.list(consortium)).map(({ state }) => state)).toEqual(['ended']);
  });

  it('a decided status beats the file’s: on trial a rule carries no money, suspended it finds nothing', async () => {
    const about = { consortium, ruleId: 'CAT-07', by: 'owner', reason: '复查知识点' };
    expect(await rules.move({ ...about, to: 'SHADOW', dryRun: true })).toEqual([]);
    expect(await found()).toEqual(both);
    expect(await rules.move({ ...about, to: 'SHADOW' })).toEqual([]);
    expect(await found()).toEqual(['M1-2024-01-09 shadow', 'M1-2024-01-10 shadow']);
    const missing = await rules.move({ ...about, to: 'ACTIVE' });
    expect(missing).toHaveLength(2);
    expect(await rules.move({ ...about, to: 'SUSPENDED' })).toEqual([]);
    expect(await found()).toEqual([]);
  });

  it('counts what people say of trial findings', async () => {
    const about = { consortium, ruleId: 'CAT-07', by: 'owner', reason: '再试运行' };
    await rules.move({ ...about, to: 'SHADOW' });
    await found();
    const { rows } = await database.pool.query<{ finding_id: string }>(
      `SELECT finding_id FROM finding WHERE rule_id = 'CAT-07' ORDER BY claim_no`,
    );
    const [right, wrong] = rows.map((row) => row.finding_id);
    const word = { consortium, by: 'owner', note: '已核对病历' };
    await rules.judge({ ...word, findingId: right ?? '', isRight: true });
    await rules.judge({ ...word, findingId: wrong ?? '', isRight: false });
    await expect(rules.judge({ ...word, findingId: right ?? '', isRight: true })).rejects.toThrow(
      '已经判断',
    );
    const standing = (await rules.standings(consortium, null)).find(
      ({ ruleId }) => ruleId === 'CAT-07',
    );
    expect(standing?.record).toEqual({
      ...{ hits: 2, reviewed: 2, confirmed: 1, dismissed: 1, appealsUpheld: 0 },
    });
    expect(standing?.monthsOnTrial).toBe(0);
  });

  /** A finding of CHG-02 that its member appealed against, and how that ended. */
  async function appealed(n: number, outcome: 'dismiss' | 'partial' | 'uphold'): Promise<void> {
    const id = `appealed-${n}`;
    await database.pool.query(
      `INSERT INTO review_case (consortium, finding_id, month, rule_id, class, money, institution, claim_no, institutions, parties,
         state, route, outcome, flagged_fen, entered_on)
       VALUES ($1, $2, '2024-02', 'CHG-02', 'HARD', 'exact', 'H', 'c', '{H}', '{H}', 'FINAL', 'process', $3, 100, now())`,
      [consortium, id, outcome],
    );
    for (const [action, said] of [
      ['appeal', null],
      ['final', outcome],
    ])
      await database.pool.query(
        `INSERT INTO review_step (consortium, finding_id, action, from_state, to_state, actor, role, outcome, reason_code, opinion)
         VALUES ($1, $2, $3, 'FEEDBACK', 'FINAL', 'panel', 'panel', $4, 'X', '意见')`,
        [consortium, id, action, said],
      );
  }

  it('opens a rule’s review again after three upheld appeals in a month, once, and closes it', async () => {
    await appealed(1, 'dismiss');
    await appealed(2, 'partial');
    await appealed(3, 'uphold'); // turned down
    const { rows } = await database.pool.query<{ month: string }>(
      "SELECT to_char(now(), 'YYYY-MM') AS month",
    );
    const month = rows[0]?.month ?? '';
    expect(await rules.reopenDue(consortium, month)).toEqual([]);
    await appealed(4, 'dismiss');
    expect(await rules.reopenDue(consortium, month)).toEqual(['CHG-02']);
    expect(await rules.reopenDue(consortium, month)).toEqual([]);
    const reopened = async () =>
      (await rules.standings(consortium, null)).find(({ ruleId }) => ruleId === 'CHG-02')?.reopened;
    expect(await reopened()).toBe(month);
    const about = { consortium, ruleId: 'CHG-02', by: 'owner' };
    await rules.move({ ...about, to: 'SHADOW', reason: '停下来看看' });
    expect(await rules.move({ ...about, to: 'ACTIVE', reason: '恢复' })).toContain(
      '申诉成立较多，重新评审尚未结束',
    );
    await rules.closeReview({ ...about, outcome: '改了知识点' });
    expect(await reopened()).toBeNull();
    await expect(rules.closeReview({ ...about, outcome: 'x' })).rejects.toThrow('没有重新打开');
  });

  it('takes each side’s agreement to a version once, and writes every step to the journal', async () => {
    const about = { consortium, ruleId: 'CAT-06', by: 'doctor', note: '同意' };
    await rules.approve({ ...about, aspect: 'clinical' });
    await expect(rules.approve({ ...about, aspect: 'clinical' })).rejects.toThrow('已经同意过');
    await expect(rules.approve({ ...about, ruleId: 'CAT-99', aspect: 'clinical' })).rejects.toThrow(
      'CAT-99',
    );
    const { rows } = await database.pool.query<{ subject: string; count: number }>(
      `SELECT subject, count(*)::int AS count FROM journal_entry WHERE kind = 'configuration' GROUP BY subject ORDER BY subject`,
    );
    expect(rows).toEqual([
      { subject: 'audit-exemption:wrong-register', count: 3 },
      { subject: 'rule:CAT-06', count: 1 },
      { subject: 'rule:CAT-07', count: 5 },
      { subject: 'rule:CHG-02', count: 3 },
    ]);
  });
});

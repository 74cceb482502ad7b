import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { toYuan } from '../kernel/money.js';
import {
  type KnowledgeBase,
  type KnowledgePoint,
  knowledgeBaseOf,
  type LimitOf,
  type SetId,
} from '../knowledge/knowledge.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { auditClaims } from './audit-claims.js';
import { type AuditBook, compileAudit } from './compile.js';
import { factsOf } from './facts.js';
import type { Finding } from './finding.js';
import { claimsOfCase, ruleCaseSchema } from './rule-case.js';
import { loadAuditBook } from './rules.loader.js';

/** The acceptance vectors that span rules: amounts, overlap, versions, clinics. Those of one rule stand in its YAML file. */

const root = join(import.meta.dirname, '../..');
const shipped = loadKnowledgeBase(join(root, 'knowledge'));
const book = loadAuditBook({ configDir: join(root, 'config'), siteDir: null }, shipped);

interface Setting {
  readonly knowledge?: KnowledgeBase;
  readonly settings?: Partial<AuditBook['settings']>;
  readonly dismissed?: readonly string[];
}

function audit(
  input: object,
  { knowledge = shipped, settings = {}, dismissed = [] }: Setting = {},
) {
  const each = ruleCaseSchema.parse({ name: 'vector', finds: 'nothing', ...input });
  const compiled = compileAudit(
    { ...book, settings: { ...book.settings, ...settings } },
    knowledge,
  );
  const scope = { months: null, dismissed: new Set(dismissed) };
  return auditClaims(compiled, claimsOfCase(each).map(factsOf), scope);
}

function point<S extends SetId>(
  set: S,
  limit: LimitOf[S],
  fields: Partial<KnowledgePoint> = {},
): KnowledgePoint {
  return {
    id: `test-${set}`,
    set,
    name: 'X1',
    codes: ['X1'],
    limit,
    effectiveFrom: null,
    effectiveUntil: null,
    ...fields,
  } as KnowledgePoint;
}

/** `rule role amount`, sorted. */
const summary = (findings: readonly Finding[]) =>
  findings.map(({ rule, role, amountFen }) => `${rule.id} ${role} ${toYuan(amountFen)}`).sort();

describe('three rules on one line of 1,280.00', () => {
  const knowledge = knowledgeBaseOf('three', [
    point('insurance-type', { insurance: 'work-injury' }),
    point('drug-sex', { sex: 'male' }),
    point('care-setting', { settings: ['inpatient'] }),
  ]);
  const claims = [{ lines: [{ item: 'X1', on: '2024-03-01', price: '1280.00' }] }];

  it('claim 1,280.00 once: one primary, two corroborations', () => {
    const { findings } = audit({ claims }, { knowledge });
    expect(summary(findings)).toEqual([
      'CAT-01 primary 1280.00',
      'CAT-06 corroboration 0.00',
      'CAT-10 corroboration 0.00',
    ]);
    const primary = findings.find(({ role }) => role === 'primary');
    const others = findings.filter(({ role }) => role === 'corroboration');
    expect(others.map((each) => each.primaryFindingId)).toEqual([
      primary?.findingId,
      primary?.findingId,
    ]);
  });

  it('promote the next when the primary is dismissed, priced again', () => {
    const first = audit({ claims }, { knowledge }).findings.find(({ role }) => role === 'primary');
    const { findings } = audit({ claims }, { knowledge, dismissed: [first?.findingId ?? ''] });
    expect(summary(findings.filter(({ mode }) => mode === 'active'))).toEqual([
      'CAT-06 primary 1280.00',
      'CAT-10 corroboration 0.00',
    ]);
    const kept = findings.filter(({ mode }) => mode === 'dismissed');
    expect(kept.map(({ rule, amountFen }) => [rule.id, amountFen])).toEqual([['CAT-01', 0n]]);
  });
});

describe('a knowledge point replaced on 2026-01-28', () => {
  const old = { id: 'old', effectiveUntil: '2026-01-28' };
  const next = { id: 'new', effectiveFrom: '2026-01-28', supersedes: 'old' };
  const pointIds = (findings: readonly Finding[]) => findings.map(({ point: of }) => of?.id);

  describe.each([
    ['before', [old, next]],
    ['after', [next, old]],
  ])('with the old one standing %s the new one', (_, fields) => {
    const points = fields.map((each) => point('drug-sex', { sex: 'male' }, each));

    it.each([
      ['2026-01-27', 'old'],
      ['2026-01-28', 'new'],
    ])('judges service of %s by the %s point', (on, expected) => {
      const claims = [{ lines: [{ item: 'X1', on }] }];
      const { findings } = audit({ claims }, { knowledge: knowledgeBaseOf('revision', points) });
      expect(pointIds(findings)).toEqual([expected]);
    });
  });

  it('judges the days of a course each by the limit of that day', () => {
    const limits = { old: { ...old, maxDays: 3 }, next: { ...next, maxDays: 5 } };
    const knowledge = knowledgeBaseOf(
      'courses',
      Object.values(limits).map(({ maxDays, ...each }) =>
        point('drug-course-days', { maxDays, per: 'unstated' }, each),
      ),
    );
    const lines = [{ item: 'X1', on: '2026-01-24', until: '2026-01-30', price: '50.00' }];
    const { findings } = audit({ claims: [{ lines }] }, { knowledge });
    // Of 24 to 30 January the 4th day (27) is beyond 3, the 5th (28) not beyond 5, the 6th and 7th are.
    expect(
      findings.map(({ point: of, facts, amountFen }) => [of?.id, facts.excess, amountFen]).sort(),
    ).toEqual([
      ['new', 2, 10_000n],
      ['old', 1, 5_000n],
    ]);
  });

  it('says nothing of a pair charged when it was not one any more', () => {
    const limit = { containedCode: 'X2', containedName: 'X2', window: 'day' } as const;
    const knowledge = knowledgeBaseOf('pairs', [point('duplicate-pairs', limit, old)]);
    const pair = (on: string) => ({ lines: [X1, X2].map((item) => ({ item, on })) });
    const [X1, X2] = ['X1', 'X2'];
    const { findings } = audit({ claims: [pair('2026-01-27'), pair('2026-01-28')] }, { knowledge });
    expect(findings.map(({ facts }) => facts.on)).toEqual(['2026-01-27']);
  });
});

describe('an item hit inside a packaged (DIP) case', () => {
  const claims = [
    {
      admitted: '2024-03-01',
      discharged: '2024-03-05',
      fund: '60.00',
      lines: [{ item: '001201000040000', on: '2024-03-02', quantity: '2', price: '50.00' }],
    },
  ];

  it.each([
    ['ITEM_FUND', '30.00', 'exact'],
    ['REGROUP_ONLY', '0.00', 'record-only'],
    ['RECORD_ONLY', '0.00', 'record-only'],
  ] as const)('under %s costs %s', (itemHit, amount, money) => {
    const packagedCase = { careTypes: ['inpatient' as const], itemHit };
    const { findings } = audit({ claims }, { settings: { packagedCase } });
    expect(
      findings.map((each) => [each.rule.id, each.role, toYuan(each.amountFen), each.money]),
    ).toEqual([['QTY-01', 'primary', amount, money]]);
  });
});

describe('refunds', () => {
  const pair = [
    { item: '001103000010000', on: '2024-03-01', price: '120.00' },
    { item: '001102000030000', on: '2024-03-01', price: '15.00' },
  ];

  it('a pair whose primary item a negative claim took back is no hit', () => {
    const refund = { ...pair[0], quantity: '-1', on: '2024-03-04' };
    const { findings } = audit({ claims: [{ lines: pair }, { refundOf: '1', lines: [refund] }] });
    expect(findings).toEqual([]);
  });

  it('a claim taken back whole leaves nothing to find', () => {
    const back = pair.map((line) => ({ ...line, quantity: '-1' }));
    const { findings } = audit({ claims: [{ lines: pair }, { refundOf: '1', lines: back }] });
    expect(findings).toEqual([]);
  });

  it('a refund that names the claim comes off whatever day it says', () => {
    const refund = { ...pair[0], quantity: '-1', on: '2024-02-20' };
    const { findings } = audit({ claims: [{ lines: pair }, { refundOf: '1', lines: [refund] }] });
    expect(findings).toEqual([]);
  });

  it('units are taken back of the day, then before it, then after it', () => {
    const on = (day: string, quantity = '1') => ({ ...pair[1], on: `2024-03-0${day}`, quantity });
    const twice = { ...pair[0], on: '2024-03-03' };
    const lines = [on('1'), on('2'), on('3'), twice, on('2', '-2')];
    expect(summary(audit({ claims: [{ lines }] }).findings)).toEqual(['CHG-02 primary 15.00']);
    const more = [...lines.slice(0, -1), on('2', '-3')];
    expect(summary(audit({ claims: [{ lines: more }] }).findings)).toEqual([]);
  });

  it('a claim whose refund goes back for correction is not judged until then', () => {
    const refund = { ...pair[0], quantity: '-1' };
    const back = { refundOf: '1', admitted: '2024-03-05', discharged: '2024-03-01' };
    const claims = [{ lines: pair }, { ...back, lines: [refund] }];
    expect(summary(audit({ claims }).findings)).toEqual(['ELG-08 primary 0.00']);
  });

  it('a refund of another claim changes nothing', () => {
    const refund = { ...pair[0], quantity: '-1' };
    const { findings } = audit({ claims: [{ lines: pair }, { refundOf: '9', lines: [refund] }] });
    expect(summary(findings)).toEqual(['CHG-02 primary 15.00']);
  });
});

describe('a village clinic', () => {
  it('keeps the finding; its township centre carries the deduction', () => {
    const { findings } = audit({
      sex: 'male',
      claims: [
        {
          at: 'V01',
          settledBy: 'T01',
          level: 'village',
          lines: [{ item: '002101030300000', on: '2024-03-01', price: '35.00' }],
        },
      ],
    });
    expect(findings.flatMap(({ shares }) => shares)).toEqual([
      expect.objectContaining({
        institution: 'V01',
        settledBy: 'T01',
        pool: 'resident',
        amountFen: 3500n,
      }),
    ]);
  });
});

describe('male with a female item and a female newborn on the mother’s account', () => {
  const claims = (born: string) => ({
    born,
    claims: [{ lines: [{ item: '002101030280000', on: '2024-03-05' }] }],
  });

  it('is a hit for a grown man, none for an account in the first 28 days', () => {
    const man = {
      sex: 'male',
      claims: [{ lines: [{ item: '002101030300000', on: '2024-03-05' }] }],
    };
    expect(summary(audit(man).findings)).toEqual(['CAT-07 primary 100.00']);
    for (const born of ['2024-02-20', '2024-02-06'])
      expect(audit({ sex: 'female', ...claims(born) }).findings).toEqual([]);
    expect(summary(audit({ sex: 'female', ...claims('2024-02-05') }).findings)).toEqual([
      'CAT-07 primary 100.00',
    ]);
  });
});

describe('the result', () => {
  const stays = [
    { no: 'A', admitted: '2024-02-20', discharged: '2024-03-01' },
    { no: 'B', admitted: '2024-03-08', discharged: '2024-03-12' },
    { no: 'C', lines: [{ item: '001201000040000', on: '2024-03-20', quantity: '2' }] },
  ];

  it('is the same in whatever order claims and lines arrive', () => {
    const forth = audit({ claims: stays });
    expect(forth.findings).toHaveLength(2);
    expect(audit({ claims: stays.toReversed() }).digest).toBe(forth.digest);
  });

  it('of one month does not change when the next month arrives', () => {
    const course = { item: 'XB01AXA223B004010180963', price: '50.00' };
    const stroke = { diagnoses: ['I63.900'] };
    const january = {
      ...{ ...stroke, no: 'J' },
      lines: [{ ...course, on: '2024-01-12', until: '2024-01-27' }],
    };
    const february = {
      ...{ ...stroke, no: 'F' },
      lines: [{ ...course, on: '2024-02-01', until: '2024-02-03' }],
    };
    const alone = audit({ claims: [january] });
    const both = audit({ claims: [january, february] });
    expect(alone.findings).toHaveLength(1);
    expect(both.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          findingId: alone.findings[0]?.findingId,
          amountFen: alone.findings[0]?.amountFen,
          month: '2024-01',
        }),
      ]),
    );
    expect(summary(both.findings)).toEqual(['CAT-11 primary 100.00', 'CAT-11 primary 150.00']);
  });
});

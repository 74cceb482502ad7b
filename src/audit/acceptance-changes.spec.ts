import { describe, expect, it } from '@jest/globals';
import { audit, point, summary } from '../../test/audit/vectors.js';
import { knowledgeBaseOf } from '../knowledge/knowledge.js';
import type { Finding } from './finding.js';

/** The acceptance vectors of what changes: knowledge replaced by a later release, charges taken back. */

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
      findings
        .map(({ point: of, facts, amountFen }) => [of?.id, facts['excess'], amountFen])
        .sort(),
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
    expect(findings.map(({ facts }) => facts['on'])).toEqual(['2026-01-27']);
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

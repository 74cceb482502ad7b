import { describe, expect, it } from '@jest/globals';
import { region, regionOf, term, terms } from '../../test/support/term-case.js';
import type { OverlayRecord } from '../policy/policy-schema.js';
import { filingsOf } from '../policy/resolve.js';
import { DUTIES } from './duties.js';
import { DeadlineTermError } from './errors.js';

describe('annual clearing, in principle by the end of June of the next year (SY-09)', () => {
  const sanya = { chain: region('sanya'), period: '2024' };

  it.each([
    ['2025-06-30', undefined, 'open', 0],
    ['2025-07-01', undefined, 'breached', 1],
    ['2025-07-08', '2025-06-30', 'met', null],
    ['2025-07-08', '2025-07-07', 'late', 5],
    ['2025-06-01', '2025-06-20', 'open', 20], // not yet known on 1 June
  ])('on %s, cleared %s: %s', (on, cleared, state, workingDays) => {
    const found = terms({ ...sanya, on, ...(cleared === undefined ? {} : { cleared }) });
    expect(found['year-clearing']).toMatchObject({ due: '2025-06-30', state, workingDays });
    expect(found['year-clearing']).toMatchObject({
      clause: 'sanya-2024-6 §三(三)1',
      inPrinciple: true,
    });
  });

  it('knows no terms that its text does not set', () => {
    expect(Object.keys(terms({ ...sanya, on: '2025-07-01' }))).toEqual(['year-clearing']);
    expect(terms({ ...sanya, period: '2024-03', on: '2025-07-01' })).toEqual({});
  });
});

describe('the clock of a month’s payment starts when the last member has declared (HN-06)', () => {
  const chain = region('hunan');
  const month = { chain, period: '2025-03' };

  it('waits, and says for whom', () => {
    const found = terms({ ...month, on: '2025-04-20', declared: { A: '2025-04-03' } });
    expect(found['month-payment']).toMatchObject({
      state: 'waiting',
      due: null,
      note: '等待乡镇卫生院完成申报',
    });
  });

  it('runs from the last one, named, not before; the lead’s own term from receipt', () => {
    const declared = { A: '2025-04-03', B: '2025-04-10' };
    expect(terms({ ...month, on: '2025-04-09', declared })['month-payment']?.startedOn).toBeNull();
    const open = terms({ ...month, on: '2025-05-26', declared });
    expect(open['month-payment']).toMatchObject({
      ...{ state: 'open', startedOn: '2025-04-10', startedBy: '最后完成申报：乡镇卫生院' },
      ...{ due: '2025-05-26', workingDays: 0, inPrinciple: true },
      ...{ term: '30 个工作日', clause: 'hunan-2024-31 §二(六)' },
    });
    expect(open['month-pass-on']?.state).toBe('waiting');
    const paid = terms({
      ...{ ...month, on: '2025-06-20', declared },
      filings: [
        ['paid.month', '2025-03', '2025-05-27'],
        ['passed_on.month', '2025-03', '2025-06-10'],
      ],
    });
    expect(paid['month-payment']).toMatchObject({ state: 'late', workingDays: 1 });
    expect(paid['month-pass-on']).toMatchObject({ state: 'met', due: '2025-06-11' });
  });

  it('believes a filed declaration before the books', () => {
    const found = terms({
      ...{ ...month, on: '2025-05-01', declared: { A: '2025-04-03', B: '2025-04-10' } },
      filings: [['declared.month', '2025-03', '2025-04-15', 'B']],
    });
    expect(found['month-payment']?.startedOn).toBe('2025-04-15');
  });

  it('gives the lead ten working days from receipt of the clearing too', () => {
    const filings = [['paid.year', '2025', '2026-05-20']] as const;
    expect(
      terms({ chain, period: '2025', on: '2026-06-03', filings })['year-pass-on'],
    ).toMatchObject({ due: '2026-06-03', state: 'open', inPrinciple: false });
  });

  it('lists the annual clearing as a term the text leaves to other rules (HN-13)', () => {
    const found = terms({ chain, period: '2025', on: '2026-06-01' })['year-clearing'];
    expect(found).toMatchObject({ state: 'unspecified', due: null });
  });
});

describe('start-of-year prepayment by the end of January, passed on in three working days (GY-09, GY-10, GY-11)', () => {
  const chain = region('ganyu');

  it.each([
    ['2025-01-31', '2025-02-07', 'met'], // 5, 6, 7 February: the festival does not count
    ['2025-01-31', '2025-02-08', 'late'], // the make-up Saturday is a working day already too late
    ['2025-02-05', '2025-02-08', 'met'], // and counts itself: 6, 7, 8 February
  ])('received %s, passed on %s: %s', (paid, passed, state) => {
    const filings = [
      ['paid.start', '2025', paid],
      ['passed_on.start', '2025', passed],
    ] as const;
    expect(
      terms({ chain, period: '2025', on: '2025-03-01', filings })['start-pass-on']?.state,
    ).toBe(state);
  });

  it('is breached once January is over', () => {
    const on = (day: string) => terms({ chain, period: '2025', on: day })['start-payment']?.state;
    expect([on('2025-01-31'), on('2025-02-01')]).toEqual(['open', 'breached']);
  });

  it('pays the assessment money three working days after the assessment, in principle', () => {
    const filings = [['assessed.month', '2025-04', '2025-04-29']] as const;
    expect(
      terms({ chain, period: '2025-04', on: '2025-05-07', filings })['release-pass-on'],
    ).toMatchObject({ due: '2025-05-07', state: 'open', inPrinciple: true }); // 30 April, 6 and 7 May
  });

  it('passes a month’s ninety per cent on within three working days of receipt, in principle', () => {
    const filings = [['paid.month', '2025-04', '2025-04-29']] as const;
    expect(
      terms({ chain, period: '2025-04', on: '2025-05-07', filings })['month-pass-on'],
    ).toMatchObject({ due: '2025-05-07', state: 'open', inPrinciple: true });
  });

  it('passes the clearing on within three working days of receipt, without exception', () => {
    const filings = [['paid.year', '2025', '2026-05-20']] as const;
    expect(
      terms({ chain, period: '2025', on: '2026-05-25', filings })['year-pass-on'],
    ).toMatchObject({ due: '2026-05-25', state: 'open', inPrinciple: false });
  });

  it('clears by the end of May of the next year and passes on from receipt', () => {
    const found = terms({ chain, period: '2025', on: '2026-06-01' });
    expect(found['year-clearing']).toMatchObject({ due: '2026-05-31', state: 'breached' });
    expect(found['year-pass-on']).toMatchObject({ state: 'waiting' });
  });
});

describe('a scheme that must run by a day (JL-15)', () => {
  const chain = region('jilin');

  it.each([
    ['2025-10-31', 'met'],
    ['2025-11-03', 'late'],
  ])('started %s: %s', (started, state) => {
    const filings = [['scheme.started_on', '2025', started]] as const;
    expect(
      terms({ chain, period: '2025', on: '2025-12-01', filings })['scheme-start'],
    ).toMatchObject({ due: '2025-10-31', state });
  });

  it('concerns that year alone', () => {
    const found = terms({ chain, period: '2026', on: '2026-12-01' });
    expect(found).not.toHaveProperty('scheme-start');
  });
});

describe('what starts and ends a term is something a person can file', () => {
  /** The books know the declarations of a month and the clearing of a year. */
  const ofBooks: readonly string[] = ['all-declared', 'cleared.year'];

  it.each(['sanya', 'ganyu', 'hunan', 'jilin', 'hainan'])('in %s', (name) => {
    const chain = region(name);
    const known = filingsOf(chain);
    const asked = DUTIES.filter(({ parameter }) =>
      chain.some(({ parameters }) => parameters[parameter] !== undefined),
    ).flatMap(({ term, doneBy }) =>
      term.kind === 'working-days' ? [term.after, doneBy] : [doneBy],
    );
    expect(asked.filter((event) => known[event] === undefined && !ofBooks.includes(event))).toEqual(
      [],
    );
  });
});

describe('terms that cannot be judged', () => {
  it('lists a term the text leaves open', () => {
    const chain = regionOf(
      '  clearing.deadline: { label: 期限, unit: text, clause: sample-2025-1 §2, unspecified: 按国家或省规定 }\n',
    );
    expect(terms({ chain, period: '2025', on: '2026-06-01' })['year-clearing']).toMatchObject({
      ...{ state: 'unspecified', note: '按国家或省规定', clause: 'sample-2025-1 §2' },
    });
  });

  it('says that the calendar of a year is missing', () => {
    const chain = regionOf(term('deadline.start_pass_on', 'count', '30'));
    const filings = [['paid.start', '2026', '2026-12-20']] as const;
    expect(
      terms({ chain, period: '2026', on: '2026-12-31', filings })['start-pass-on'],
    ).toMatchObject({ state: 'no-calendar', due: null });
  });

  it('knows a last day in a year without a calendar, not how many working days are left', () => {
    const chain = regionOf(term('clearing.deadline', 'text', '05-31'));
    expect(terms({ chain, period: '2026', on: '2026-12-31' })['year-clearing']).toMatchObject({
      ...{ state: 'open', due: '2027-05-31', workingDays: null },
    });
  });

  it('refuses a day that no year has', () => {
    const chain = regionOf(term('clearing.deadline', 'text', '02-30'));
    expect(() => terms({ chain, period: '2025', on: '2026-06-01' })).toThrow(DeadlineTermError);
  });

  it('takes an approved exception from an overlay', () => {
    const chain = regionOf(term('clearing.deadline', 'text', '05-31'));
    const overlay: OverlayRecord = {
      ...{ overlay: 'approved', region: 'sample', documents: {} },
      set: {
        'clearing.deadline': { values: { '2025-01-01': '06-15' }, clause: 'sample-2026-1 §1' },
      },
    };
    const found = terms({ chain, period: '2025', on: '2026-06-10', overlays: [overlay] });
    expect(found['year-clearing']).toMatchObject({
      ...{ due: '2026-06-15', state: 'open', overlay: 'approved', clause: 'sample-2026-1 §1' },
    });
  });
});

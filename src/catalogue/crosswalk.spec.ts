import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CodePeriod, plannedChanges } from './crosswalk.js';

const period = (
  localCode: string,
  validFrom: string,
  validTo: string | null,
  nationalCode = 'N1',
): CodePeriod => ({
  kind: 'item',
  localCode,
  validFrom,
  validTo,
  nationalCode,
});
const wanted = (...periods: readonly CodePeriod[]) =>
  periods.map((each, index) => ({ ...each, sheetRow: index + 2 }));

const DAYS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `2024-01-0${number}`);

function holdsOn({ localCode, validFrom, validTo }: CodePeriod, code: string, on: string): boolean {
  return localCode === code && validFrom <= on && (validTo === null || on < validTo);
}

describe('changes of a crosswalk', () => {
  it('are what differs from the table that holds', () => {
    const current = [period('A', '2024-01-01', null), period('B', '2024-01-01', null)];
    const plan = plannedChanges(
      current,
      wanted(
        period('A', '2024-01-01', null),
        period('B', '2024-01-01', '2024-07-01'),
        period('B', '2024-07-01', null, 'N2'),
      ),
    );
    expect(plan).toMatchObject({ unchanged: 1, problems: [] });
    expect(plan.changes.map(({ sheetRow, before }) => [sheetRow, before?.validTo])).toEqual([
      [3, null],
      [4, undefined],
    ]);
  });

  it.each<[string, CodePeriod[], CodePeriod[], number]>([
    ['with what holds', [period('A', '2024-01-01', null)], [period('A', '2024-06-01', null)], 2],
    ['by one day', [period('A', '2024-01-01', '2024-06-02')], [period('A', '2024-06-01', null)], 2],
    ['within the sheet', [], [period('A', '2024-01-01', null), period('A', '2024-06-01', null)], 3],
    ['before what holds', [period('A', '2024-06-01', null)], [period('A', '2024-01-01', null)], 2],
    [
      'twice the same',
      [],
      [period('A', '2024-01-01', null), period('A', '2024-01-01', null, 'N2')],
      3,
    ],
  ])('may not overlap %s', (_, current, rows, row) => {
    expect(plannedChanges(current, wanted(...rows)).problems).toMatchObject([{ row }]);
  });

  it('may meet end to end', () => {
    const current = [period('A', '2024-01-01', '2024-06-01')];
    expect(plannedChanges(current, wanted(period('A', '2024-06-01', null))).problems).toEqual([]);
  });

  it('never let a code mean two things on one day', () => {
    const day = fc.constantFrom(...DAYS);
    const any = fc
      .record({ localCode: fc.constantFrom('A', 'B'), validFrom: day, validTo: fc.option(day) })
      .filter(({ validFrom, validTo }) => validTo === null || validTo > validFrom)
      .map(({ localCode, validFrom, validTo }) => period(localCode, validFrom, validTo));
    fc.assert(
      fc.property(fc.array(any), fc.array(any), (first, second) => {
        const start = plannedChanges([], wanted(...first));
        const current = start.problems.length === 0 ? start.changes : [];
        const { changes, problems } = plannedChanges(current, wanted(...second));
        if (problems.length > 0) return;
        const table = new Map(
          [...current, ...changes].map((each) => [each.localCode + each.validFrom, each]),
        );
        const meanings = DAYS.flatMap((on) =>
          ['A', 'B'].map(
            (code) => [...table.values()].filter((each) => holdsOn(each, code, on)).length,
          ),
        );
        expect(Math.max(...meanings)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

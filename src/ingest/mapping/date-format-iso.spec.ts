import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isIsoDate, isIsoDateTime } from '../../kernel/dates.js';
import { dateReader } from './date-format.js';

const read = dateReader('iso') ?? (() => null);

describe('an ISO moment read where it stands', () => {
  it('is a day or a moment exactly when the calendar has it', () => {
    const digits = (most: number, width: number) =>
      fc.nat(most).map((value) => String(value).padStart(width, '0'));
    const day = fc
      .tuple(fc.nat(3100), digits(13, 2), digits(32, 2))
      .map(([year, month, date]) => `${String(year).padStart(4, '0')}-${month}-${date}`);
    const time = fc
      .tuple(digits(25, 2), digits(61, 2), digits(61, 2))
      .map((parts) => parts.join(':'));
    fc.assert(
      fc.property(day, time, fc.constantFrom(' ', 'T', 't', ''), (date, clock, separator) => {
        expect(read(date)).toBe(isIsoDate(date) ? date : null);
        const moment = `${date}T${clock}`;
        const exists = (separator === ' ' || separator === 'T') && isIsoDateTime(moment);
        expect(read(`${date}${separator}${clock}`)).toBe(exists ? moment : null);
      }),
      { numRuns: 2_000 },
    );
  });
});

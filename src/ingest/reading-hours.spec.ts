import { describe, expect, it } from '@jest/globals';
import { localTime, opensAt } from './reading-hours.js';

const SHANGHAI = 'Asia/Shanghai';
const at = (local: string): Date => new Date(`${local.replace(' ', 'T')}:00+08:00`);

describe('the hours in which a source may be read', () => {
  const night = { from: '21:00', to: '06:30' };
  const noon = { from: '12:00', to: '13:00' };
  it.each([
    [night, '2024-12-05 20:59', '2024-12-05 21:00'],
    [night, '2024-12-05 21:00', null],
    [night, '2024-12-05 00:00', null],
    [night, '2024-12-05 06:29', null],
    [night, '2024-12-05 06:30', '2024-12-05 21:00'],
    [noon, '2024-12-05 11:59', '2024-12-05 12:00'],
    [noon, '2024-12-05 12:59', null],
    [noon, '2024-12-05 13:00', '2024-12-06 12:00'],
    [{ from: '00:00', to: '00:00' }, '2024-12-05 13:00', null],
    [null, '2024-12-05 13:00', null],
  ])('%j at %s', (hours, now, opens) => {
    expect(opensAt(hours, at(now), SHANGHAI)).toEqual(opens === null ? null : at(opens));
  });

  it('are those of the place', () => {
    expect(localTime(new Date('2024-12-31T16:00:05Z'), SHANGHAI)).toBe('2025-01-01 00:00:05');
  });
});

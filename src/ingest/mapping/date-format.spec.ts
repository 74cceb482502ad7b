import { describe, expect, it } from '@jest/globals';
import { dateReader } from './date-format.js';

describe('dateReader', () => {
  it.each<[string, string, string | null]>([
    ['iso', '2024-02-29', '2024-02-29'],
    ['iso', '2026-02-30', null],
    ['iso', '2024-01-05 08:00:01', '2024-01-05T08:00:01'],
    ['iso', '2024-01-05T08:00', '2024-01-05T08:00:00'],
    ['iso', '2024-01-05 08:00:01.123456', '2024-01-05T08:00:01'],
    ['iso', '2024-01-05 08:00:01+08', '2024-01-05T08:00:01'],
    ['iso', '2024-01-05 24:00:00', null],
    ['iso', '2024-01-05 08:60:00', null],
    ['iso', '2024-01-05x08:00:00', null],
    ['iso', '2024-01-05 08:00:00 pm', null],
    ['iso', '2024-01-05 8:00:00', null],
    ['iso', '20240105', null],
    ['yyyyMMdd', '20240105', '2024-01-05'],
    ['yyyyMMdd', '20240230', null],
    ['yyyyMMdd', '2024010', null],
    ['yyyyMMddHHmmss', '20240105235959', '2024-01-05T23:59:59'],
    ['yyyy/M/d', '2024/1/5', '2024-01-05'],
    ['yyyy年M月d日', '2024年12月31日', '2024-12-31'],
    ['dd.MM.yyyy HH:mm', '05.01.2024 08:30', '2024-01-05T08:30:00'],
  ])('%s reads %s as %s', (format, text, expected) => {
    expect(dateReader(format)?.(text)).toBe(expected);
  });

  it.each(['yyyyMM', 'dd', 'yyyyMMddMM', ''])('%s is no date format', (format) => {
    expect(dateReader(format)).toBeNull();
  });
});

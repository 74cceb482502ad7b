import { describe, expect, it } from '@jest/globals';
import { filePattern } from './file-pattern.js';

describe('file names', () => {
  it.each<[string, string, string | null]>([
    ['c-{yyyyMMdd}.xml', 'c-20241205.xml', '2024-12-05'],
    ['c-{yyyyMMdd}.xml', 'c-202412.xml', null],
    ['c-{yyyyMM}.xml', 'c-202412.xml', '2024-12-01'],
    ['c-{yyyyMMdd?}*.xml', 'c-20241205-补.xml', '2024-12-05'],
    ['c-{yyyyMMdd?}*.xml', 'c-202412.xml', '2024-12-01'],
    ['c.{yyyyMM}.xml', 'cx202412.xml', null], // a dot is a dot
    ['{yyyyMMdd}.csv', '20241205.csv.part', null],
  ])('%s of %s is about %s', (pattern, name, day) => {
    expect(filePattern(pattern)?.dayOf(name)).toBe(day);
  });

  it.each(['a.xml', '{yyyy}.xml', '{yyyyMM}{yyyyMMdd}.xml'])('%s is no pattern', (pattern) => {
    expect(filePattern(pattern)).toBeNull();
  });
});

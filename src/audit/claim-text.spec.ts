import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { claimSchema } from '../claims/claim.js';
import { copyCells, copyRow } from '../database/copy-text.js';
import { parseClaim } from './claim-text.js';
import { parseScaled, quantityText } from './scaled.js';

const formats = join(import.meta.dirname, '../../docs/formats');
const page = readFileSync(join(formats, 'claims.md'), 'utf8');
const example = /```json\n(\{[\s\S]*?\})\n```/.exec(page)?.[1] ?? '';

describe('claims.ndjson', () => {
  it('is documented by the schema that reads it: regenerate docs/formats/claims.schema.json', () => {
    const { title: _, ...documented } = JSON.parse(
      readFileSync(join(formats, 'claims.schema.json'), 'utf8'),
    );
    expect(documented).toEqual(
      z.toJSONSchema(claimSchema, { io: 'input', unrepresentable: 'any' }),
    );
  });

  it('is read as its page shows it', () => {
    expect(parseClaim(example)).toMatchObject({ claim: { key: 'H46020000001/2024030100017' } });
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /^不是 JSON 对象；/],
    ['money with three decimals', example.replace('"25.60"', '"25.601"'), /最多两位小数/],
    ['a number for money', example.replace('"25.60"', '25.60'), /应为文本，数字须加引号/],
    [
      'more money than there is',
      example.replace('"totalFee": "51.20"', '"totalFee": "10000000000000.01"'),
      /不超过十万亿/,
    ],
    [
      'a line twice',
      JSON.stringify({
        ...JSON.parse(example),
        lines: Array(2).fill(JSON.parse(example).lines[0]),
      }),
      /^lines：同一结算内明细号重复$/,
    ],
    ['a key left out', example.replace(/"sex": "female", /, ''), /^sex：缺少这一项/],
    ['a day that does not exist', example.replace('1958-04-12', '2026-02-30'), /^birthDate：/],
    ['a key that is not known', example.replace('"sex"', '"gender": "1", "sex"'), /gender/],
    [
      'a charge on a day that does not exist',
      example.replace('2024-03-01T10:05:00', '2024-02-30'),
      /^lines\.0\.chargedAt：日期或时间不存在/,
    ],
    [
      'money that flows back for no claim',
      example.replaceAll('"51.20"', '"-51.20"').replaceAll('"25.60"', '"-25.60"'),
      /^totalFee：金额为负，却没有写明冲销的原结算号/,
    ],
    ['a quantity out of range', example.replace('"2.0000"', '"99999999999999.0000"'), /超出范围/],
  ])('refuses %s, naming the field and no value', (_, text, problem) => {
    const parsed = parseClaim(text);
    const problems = 'problems' in parsed ? parsed.problems : [];
    expect(problems.join('；')).toMatch(problem);
    expect(problems.join('；')).not.toMatch(/1958|601|460299/);
  });
});

describe('claims-example.ndjson', () => {
  const lines = readFileSync(join(formats, 'claims-example.ndjson'), 'utf8').trimEnd().split('\n');

  it('begins with the claim that the page shows, and every line of it is one', () => {
    expect(JSON.parse(lines[0] ?? '')).toEqual(JSON.parse(example));
    expect(lines.map((line) => 'claim' in parseClaim(line))).toEqual(lines.map(() => true));
  });
});

describe('scaled quantities', () => {
  it.each([
    ['2', 20_000, '2'],
    ['0.5000', 5_000, '0.5'],
    ['-0.25', -2_500, '-0.25'],
    ['-3.1', -31_000, '-3.1'],
    ['0.33339', 3_333, '0.3333'],
    ['-0', 0, '0'],
  ])('reads %s', (text, scaled, shown) => {
    expect(parseScaled(text, 4)).toBe(scaled);
    expect(quantityText(scaled)).toBe(shown);
  });

  it.each(['', '1e3', '1,000', 'NaN', '９', '99999999999999.0'])('refuses %j', (text) => {
    expect(() => parseScaled(text, 4)).toThrow(RangeError);
  });
});

describe('COPY text', () => {
  it('carries tabs, line ends, backslashes and nulls there and back', () => {
    const cells = ['a\tb', 'c\nd', 'e\\f', null, '', 'g\\N'];
    expect(copyCells(copyRow(cells).slice(0, -1))).toEqual(cells);
  });
});

import { describe, expect, it } from '@jest/globals';
import { columnReader, isLiteral } from './mysql-columns.js';

const VARCHAR = 253;
const meta = (charset: string, type = VARCHAR, listed = false) => ({
  name: 'c',
  type,
  charset,
  listed,
});
const hex = (text: string) => Buffer.from(text, 'hex');

function readerOf(...given: Parameters<typeof columnReader>) {
  const reader = columnReader(...given);
  if (typeof reader === 'string') throw new Error(reader);
  return reader;
}

describe('the bytes of a column', () => {
  it.each([
    ['gbk', undefined, 'b0a2', '阿'],
    ['gb18030', undefined, '95328236', '𠀀'],
    ['latin1', 'gb18030', 'b0a2', '阿'],
    ['latin1', 'gbk', '41', 'A'],
    ['latin1', undefined, '80e9', '€é'],
    ['latin1', 'utf-8', 'e998bf', '阿'],
    ['big5', undefined, 'aafc', '阿'],
    ['utf16', undefined, '963f', '阿'],
    ['ucs2', undefined, '963f', '阿'],
    ['binary', undefined, '6162', 'ab'],
    ['latin1', 'utf-8', 'efbfbd', '\ufffd'],
  ])('%s declared as %s: %s', (charset, declared, bytes, text) => {
    expect(readerOf(meta(charset), declared).decode(hex(bytes))).toBe(text);
  });

  it.each([
    ['latin1', 'utf-8', 'e998'],
    ['binary', undefined, 'e998'],
    ['latin1', 'gb18030', 'b0'],
    ['gbk', undefined, 'ff'],
  ])('that are not text of %s (%s) are not guessed: %s', (charset, declared, bytes) => {
    expect(() => readerOf(meta(charset), declared).decode(hex(bytes))).toThrow('not valid');
  });

  it.each([
    [meta('binary', 8), undefined, 'latin1'],
    [meta('utf8mb4'), undefined, 'utf8'],
    [meta('utf8mb3'), undefined, 'utf8'],
    [meta('utf8mb4'), 'gbk', null],
    [meta('gbk'), undefined, null],
    [meta('binary', 16), undefined, null],
  ])(
    'are left to the driver only where it cannot err: %j declared as %s',
    (column, declared, by) => {
      expect(readerOf(column, declared).driverDecodes).toBe(by);
    },
  );

  it('of an unknown character set are refused until the stream declares one', () => {
    expect(columnReader(meta('sjis'), undefined)).toContain('charsets');
    expect(readerOf(meta('sjis'), 'gbk').decode(hex('b0a2'))).toBe('阿');
  });
});

describe('the literal to go on after', () => {
  it.each([
    ['a number', meta('binary', 8), '9007199254740993', '9007199254740993'],
    ['a decimal', meta('binary', 246), '-12.30', '-12.30'],
    ['a moment', meta('binary', 12), '2024-01-02 08:00:00.5', "'2024-01-02 08:00:00.5'"],
    ['a text', meta('gbk'), "a'b", "_gbk x'612762'"],
    ['bytes', meta('binary'), hex('b0a2'), "x'b0a2'"],
    ['bytes of an undeclared encoding', meta('latin1'), hex('b0a2'), "_latin1 x'b0a2'"],
  ])('%s', (_, column, value, literal) => {
    const made = readerOf(column, undefined).literal?.(value) ?? '';
    expect(made).toBe(literal);
    expect(isLiteral(made)).toBe(true);
  });

  it.each([
    ['float', meta('binary', 4)],
    ['double', meta('binary', 5)],
    ['enum, which is ordered by position', meta('utf8mb4', 254, true)],
  ])('does not exist for %s', (_, column) => {
    expect(readerOf(column, undefined).literal).toBeNull();
  });

  it.each(["'a' OR 1=1", 'NULL', "x'6G'", '1; DROP TABLE t', "'2024-01-01' --", '1e5'])(
    'is never %s',
    (text) => {
      expect(isLiteral(text)).toBe(false);
    },
  );
});

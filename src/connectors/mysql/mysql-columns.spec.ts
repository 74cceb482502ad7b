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
    ['utf8mb4', undefined, 'e998bf', '阿'],
    ['utf8', undefined, 'e998bf', '阿'],
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
    ['utf8mb4', undefined, 'efbfbd', '\ufffd'],
  ])('%s declared as %s: %s', (charset, declared, bytes, text) => {
    expect(readerOf(meta(charset), declared).text(hex(bytes))).toBe(text);
  });

  it.each([
    ['utf8mb4', undefined, 'e998'],
    ['latin1', 'gb18030', 'b0'],
    ['gbk', undefined, 'ff'],
  ])('that are not text of %s (%s) are not guessed: %s', (charset, declared, bytes) => {
    expect(() => readerOf(meta(charset), declared).text(hex(bytes))).toThrow('not valid');
  });

  it('of an unknown character set are refused until the stream declares one', () => {
    expect(columnReader(meta('sjis'), undefined)).toContain('charsets');
    expect(readerOf(meta('sjis'), 'gbk').text(hex('b0a2'))).toBe('阿');
  });
});

describe('the literal to go on after', () => {
  it.each([
    ['a number', meta('binary', 8), '9007199254740993', '9007199254740993'],
    ['a decimal', meta('binary', 246), '-12.30', '-12.30'],
    ['a moment', meta('binary', 12), '2024-01-02 08:00:00.5', "'2024-01-02 08:00:00.5'"],
    ['a text', meta('gbk'), "a'b", "_gbk x'612762'"],
    ['bytes', meta('binary'), 'ab', "x'6162'"],
  ])('%s', (_, column, value, literal) => {
    const made = readerOf(column, undefined).literal?.(Buffer.from(value, 'latin1')) ?? '';
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

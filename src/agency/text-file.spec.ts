import { describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { readRows, unzipText, writeRows, zipText } from './text-file.js';

describe('text files of the interface', () => {
  it('have TAB between columns, a line a row, and the word null for null', () => {
    expect(
      writeRows([
        ['1', null, '甲\t乙\n丙'],
        ['2', '0.00', ''],
      ]),
    ).toBe('1\tnull\t甲 乙 丙\n2\t0.00\t\n');
  });

  it('are read with either line end; empty and null are null, surplus columns ignored', () => {
    expect(readRows('1\tnull\tx\t9\r\n2\t\ty\t9\r\n', 3)).toEqual([
      ['1', null, 'x'],
      ['2', null, 'y'],
    ]);
  });

  it('name the line that has too few columns', () => {
    expect(() => readRows('1\t2\n1\n', 2)).toThrow('第 2 行只有 1 列');
  });

  it('survive packing, and the same text gives the same bytes', () => {
    const text = writeRows([['𠀀', '1.00']]);
    expect(unzipText(zipText('a.txt', text), 1000)).toBe(text);
    expect(zipText('a.txt', text)).toEqual(zipText('a.txt', text));
  });

  it.each([
    ['no archive', strToU8('hello')],
    ['two files', zipSync({ a: strToU8('1'), b: strToU8('2') })],
    ['too large', zipSync({ a: new Uint8Array(2000) })],
    ['no text', zipSync({ a: Uint8Array.of(0xff, 0xfe) })],
  ])('are refused: %s', (_, archive) => {
    expect(() => unzipText(archive, 1000)).toThrow('不是可用的 ZIP 文本');
  });
});

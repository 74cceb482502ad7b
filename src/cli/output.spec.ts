import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '../kernel/errors.js';
import { EXIT, exitCodeOf, UsageError } from './exit-code.js';
import { tableLines, widthOf } from './output.js';

describe('tableLines', () => {
  it('lines columns up when cells hold Chinese, numbers and nothing', () => {
    const rows = [
      { name: '崖州湾医院', fen: '1.00' },
      { name: 'A', fen: '12345.00' },
      { name: null, fen: '' },
    ];
    expect(
      tableLines(rows, [
        { title: '机构', cell: ({ name }) => name },
        { title: '金额', cell: ({ fen }) => fen, align: 'right' },
      ]),
    ).toEqual([
      '机构            金额',
      '----------  --------',
      '崖州湾医院      1.00',
      'A           12345.00',
      '',
    ]);
  });
});

describe('widthOf', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['医', 2],
    ['（无）', 6],
    ['𠮷', 2],
    ['é', 1],
  ])('gives %j %i cells', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe('exitCodeOf', () => {
  class Gaps extends GatewayError {
    readonly code = 'policy.gaps';
    readonly recovery = 'halt';
    readonly remedy = '';
  }

  it('tells usage, halt and failure apart', () => {
    expect([new UsageError(''), new Gaps(''), new Error('x')].map(exitCodeOf)).toEqual([
      EXIT.usage,
      EXIT.halted,
      EXIT.failed,
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { allowedFields, logText, prettyLine } from './log-line.js';

describe('what a log line may hold', () => {
  it('keeps listed fields and leaves the rest out', () => {
    const given = {
      batchId: '812',
      rows: 3,
      count: 5n,
      name: '张三',
      cells: ['460'],
      kind: { a: 1 },
    };
    expect(allowedFields(given)).toEqual({ batchId: '812', rows: 3, count: '5' });
  });

  it('hides identifiers even in a listed field', () => {
    expect(allowedFields({ code: '46020019900101123X' })).toEqual({ code: '…' });
  });

  it.each([null, undefined, 'text', 7])('has no fields of %p', (given) => {
    expect(allowedFields(given)).toEqual({});
  });

  it('writes one line without control characters', () => {
    expect(logText('a\nb\u001b[31mc\u0000')).toBe('a⏎b[31mc');
    expect(logText(new Error('value "张三"'))).toBe('value "…"');
    expect(logText('x'.repeat(3_000))).toHaveLength(2_001);
  });

  it('is readable at a terminal', () => {
    const json =
      '{"level":"warn","time":"2024-03-01T02:03:04.000Z","pid":1,"role":"worker","context":"jobs","workItem":"7","msg":"工作将重试"}';
    expect(prettyLine(json)).toBe('02:03:04 警告 jobs 工作将重试 workItem=7\n');
  });
});

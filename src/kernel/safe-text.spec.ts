import { describe, expect, it } from '@jest/globals';
import { GatewayError } from './errors.js';
import { safeMessage, safeStack, withoutIdentifiers } from './safe-text.js';

class KnownError extends GatewayError {
  readonly code = 'test.known';
  readonly recovery = 'halt';
  readonly remedy = '';
}

describe('what is written down of an error', () => {
  it.each([
    ['invalid input syntax for type date: "张三"', 'invalid input syntax for type date: "…"'],
    ["Incorrect date value: '张三' for column", 'Incorrect date value: "…" for column'],
    ['Unexpected token 张, "张三,460…" is not', 'Unexpected token 张, "…" is not'],
    ['Key (id_card)=(46020019900101123X) exists', 'Key (id_card)=… exists'],
    ['value cut off: "张三', 'value cut off: "…"'],
    ['姓名“张三”有误', '姓名"…"有误'],
    ['number 460200199001011234 and 12345678901234', 'number … and …'],
    [
      'connect postgres://heyi:geheim@db:5432/heyi failed',
      'connect postgres://…@db:5432/heyi failed',
    ],
    ["Cannot find module '/opt/heyi/dist/a.js'", "Cannot find module '/opt/heyi/dist/a.js'"],
    ["no such file '/drops/张三.csv'", 'no such file "…"'],
    ['user=sa password=geheim', 'user=… password=…'],
    ['batch 812 of 20240101 failed', 'batch 812 of 20240101 failed'],
  ])('%s', (said, written) => {
    expect(safeMessage(new Error(said))).toBe(written);
  });

  it('names the kind of an error that has one', () => {
    expect(safeMessage(new TypeError('x'))).toBe('TypeError: x');
    expect(safeMessage('just text')).toBe('just text');
  });

  it('keeps our own words and hides identifiers in them', () => {
    expect(safeMessage(new KnownError('列“金额”读不懂，见 46020019900101123X'))).toBe(
      '列“金额”读不懂，见 …',
    );
  });

  it('keeps the places of a stack and no second line of the message', () => {
    const stack = safeStack(new Error('bad "x"\n张三 460200199001011234'));
    expect(stack).toMatch(/^bad "…"\n/);
    expect(stack).toContain('    at ');
    expect(stack.split('\n    at ').slice(1).join('')).not.toContain('张三');
  });

  it.each([
    ['13812345678', '…'],
    ['电话13812345678。', '电话…。'],
    ['460200900101123', '…'],
    ['20240101', '20240101'],
    ['H46029900001', 'H46029900001'],
    ['a46020019900101123b', 'a46020019900101123b'],
  ])('%s becomes %s', (text, shown) => {
    expect(withoutIdentifiers(text)).toBe(shown);
  });
});

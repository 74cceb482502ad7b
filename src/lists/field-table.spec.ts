import { describe, expect, it } from '@jest/globals';
import { type ListField, valueFault } from './field-table.js';

const field = (facts: Partial<ListField>): ListField => ({
  ...{ section: 'setlinfo', field: 'x', label: '字段', type: 'text', length: null, decimals: 0 },
  ...{ required: false, codelist: null, from: null },
  ...facts,
});
const codes = new Map([['sex', new Set(['1', '2'])]]);

describe('a value of a settlement list', () => {
  it.each([
    [field({ length: 3 }), '一二三', null],
    [field({ length: 3 }), '一二三四', '超过 3 个字符'],
    [field({ length: 3 }), '𠀀𠀁𠀂', null], // characters, not UTF-16 units
    [field({ length: null }), 'x'.repeat(5000), null],
    [field({ type: 'number', length: 6, decimals: 2 }), '9999.99', null],
    [field({ type: 'number', length: 6, decimals: 2 }), '10000', '整数多于 4 位'],
    [field({ type: 'number', length: 6, decimals: 2 }), '00009999.9', null],
    [field({ type: 'number', length: 6, decimals: 2 }), '1.234', '小数多于 2 位'],
    [field({ type: 'number', length: 6, decimals: 0 }), '1.0', '小数多于 0 位'],
    [field({ type: 'number', length: 6, decimals: 2 }), '-1', '不是非负数字'],
    [field({ type: 'number', length: 6, decimals: 2 }), '1e3', '不是非负数字'],
    [field({ type: 'number', length: null, decimals: 0 }), '12345678901234567890', null],
    [field({ type: 'date' }), '2024-02-29', null],
    [field({ type: 'date' }), '2024-02-30', '日期不存在或不是 yyyy-MM-dd'],
    [field({ type: 'date' }), '2023-02-29', '日期不存在或不是 yyyy-MM-dd'],
    [field({ type: 'date' }), '2024-2-9', '日期不存在或不是 yyyy-MM-dd'],
    [field({ type: 'date-time' }), '2024-02-29 23:59:59', null],
    [field({ type: 'date-time' }), '2024-02-29 24:00:00', '时间不存在或不是 yyyy-MM-dd HH:mm:ss'],
    [field({ type: 'date-time' }), '2024-02-29T10:00:00', '时间不存在或不是 yyyy-MM-dd HH:mm:ss'],
    [field({ type: 'date-time' }), '2024-02-29', '时间不存在或不是 yyyy-MM-dd HH:mm:ss'],
    [field({ codelist: 'sex' }), '2', null],
    [field({ codelist: 'sex' }), '3', '不在代码表 sex 中'],
    [field({ codelist: 'none' }), '1', '不在代码表 none 中'],
  ])('%j %j: %j', (of, value, fault) => {
    expect(valueFault(of, value, codes)).toBe(fault);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../config/errors.js';
import { parseYaml } from '../config/yaml-text.js';
import { loadRegion } from '../policy/policy.loader.js';
import { checkedFactsSchema } from './checked-facts.js';

const root = join(import.meta.dirname, '../..');
const schema = checkedFactsSchema(loadRegion(join(root, 'config/policies'), 'sanya'));
const example = readFileSync(join(root, 'docs/formats/facts-example.yaml'), 'utf8');

/** What is wrong with the example once one text in it is replaced. */
function problemsWith(text: string, replacement: string): string {
  expect(example).toContain(text);
  try {
    parseYaml({ text: example.replace(text, replacement), path: 'facts.yaml', schema });
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('a facts file', () => {
  it.each([
    ['200000000.00', '10000000000000.00', ''], // the largest amount there is
    ['200000000.00', '10000000000000.01', '不超过十万亿'],
    ['200000000.00', '-200000000.00', '不能为负'],
    ['200000000.00', '1e5', '最多两位小数'],
    ['431250.75', '-431250.75', '不能为负'],
    ['0.06, 0.04, 0.08', '6, 4, 8', '6% 写 0.06'],
    ['prepaid: 194400000.00', 'prepaid: { 2023-12: 1.00, 2024-12: 1.00 }', ''],
    ['prepaid: 194400000.00', 'prepaid: { 2025-01: 1.00 }', '2024 年的月份'],
    ['period: 2024', 'period: 2024\npolicyDate: 2024-07-01', ''],
    ['period: 2024', 'period: 2025\npolicyDate: 2024-12-31', '不能借用以前的政策'],
    ['overspend.base:', '__proto__:', '__proto__：不认识的键'],
    ['overspend.base:', 'constructor:', '没有参数 constructor'],
    ['2024-01-01: all', '2024-01-01: toString', '应为 all、approved-amount 之一'],
    ['2024-01-01: all', '2026-02-30: all', '日期不存在'],
    ['period: 2024', 'period:', 'period：应写年'],
    ['plan: year', '', 'plan：缺少这一项（必填），应为 budget、start、month、release、year 之一'],
  ])('with %s replaced by %s: %s', (text, replacement, problem) => {
    const problems = problemsWith(text, replacement);
    if (problem === '') expect(problems).toBe('');
    else expect(problems).toContain(problem);
  });
});

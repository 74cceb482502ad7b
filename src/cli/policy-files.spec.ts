import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkRegion } from './policy-files.loader.js';

const example = readFileSync(
  join(import.meta.dirname, '../../docs/adding-a-region/qingxi.yaml'),
  'utf8',
);
const folder = mkdtempSync(join(tmpdir(), 'heyi-region-'));
const path = join(folder, 'qingxi.yaml');

afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong with the example once one text in it is replaced. */
function problemWith(text: string, replacement: string): string {
  expect(example).toContain(text);
  writeFileSync(path, example.replace(text, replacement));
  try {
    checkRegion(path);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a region’s file', () => {
  it.each([
    ['qingxi', 'qingxi', ''],
    ['- retention\n', '- retentoin\n', '没有结算步骤 retentoin'],
    ['    clause: qingxi-2025-1 §三\n', '', 'clause'],
    ['qingxi-2025-1 §六\n', 'qingxi-2024-9 §六\n', '没有列出文件 qingxi-2024-9'],
    ['0.95, 2026-01-01: 0.90', '0.95, 2025-01-01: 0.90', '同一个键写了两次'],
    ['0.95, 2026-01-01: 0.90', '0.95, 2025-02-30: 0.90', '日期不存在'],
    ['2025-01-01: 0.95', '2025-01-01: 9.5e-1', '0 到 1 之间的比例'],
    ['2025-01-01: 0.95', '2025-01-01: 95', '0 到 1 之间的比例'],
    ['up-to: 0.03', 'upto: 0.03', '没有这一列'],
    ['fund-share: 0.70 }', 'fund-share: 0.70, from: 0 }', '没有这一列'],
    ['unit: yuan, by: pool', 'unit: dollars, by: pool', 'unit'],
  ])('with %j instead %j: %s', (text, replacement, problem) => {
    const found = problemWith(text, replacement);
    if (problem === '') expect(found).toBe('');
    else {
      expect(found).toContain(problem);
      expect(found).toMatch(/qingxi\.yaml:\d+:\d+/);
    }
  });
});

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { loadKnowledgeBase } from './knowledge.loader.js';
import { importKnowledge } from './knowledge-import.service.js';
import { knowledgeFolder } from './table.loader.js';

const scratch = mkdtempSync(join(tmpdir(), 'heyi-import-'));
const folder = join(scratch, 'knowledge');
const lists = join(scratch, 'lists');

beforeEach(() => {
  for (const path of [folder, lists]) rmSync(path, { recursive: true, force: true });
  mkdirSync(join(folder, 'nhsa'), { recursive: true });
  mkdirSync(lists);
  cpSync(join(knowledgeFolder(), 'nhsa/batches.csv'), join(folder, 'nhsa/batches.csv'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

async function workbook(file: string, rows: readonly (readonly (string | number | null)[])[]) {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('明细').addRows(rows.map((row) => [...row]));
  await book.xlsx.writeFile(join(lists, file));
}

const FREQUENCY = ['序号', '项目名称', '限制数量', '数量单位', '项目编码'];

describe('importing lists', () => {
  it('writes tables that load, and says nothing is new the second time', async () => {
    await workbook('【第八批-1】频次.xlsx', [
      FREQUENCY,
      [1, '心电监测', 24, '小时', '003107010220000'],
      ['合计', '合计', '合计', '合计', '合计'],
    ]);
    const report = await importKnowledge({ paths: [lists], dryRun: false, folder });
    expect(report).toMatchObject({
      changed: true,
      written: true,
      files: [{ points: 1, remarks: 1 }],
    });
    const again = await importKnowledge({ paths: [lists], dryRun: false, folder });
    expect(again).toMatchObject({ changed: false, written: false });
    const limits = loadKnowledgeBase(folder)
      .set('daily-frequency')
      .at('003107010220000', '2024-05-01');
    expect(limits.map(({ limit }) => limit)).toEqual([{ maxQuantity: 24, unit: 'hour' }]);
  });

  it('writes nothing in a dry run', async () => {
    await workbook('【第八批-1】频次.xlsx', [
      FREQUENCY,
      [1, '心电监测', 24, '小时', '003107010220000'],
    ]);
    const report = await importKnowledge({ paths: [lists], dryRun: true, folder });
    expect(report).toMatchObject({ changed: true, written: false });
    expect(readdirSync(join(folder, 'nhsa'))).toEqual(['batches.csv']);
  });

  it('writes nothing when one row is bad, and names every such row', async () => {
    await workbook('【第八批-1】频次.xlsx', [
      FREQUENCY,
      [1, '心电监测', 24, '小时', '003107010220000'],
      [2, '指脉氧监测', 24, '世纪', '003107010270000'],
    ]);
    writeFileSync(join(lists, '第九批.json'), '[{');
    writeFileSync(join(lists, '第十批.xlsx'), 'not a workbook');
    await expect(importKnowledge({ paths: [lists], dryRun: false, folder })).rejects.toThrow(
      /^3 处无法导入：\n.*第九批\.json：不是完整的 JSON 文件\n.*第十批\.xlsx：不是可读的 xlsx 文件.*\n.*第 3 行：“指脉氧监测”看不出限定值/s,
    );
    expect(readdirSync(join(folder, 'nhsa'))).toEqual(['batches.csv']);
  });

  it('leaves out files that are no lists, and says why', async () => {
    writeFileSync(join(lists, 'other.json'), '{"rules": []}');
    await workbook('说明.xlsx', [FREQUENCY]);
    const report = await importKnowledge({ paths: [lists], dryRun: false, folder });
    expect(report.files.map(({ skipped }) => skipped)).toEqual([
      '不是知识点批次',
      '文件名中没有“第…批”',
    ]);
  });

  it('refuses a path that is not there', () =>
    expect(importKnowledge({ paths: [join(lists, 'none')], dryRun: true, folder })).rejects.toThrow(
      /找不到/,
    ));
});

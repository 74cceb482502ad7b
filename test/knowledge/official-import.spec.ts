import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { loadKnowledgeBase } from '../../src/knowledge/knowledge.loader.js';
import { importKnowledge } from '../../src/knowledge/knowledge-import.service.js';
import { summariseBatches } from '../../src/knowledge/release.js';
import { knowledgeFolder } from '../../src/knowledge/table.loader.js';
import { describeWhen } from '../support/describe-when.js';

/** The official workbooks and JSON batches, which are not shipped: HEYI_KNOWLEDGE_SOURCES names a folder that has them. */
const sources = process.env['HEYI_KNOWLEDGE_SOURCES'];

const named = {
  name: 'importing the official lists from nothing',
  reason: 'HEYI_KNOWLEDGE_SOURCES is not set',
};
describeWhen(sources !== undefined, named, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'heyi-lists-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the official number of rows of each batch, and the shipped release', async () => {
    mkdirSync(join(folder, 'nhsa'));
    copyFileSync(join(knowledgeFolder(), 'nhsa/batches.csv'), join(folder, 'nhsa/batches.csv'));
    await importKnowledge({ paths: [sources ?? ''], dryRun: false, folder });
    const base = loadKnowledgeBase(folder);
    const rows = summariseBatches(base.points(), base.batches.values()).map((batch) => batch.rows);
    expect(rows.slice(0, 8)).toEqual([11290, 378, 112, 736, 962, 1147, 900, 93]);
    expect(base.release).toBe(loadKnowledgeBase().release);
  }, 120_000);
});

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { BatchResult } from './batch.js';
import { refusedOf } from './landing/quarantine.repository.js';
import { receiptXml } from './receipt.js';

/**
 * Writes a receipt for each file of a pull into the member's receipt folder, whole or not at all. Written again on every
 * pull that met the file, so a lost receipt comes back by itself.
 */
export async function writeReceipts(
  pool: pg.Pool,
  folder: string,
  batches: readonly BatchResult[],
): Promise<void> {
  const units = new Set(batches.flatMap(({ unit }) => (unit === null ? [] : [unit])));
  if (units.size === 0) return;
  await mkdir(folder, { recursive: true });
  for (const unit of units) {
    const ofUnit = batches.filter((batch) => batch.unit === unit);
    const ids = ofUnit.flatMap(({ batchId }) => (batchId === null ? [] : [batchId]));
    const path = join(folder, `${unit}.receipt.xml`);
    await writeFile(`${path}.part`, receiptXml(unit, ofUnit, await refusedOf(pool, ids)));
    await rename(`${path}.part`, path);
  }
}

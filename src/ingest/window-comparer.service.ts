import type pg from 'pg';
import { withTransaction } from '../database/transaction.repository.js';
import type { JournalService } from '../journal/journal.service.js';
import { fen, toYuan } from '../kernel/money.js';
import type { BatchResult } from './batch.js';
import type { StreamRead } from './batch-reader.service.js';
import {
  type Comparison,
  followsSettlement,
  mayWithdraw,
  type WithdrawalLimits,
} from './comparison.js';
import { withdrawMissing } from './landing/adjust.repository.js';
import { lockStream } from './landing/batch.repository.js';
import {
  type ComparedKey,
  countStanding,
  findMissing,
  listDiffering,
  listMissing,
  type NamedRow,
} from './landing/compare.repository.js';
import { openCopy } from './landing/copy.client.js';
import { keepPeriodsOpen } from './landing/landing.repository.js';
import { copyStatement, createStaging } from './landing/staging.js';
import { comparisonDue, markCompared, markDoubtful } from './landing/window.repository.js';
import { compileMapping } from './mapping/compile-mapping.js';

export interface ComparerLimits extends WithdrawalLimits {
  readonly listedKeys: number;
}

/** A person's word that rows may go, however many they are. */
export interface WithdrawalOrder {
  readonly by: string;
  readonly reason: string;
}

/** Looks for what stands in the books and is no longer at its source, and takes it out (撤销). */
export class WindowComparer {
  constructor(
    private readonly pool: pg.Pool,
    private readonly journal: JournalService,
    private readonly limits: ComparerLimits,
  ) {}

  /**
   * After a whole read: where more rows stand than landed, the source is read once more for its keys alone and what it no longer has is
   * withdrawn, in one transaction. Costs one count when nothing was deleted.
   */
  async settle(
    read: StreamRead,
    batch: BatchResult,
    order: WithdrawalOrder | null,
  ): Promise<BatchResult> {
    const { batchId } = batch;
    if (batchId === null || (batch.state !== 'complete' && batch.state !== 'empty')) return batch;
    const due = await comparisonDue(this.pool, read.key, batchId);
    if (due === 'done') return batch;
    const key = comparedKey(read);
    if (due === 'first-read' || key === null) {
      await markCompared(this.pool, batchId);
      return batch;
    }
    const standing = await countStanding(this.pool, key, batchId);
    if (standing.rows <= batch.landedRows - batch.repeatedRows) {
      await markCompared(this.pool, batchId);
      return batch;
    }
    return this.withdraw({ read, key, batch, batchId, standing: standing.rows, order });
  }

  /** Reads a window, compares it key by key, and writes nothing. */
  async compare(read: StreamRead): Promise<Comparison> {
    const key = comparedKey(read);
    const { stream, window } = read.key;
    const totals = await read.session.controlTotals(requestOf(read));
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const staged = await stageAll(client, read);
      const compared = { ...read.key, stream: comparable(stream) };
      const most = this.limits.listedKeys;
      const standing = await countStanding(client, compared, null);
      const late = await listDiffering(client, compared, { kind: 'late', most });
      const changed = await listDiffering(client, compared, { kind: 'changed', most });
      const missing = key === null ? null : await findMissing(client, key, staged.refusedKeys);
      const deleted = missing === null ? null : await listMissing(client, most);
      const differing = late.rows + changed.rows + (missing?.rows ?? 0);
      return {
        ...{ stream, window },
        source: { rows: totals.rows, fen: totals.amountFen?.toString() ?? null },
        standing: { rows: standing.rows, fen: standing.fen.toString() },
        refusedRows: staged.refusedRows,
        late: { rows: late.rows, keys: late.listed.map(keyText) },
        changed: { rows: changed.rows, keys: changed.listed.map(keyText) },
        deleted:
          missing === null ? null : { rows: missing.rows, keys: (deleted ?? []).map(keyText) },
        agrees: differing === 0,
      };
    } finally {
      await client.query('ROLLBACK').catch(() => {});
      client.release();
    }
  }

  private async withdraw(found: Found): Promise<BatchResult> {
    const { read, key, batch, batchId, standing, order } = found;
    const doubt = await withTransaction(this.pool, async (client) => {
      await lockStream(client, key);
      await keepPeriodsOpen(client, key.consortium);
      const staged = await stageAll(client, read);
      const missing = await findMissing(client, key, staged.refusedKeys);
      if (missing.rows === 0) return null;
      if (staged.keylessRows > 0) return keyless(missing.rows, staged.keylessRows);
      if (order === null && !mayWithdraw(missing.rows, standing, this.limits))
        return tooMany(missing.rows, standing);
      const listed = await listMissing(client, this.limits.listedKeys);
      const { settledBy, level } = read;
      const adjustments = await withdrawMissing(client, { ...key, settledBy, level, batchId });
      await markCompared(client, batchId, missing.rows);
      await this.journal.append(client, {
        consortium: key.consortium,
        kind: 'batch',
        subject: `withdrawal:${batchId}`,
        content: {
          ...{ institution: key.institution, stream: key.stream, unit: key.unit },
          ...{ from: key.window.from, to: key.window.to },
          ...{ rows: missing.rows, amount: toYuan(fen(missing.fen)), adjustments },
          keys: listed.map(keyText),
          ...(order === null ? {} : { by: order.by, reason: order.reason }),
        },
      });
      return { withdrawn: missing.rows };
    });
    if (doubt === null) {
      await markCompared(this.pool, batchId);
      return batch;
    }
    if ('withdrawn' in doubt) return { ...batch, withdrawnRows: doubt.withdrawn };
    await markDoubtful(this.pool, batchId, doubt);
    return { ...batch, state: 'incomplete', ...doubt };
  }
}

interface Found {
  readonly read: StreamRead;
  readonly key: ComparedKey;
  readonly batch: BatchResult;
  readonly batchId: string;
  readonly standing: number;
  readonly order: WithdrawalOrder | null;
}

interface Staged {
  readonly refusedKeys: readonly string[];
  readonly refusedRows: number;
  /** Rows at the source of which not even the key can be read. */
  readonly keylessRows: number;
}

/** Brings everything the source has of a window into staging, within the caller's transaction. */
async function stageAll(client: pg.PoolClient, read: StreamRead): Promise<Staged> {
  const { stream } = read.key;
  await client.query(createStaging(stream));
  await client.query(`DELETE FROM staging_${stream}`);
  const mapper = compileMapping(stream, read.config, {
    certificateKey: read.certificateKey,
    settledBefore: read.key.window.to,
  });
  const refusedKeys: string[] = [];
  let [row, refusedRows, keylessRows] = [0, 0, 0];
  const sink = openCopy(client, copyStatement(stream));
  try {
    const batches = read.session.read({ ...requestOf(read), batchRows: read.batchRows });
    for await (const batch of batches) {
      const unreadable = batch.unreadable?.length ?? 0;
      const mapped = mapper.map(batch, row);
      row += batch.count ?? batch.rows.length;
      refusedRows += mapped.refused.length + unreadable;
      keylessRows += unreadable;
      for (const { naturalKey } of mapped.refused) {
        if (naturalKey === null) keylessRows += 1;
        else refusedKeys.push(naturalKey);
      }
      await sink.write(mapped.copyBytes);
    }
    await sink.end();
  } catch (error) {
    sink.abandon(error as Error);
    throw error;
  }
  await client.query(`ANALYZE staging_${stream}`);
  return { refusedKeys, refusedRows, keylessRows };
}

function requestOf({ key, source, unit, signal }: StreamRead) {
  return { stream: source, window: key.window, ...(unit ? { unit: unit.name } : {}), signal };
}

/** Null: who is a person is never withdrawn, and a window that does not follow settlement cannot tell. */
function comparedKey({ key, config }: StreamRead): ComparedKey | null {
  if (key.stream === 'persons' || !followsSettlement(config)) return null;
  return { ...key, stream: key.stream };
}

function comparable(stream: StreamRead['key']['stream']): ComparedKey['stream'] {
  if (stream === 'persons') throw new RangeError('persons are not compared');
  return stream;
}

function keyText({ claimNo, item }: NamedRow): string {
  return item === '' ? claimNo : `${claimNo}/${item}`;
}

function keyless(missing: number, unread: number) {
  return {
    message: `有 ${missing} 行已落地而来源不再提供，但来源另有 ${unread} 行读不出主键，无法确认是否删除，未撤销`,
    remedy: '请先在来源改正读不出的行，再重新读取。',
  };
}

function tooMany(missing: number, standing: number) {
  return {
    message: `已落地 ${standing} 行中有 ${missing} 行来源不再提供，超过自动撤销的上限，未撤销`,
    remedy:
      '请与来源单位核实；确属删除时运行 heyi sync compare <机构> <起> <止> --withdraw --as <姓名> --reason <原因>。',
  };
}

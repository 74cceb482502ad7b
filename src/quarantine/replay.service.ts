import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { NATURAL_KEYS } from '../ingest/fields.js';
import { type BatchKey, lockStream } from '../ingest/landing/batch.repository.js';
import { sourceColumns } from '../ingest/mapping/source-columns.js';
import {
  type CorrectedCells,
  correctedColumns,
  correctedRow,
  type NamedRow,
} from './corrected-row.js';
import { type CorrectionPreview, rowChanges, shownFields, shownRefusals } from './correction.js';
import type { StoredEntry } from './entry.repository.js';
import { DeliveredError, StillRefusedError, UnknownFieldError } from './errors.js';
import { RawRows } from './raw-rows.repository.js';
import {
  closeCorrectionBatch,
  type MappedCorrection,
  mapCorrection,
  mergeCorrection,
  openCorrectionBatch,
  type StandingRow,
  standingRow,
} from './replay.repository.js';
import { type RowMapping, SiteMappings } from './site-mappings.loader.js';

/** A corrected row with everything needed to merge it. */
export interface PreparedReplay {
  readonly entry: StoredEntry;
  readonly key: BatchKey;
  readonly cells: CorrectedCells;
  readonly mapping: RowMapping;
  readonly mapped: MappedCorrection;
}

export interface Landed {
  readonly batchId: string;
  readonly fen: bigint;
  readonly naturalKey: string;
}

/** Sends a corrected row down the way of every row: mapping, checks, merge. Raw rows stay as they were read. */
@Injectable()
export class ReplayService {
  private readonly mappings: SiteMappings;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) site: Site,
  ) {
    this.mappings = new SiteMappings(site);
  }

  /** Corrections by source column. @throws UnknownFieldError */
  columns({ institution, stream }: StoredEntry, given: CorrectedCells): CorrectedCells {
    const { config } = this.mappings.mapping(institution, stream);
    const { cells, problems } = correctedColumns(stream, config, given);
    const [problem] = problems;
    if (problem !== undefined) throw new UnknownFieldError(`${problem.name}：${problem.message}`);
    if (Object.keys(cells).length === 0) throw new UnknownFieldError('没有给出要更正的字段');
    return cells;
  }

  /** What raw cells must hold now, by source column. @throws UnknownFieldError */
  conditions(entry: StoredEntry, when: CorrectedCells): CorrectedCells {
    return Object.keys(when).length === 0 ? {} : this.columns(entry, when);
  }

  /** @throws RawRowGoneError, ConfigError */
  async prepare(
    consortium: string,
    entry: StoredEntry,
    { cells, raw }: { readonly cells: CorrectedCells; readonly raw?: NamedRow },
  ): Promise<PreparedReplay> {
    const { institution, stream, windowFrom, windowTo } = entry;
    const mapping = this.mappings.mapping(institution, stream);
    const named = raw ?? (await new RawRows(this.pool).of(entry));
    const row = correctedRow(named, sourceColumns(stream, mapping.config), cells);
    const mapped = await mapCorrection(this.pool, entry, { mapping, row });
    const window = { from: windowFrom, to: windowTo };
    return {
      entry,
      cells,
      mapping,
      mapped,
      key: { consortium, institution, stream, unit: null, window },
    };
  }

  /** Merges the row and takes everything back. */
  async preview(prepared: PreparedReplay): Promise<CorrectionPreview> {
    const { entry, cells, mapped } = prepared;
    const common = {
      entry: entry.quarantineId,
      cells,
      canonical: shownFields(entry.stream, mapped.fields),
      readFen: entry.amountFen,
    };
    const nothing = { effect: null, changes: [], landedFen: null };
    if (mapped.faults.length > 0)
      return { ...common, ...nothing, refusals: shownRefusals(mapped.faults) };
    return this.takenBack(async (client) => {
      await lockStream(client, prepared.key);
      const before = await standingRow(client, prepared.key, mapped.fields);
      const batchId = await openCorrectionBatch(client, prepared.key, null);
      const { merged, refusals } = await mergeCorrection(client, { ...prepared, batchId }, mapped);
      const late = isDelivered(entry, naturalKeyOf(entry, mapped.fields), before)
        ? ['账上已有同键的另一记录，或来源已给出同键的正常行']
        : [];
      const all = shownRefusals([...refusals, ...late]);
      if (all.length > 0) return { ...common, ...nothing, refusals: all };
      const after = await standingRow(client, prepared.key, mapped.fields);
      const effect = merged.newRows > 0 ? 'new' : merged.changedRows > 0 ? 'changed' : 'same';
      const landedFen = merged.landedFen.toString();
      return { ...common, refusals: [], effect, changes: rowChanges(before, after), landedFen };
    });
  }

  /**
   * Lands the row for good, in the caller's transaction, which holds the stream's lock as a read does and the entry's.
   *
   * @throws StillRefusedError, DeliveredError
   */
  async land(client: pg.PoolClient, prepared: PreparedReplay, decision: string): Promise<Landed> {
    const { entry, key, mapped } = prepared;
    if (mapped.faults.length > 0) throw new StillRefusedError(mapped.faults.join('；'));
    const naturalKey = naturalKeyOf(entry, mapped.fields);
    if (isDelivered(entry, naturalKey, await standingRow(client, key, mapped.fields))) {
      throw new DeliveredError('账上已有同键的另一记录，或来源已给出同键的正常行');
    }
    const batchId = await openCorrectionBatch(client, key, decision);
    const { merged, refusals } = await mergeCorrection(client, { ...prepared, batchId }, mapped);
    if (refusals.length > 0) throw new StillRefusedError(refusals.join('；'));
    const readFen = BigInt(entry.amountFen);
    const landedFen = await closeCorrectionBatch(client, batchId, {
      buffer: mapped.buffer,
      merged,
      readFen,
    });
    return { batchId, fen: landedFen, naturalKey };
  }

  private async takenBack<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      return await work(client);
    } finally {
      await client.query('ROLLBACK').catch(() => undefined);
      client.release();
    }
  }
}

/**
 * A good row of that key came in with, or after, the read that last set the entry aside; or the corrected key is another record's. People
 * are gathered from many sources, so that their rows never stand in each other's way.
 */
function isDelivered(
  entry: StoredEntry,
  naturalKey: string,
  standing: StandingRow | null,
): boolean {
  if (standing === null || entry.stream === 'persons') return false;
  return (
    naturalKey !== entry.naturalKey || BigInt(String(standing['batch_id'])) >= BigInt(entry.batchId)
  );
}

function naturalKeyOf({ stream }: StoredEntry, fields: CorrectedCells): string {
  return NATURAL_KEYS[stream].map((name) => fields[name] ?? '').join('\u001f');
}

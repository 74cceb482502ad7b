import type pg from 'pg';
import { addDays } from '../../kernel/dates.js';
import { monthOf } from '../../kernel/period.js';
import type { BatchCounts } from '../batch.js';
import { FRESH_COLUMNS, FreshLines } from '../mapping/fresh-lines.js';
import { ItemCodes } from '../mapping/item-codes.js';
import type { LineScreen } from '../mapping/line-screen.js';
import type { BatchKey } from './batch.repository.js';

/** A slice's way past staging: straight into a table that nobody reads yet (docs/decisions/0140). */
export interface FreshSlice {
  readonly lines: FreshLines;
  readonly copyStatement: string;
  /** Notes what the slice brought, so that the table can be checked before it is put in its place. */
  landed(rows: number, amountFen: bigint): Promise<void>;
}

/** What the read is expected to bring, and from how many rows on a table of its own is worth it. */
export interface FreshChance {
  readonly key: BatchKey;
  readonly sourceRows: number | null;
  readonly leastRows: number;
  readonly screen: LineScreen | null;
}

/** Beyond this, keys that wait in the quarantine are compared by the database. */
const MOST_OPEN_KEYS = 100_000;

/** Decides slice by slice whether lines may go into a fresh table, and remembers the item codes from one slice to the next. */
export class FreshWay {
  private readonly month: string | null;
  private codes: { readonly digest: string; readonly codes: ItemCodes } | null = null;

  constructor(private readonly chance: FreshChance) {
    this.month = monthOfWindow(chance.key);
  }

  /** The month whose partitions must stand before a slice is opened; null: this read always merges. */
  get wantedMonth(): string | null {
    const { sourceRows, leastRows } = this.chance;
    return sourceRows !== null && sourceRows >= leastRows ? this.month : null;
  }

  /**
   * Takes the slice's table, or makes it with the first slice. In the slice's transaction, which holds the stream's lock.
   *
   * @returns null when the rows are to be merged
   */
  async open(
    client: pg.PoolClient,
    { batchId, isFirst }: { readonly batchId: string; readonly isFirst: boolean },
  ): Promise<FreshSlice | null> {
    const month = this.wantedMonth;
    if (month === null) return null;
    const { key } = this.chance;
    await client.query('SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 1))', [
      `period:${key.consortium}`,
    ]);
    const table = isFirst ? await create(client, { key, month, batchId }) : null;
    const standing = table ?? (await this.standing(client, batchId));
    if (standing === null) return null;
    const openKeys = await openKeysOf(client, key);
    if (openKeys === null) return null;
    const codes = await this.codesNow(client);
    return {
      lines: new FreshLines({ month, codes, openKeys, screen: this.chance.screen }),
      copyStatement: `COPY "${standing}" (${FRESH_COLUMNS.join(', ')}) FROM STDIN`,
      async landed(rows, amountFen) {
        await client.query(
          'UPDATE fresh_partition SET landed_rows = landed_rows + $2, landed_fen = landed_fen + $3 WHERE table_name = $1',
          [standing, rows, amountFen.toString()],
        );
      },
    };
  }

  /** The table that this batch began, unless something since then asks for the merge: a closed month, other codes, another batch's. */
  private async standing(client: pg.PoolClient, batchId: string): Promise<string | null> {
    const { consortium, institution } = this.chance.key;
    const { rows } = await client.query<{ name: string; usable: boolean }>(
      `SELECT table_name AS name, f.batch_id = $3 AND codes_digest = item_codes_digest($1, $2)
         AND NOT EXISTS (SELECT 1 FROM settlement_period p WHERE p.consortium = $1 AND p.month >= f.month) AS usable
       FROM fresh_partition f WHERE consortium = $1 AND institution = $2`,
      [consortium, institution, batchId],
    );
    return rows.length === 1 && rows[0]?.usable === true ? rows[0].name : null;
  }

  private async codesNow(client: pg.PoolClient): Promise<ItemCodes> {
    const member = [this.chance.key.consortium, this.chance.key.institution];
    const now = await client.query<{ digest: string; release: string | null }>(
      `SELECT item_codes_digest($1, $2) AS digest, (SELECT digest FROM code_map_release
         WHERE consortium = $1 AND institution = $2 AND kind = 'item') AS release`,
      member,
    );
    const { digest = '', release = null } = now.rows[0] ?? {};
    if (this.codes?.digest === digest) return this.codes.codes;
    const { rows } = await client.query(
      `SELECT local_code AS "localCode", valid_from AS "validFrom", valid_to AS "validTo", national_code AS "nationalCode"
       FROM code_map WHERE consortium = $1 AND institution = $2 AND kind = 'item' ORDER BY local_code, valid_from`,
      member,
    );
    const codes = new ItemCodes(rows, release === 'national');
    this.codes = { digest, codes };
    return codes;
  }
}

/** A window within one month of lines; anything else is merged. */
function monthOfWindow({ stream, window }: BatchKey): string | null {
  if (stream !== 'lines') return null;
  const month = monthOf(window.from);
  return month === monthOf(addDays(window.to, -1)) ? month : null;
}

async function create(
  client: pg.PoolClient,
  {
    key,
    month,
    batchId,
  }: { readonly key: BatchKey; readonly month: string; readonly batchId: string },
): Promise<string | null> {
  const { rows } = await client.query<{ name: string | null }>(
    'SELECT create_fresh_partition($1, $2, $3, $4) AS name',
    [key.consortium, key.institution, month, batchId],
  );
  return rows[0]?.name ?? null;
}

async function openKeysOf(
  client: pg.PoolClient,
  { consortium, institution }: BatchKey,
): Promise<ReadonlySet<string> | null> {
  const { rows } = await client.query<{ key: string }>(
    `SELECT natural_key AS key FROM quarantine WHERE consortium = $1 AND institution = $2 AND stream = 'lines'
       AND (state <> 'resolved' OR correction_id IS NOT NULL) AND natural_key IS NOT NULL LIMIT ${MOST_OPEN_KEYS + 1}`,
    [consortium, institution],
  );
  return rows.length > MOST_OPEN_KEYS ? null : new Set(rows.map(({ key }) => key));
}

interface Adoption extends Pick<BatchKey, 'consortium' | 'institution'> {
  /** Whose counts are wanted. */
  readonly batchId: string | null;
  readonly counts: BatchCounts;
}

/**
 * Puts tables that reads of the member's lines began in their place, so that what follows finds every line where it belongs. What
 * repeated keys changed of the counts is noted in the batches' rows.
 *
 * @returns the counts of `batchId` as they stand now, when a table was its own
 */
export async function adoptFresh(
  client: pg.PoolClient,
  { consortium, institution, batchId, counts }: Adoption,
): Promise<BatchCounts> {
  const { rows } = await client.query<{ batch_id: string; changed: string; same: string }>(
    `SELECT f.batch_id, a.changed, a.same
     FROM (SELECT * FROM fresh_partition WHERE consortium = $1 AND institution = $2) f, adopt_fresh_partition(f.table_name) a`,
    [consortium, institution],
  );
  return rows
    .filter((each) => each.batch_id === batchId)
    .reduce((sum, { changed, same }) => withRepeats(sum, Number(changed), Number(same)), counts);
}

function withRepeats(counts: BatchCounts, changed: number, same: number): BatchCounts {
  return {
    ...counts,
    newRows: counts.newRows - changed - same,
    changedRows: counts.changedRows + changed,
    sameRows: counts.sameRows + same,
  };
}

import type pg from 'pg';
import type { Month } from '../kernel/period.js';
import type { ClaimRecord } from './claim-record.js';
import {
  type Cells,
  CLAIM_COLUMNS,
  CODE_COLUMNS,
  claimRecord,
  diagnosisRecord,
  LINE_COLUMNS,
  lineRecord,
  procedureRecord,
} from './claim-rows.js';

export interface ClaimSelection {
  readonly consortium: string;
  /** Accounting months. */
  readonly months: readonly Month[];
  readonly signal?: AbortSignal;
}

const CLAIM_ROWS = 500;
const ATTACHED_ROWS = 5_000;
const RAW_TEXT = { getTypeParser: () => (cell: string) => cell } as unknown as pg.CustomTypesConfig;

const ORDER = `c.person_id COLLATE "C", c.settled_at, c.institution COLLATE "C", c.claim_no COLLATE "C"`;
const SELECTED = 'c.consortium = $1 AND c.period = ANY($2)';
const ATTACHES = `l.consortium = c.consortium AND l.settled_on = c.settled_on AND l.institution = c.institution
  AND l.claim_no = c.claim_no`;

/**
 * Claims of some accounting months with everything that hangs on them, all of a person together, a person's by time of settlement.
 * Four cursors over one snapshot run side by side, so memory stays flat however many claims there are. A person's claims may
 * continue in the next batch.
 */
export async function* readClaimsInPersonOrder(
  pool: pg.Pool,
  selection: ClaimSelection,
): AsyncGenerator<readonly ClaimRecord[]> {
  const client = await pool.connect();
  let clean = false;
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const open = cursorOpener(client, selection);
    const claims = await open('claims', { columns: CLAIM_COLUMNS, from: 'claim c', last: '' });
    const lines = await open(
      'lines',
      attachedTo('claim_line', LINE_COLUMNS, 'l.line_no COLLATE "C"'),
    );
    const diagnoses = await open(
      'diagnoses',
      attachedTo('claim_diagnosis', CODE_COLUMNS, 'l.sequence'),
    );
    const procedures = await open(
      'procedures',
      attachedTo('claim_procedure', `${CODE_COLUMNS}, l.performed_on`, 'l.sequence'),
    );
    for (;;) {
      selection.signal?.throwIfAborted();
      const rows = await claims.page(CLAIM_ROWS);
      if (rows.length === 0) break;
      const batch: ClaimRecord[] = [];
      for (const row of rows) {
        batch.push(
          claimRecord(selection.consortium, row, {
            lines: (await lines.of(row)).map(lineRecord),
            diagnoses: (await diagnoses.of(row)).map(diagnosisRecord),
            procedures: (await procedures.of(row)).map(procedureRecord),
          }),
        );
      }
      yield batch;
    }
    clean = true;
  } finally {
    await client.query('ROLLBACK').catch(() => {});
    client.release(!clean && selection.signal?.aborted === true);
  }
}

interface CursorQuery {
  readonly columns: string;
  readonly from: string;
  /** Order within a claim. */
  readonly last: string;
}

function attachedTo(table: string, columns: string, last: string): CursorQuery {
  return { columns, from: `claim c JOIN ${table} l ON ${ATTACHES}`, last: `, ${last}` };
}

function cursorOpener(client: pg.PoolClient, { consortium, months }: ClaimSelection) {
  return async (name: string, { columns, from, last }: CursorQuery): Promise<OrderedCursor> => {
    const key = name === 'claims' ? '' : ', c.institution, c.claim_no';
    await client.query(
      `DECLARE ${name} NO SCROLL CURSOR FOR SELECT ${columns}${key} FROM ${from} WHERE ${SELECTED} ORDER BY ${ORDER}${last}`,
      [consortium, months],
    );
    return new OrderedCursor(client, name);
  };
}

/** A cursor whose rows come in the order of the claims they belong to. */
class OrderedCursor {
  private rows: readonly Cells[] = [];
  private position = 0;
  private ended = false;

  constructor(
    private readonly client: pg.PoolClient,
    private readonly name: string,
  ) {}

  async page(size: number): Promise<readonly Cells[]> {
    const result = await this.client.query({
      text: `FETCH ${size} FROM ${this.name}`,
      rowMode: 'array',
      types: RAW_TEXT,
    });
    return result.rows as unknown as Cells[];
  }

  /** The next rows that belong to a claim: whole, and never another's. */
  async of(claim: Cells): Promise<readonly Cells[]> {
    const found: Cells[] = [];
    for (let row = await this.peek(); row !== null; row = await this.peek()) {
      if (row.at(-1) !== claim[1] || row.at(-2) !== claim[0]) break;
      found.push(row);
      this.position += 1;
    }
    return found;
  }

  private async peek(): Promise<Cells | null> {
    if (this.position === this.rows.length && !this.ended) {
      this.rows = await this.page(ATTACHED_ROWS);
      this.position = 0;
      this.ended = this.rows.length === 0;
    }
    return this.rows[this.position] ?? null;
  }
}

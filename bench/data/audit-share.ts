import { auditBooks } from '../../src/audit/audit-books.repository.js';
import { createPool } from '../../src/database/pool.client.js';
import { BOOKS } from './books.js';
import { countyIn } from './county.js';

/** A worker's process: compiles the rules, says so, and audits its share of the persons when told to, in the snapshot it is given. */

/** Handed over on the command line. */
export interface ShareOrder {
  readonly url: string;
  readonly folder: string;
  readonly part: number;
  readonly of: number;
}

export interface ShareDone {
  readonly lines: number;
  /** Id and amount of each finding. */
  readonly findings: readonly string[];
  readonly peakRssMb: number;
}

async function audited({ url, folder, part, of }: ShareOrder): Promise<ShareDone> {
  const { audit } = countyIn(folder);
  const pool = createPool(url, 1);
  const client = await pool.connect();
  try {
    const snapshot = await new Promise<string>((resolve) => {
      process.once('message', (name) => resolve(String(name)));
      process.send?.('ready');
    });
    await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '${snapshot}'`,
    );
    const { findings, lines } = await auditBooks(
      client,
      audit,
      { consortium: BOOKS.consortium, months: BOOKS.months, persons: null, share: { part, of } },
      new AbortController().signal,
    );
    await client.query('ROLLBACK');
    return {
      lines,
      findings: findings.map(({ findingId, amountFen }) => `${findingId} ${amountFen}`),
      peakRssMb: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    client.release();
    await pool.end();
  }
}

const done = await audited(JSON.parse(process.argv[2] ?? '{}') as ShareOrder);
process.send?.(done, undefined, {}, () => process.disconnect());

import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { type Fen, toYuan } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import {
  readBooks,
  readClaims,
  readDeclarations,
  readLate,
  readUnbalanced,
  readUnsettled,
} from './agency-facts.repository.js';
import type { Difference, DifferenceKind } from './difference.js';
import type { MonthFacts } from './facts.js';
import { type Reconciliation, type ReconciliationState, reconcile } from './reconcile.js';
import {
  type DifferenceView,
  lastDigest,
  openDifferences,
  saveRun,
} from './reconciliation.repository.js';
import {
  readAdjusted,
  readBatches,
  readMisfitRefunds,
  readQuarantined,
  readStanding,
} from './source-facts.repository.js';

interface Scope {
  readonly consortium: string;
  readonly month: Month;
}

/** Amounts as yuan text; null where a side could not tell. */
export interface ReconciliationSummary extends Scope {
  readonly state: ReconciliationState;
  /** Whether the result is the same as that of the run before. */
  readonly unchanged: boolean;
  readonly sources: readonly Readonly<Record<string, string | number | null>>[];
  readonly agency: readonly Readonly<Record<string, string | number | null>>[];
  /** How many differences there are of each kind. */
  readonly kinds: Readonly<Partial<Record<DifferenceKind, number>>>;
  readonly differences: number;
  readonly digest: string;
}

/** Source ↔ gateway ↔ agency (对账): totals, then lines where they differ; typed, owned and aged differences. */
@Injectable()
export class ReconciliationService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly journal: JournalService,
  ) {}

  /** Compares a month as it stands now. A run whose result is the last one's writes nothing. */
  async run({ consortium, month }: Scope): Promise<ReconciliationSummary> {
    return withTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `reconcile:${consortium}:${month}`,
      ]);
      const result = reconcile(month, await readFacts(client, { consortium, month }));
      const unchanged = (await lastDigest(client, consortium, month)) === result.digest;
      const summary = summaryOf({ consortium, month }, result, unchanged);
      if (unchanged) return summary;
      await saveRun(client, { consortium, month }, result);
      await this.journal.append(client, {
        consortium,
        kind: 'reconciliation',
        subject: `month:${month}`,
        content: { state: result.state, kinds: { ...summary.kinds }, digest: result.digest },
      });
      return summary;
    });
  }

  /** Differences that last, oldest first. */
  differences(scope: {
    readonly consortium: string;
    readonly month?: Month;
  }): Promise<readonly DifferenceView[]> {
    return openDifferences(this.pool, scope);
  }
}

async function readFacts(client: pg.PoolClient, { consortium, month }: Scope): Promise<MonthFacts> {
  const unbalanced = await readUnbalanced(client, consortium, month);
  const claimNos = unbalanced.flatMap(({ claimNo }) => (claimNo === null ? [] : [claimNo]));
  return {
    batches: await readBatches(client, consortium, month),
    standing: await readStanding(client, consortium, month),
    quarantined: await readQuarantined(client, consortium, month),
    late: await readLate(client, consortium, month),
    adjusted: await readAdjusted(client, consortium, month),
    refunds: await readMisfitRefunds(client, consortium, month),
    books: await readBooks(client, consortium, month),
    declarations: await readDeclarations(client, consortium, month),
    unbalanced,
    disputed: await readClaims(client, { consortium, month, claimNos }),
    unsettled: await readUnsettled(client, consortium, month),
  };
}

function summaryOf(
  scope: Scope,
  result: Reconciliation,
  unchanged: boolean,
): ReconciliationSummary {
  return {
    ...scope,
    state: result.state,
    unchanged,
    sources: result.sourceTotals.map(readable),
    agency: result.agencyTotals.map(readable),
    kinds: countKinds(result.differences),
    differences: result.differences.length,
    digest: result.digest,
  };
}

/** Fen fields become yuan fields: `landedFen` → `landed`. */
function readable(row: object): Readonly<Record<string, string | number | null>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, string | number | bigint | null]) =>
      typeof value === 'bigint'
        ? [name.replace(/Fen$/, ''), toYuan(value as Fen)]
        : [name.replace(/Fen$/, ''), value],
    ),
  );
}

function countKinds(
  differences: readonly Difference[],
): Readonly<Partial<Record<DifferenceKind, number>>> {
  const kinds: Partial<Record<DifferenceKind, number>> = {};
  for (const { kind } of differences) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

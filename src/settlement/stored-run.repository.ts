import type pg from 'pg';
import { SettlementInputError } from './errors.js';
import type { Facts } from './facts.js';
import { type Packed, unpack } from './packed.js';
import type { PolicySnapshot } from './policy-snapshot.js';
import type { FigureReport } from './result.js';
import type { StoredComputation } from './run-diff.js';
import type { RunKey, RunKind } from './run-key.js';

/** A stored run with everything it was computed from. */
export interface StoredRunContent extends StoredComputation {
  readonly runId: string;
  readonly kind: RunKind;
  readonly period: string;
  readonly version: number;
  readonly closed: boolean;
  readonly resultDigest: string;
}

/** Which run: by its number, or the version of a period (`null`: the one that stands). */
export type RunReference =
  | { readonly runId: string }
  | { readonly kind: RunKind; readonly period: string; readonly version: number | null };

interface Row {
  readonly runId: string;
  readonly kind: RunKind;
  readonly period: string;
  readonly version: number;
  readonly closed: boolean;
  readonly resultDigest: string;
  readonly knowledge: string;
  readonly facts: Packed;
  readonly policy: PolicySnapshot;
}

/**
 * Reads a run as people name it: `12` (its number), `2024-03`, `2024`, `start:2024`, `release:2024-03`, each with `@2` for a version.
 *
 * @throws SettlementInputError
 */
export function runReference(text: string): RunReference {
  const found = /^(?:(start|month|release|year):)?(\d{4}(?:-\d{2})?)(?:@(\d{1,6}))?$/.exec(text);
  if (found === null && /^\d{1,18}$/.test(text)) return { runId: text };
  if (found === null)
    throw new SettlementInputError(
      `不认识的结算：${text}（写编号，或 2024-03、2024、start:2024、release:2024-03，可加 @版本）`,
    );
  const [, named, period = '', version] = found;
  const kind = KINDS.find((each) => each === named) ?? (period.length === 7 ? 'month' : 'year');
  return { kind, period, version: version === undefined ? null : Number(version) };
}

const KINDS: readonly RunKind[] = ['start', 'month', 'release', 'year'];

/** @throws SettlementInputError when there is no such run, or it only takes another one back */
export async function readStoredRun(
  client: pg.Pool | pg.ClientBase,
  consortium: RunKey['consortium'],
  reference: RunReference,
): Promise<StoredRunContent> {
  const [condition, values] =
    'runId' in reference
      ? ['run_id = $2', [reference.runId]]
      : [
          'kind = $2 AND period = $3 AND CASE WHEN $4::int IS NULL THEN current ELSE version = $4 END',
          [reference.kind, reference.period, reference.version],
        ];
  const { rows } = await client.query<Row>(
    `SELECT run_id AS "runId", kind, period, version, closed_at IS NOT NULL AS closed, result_digest AS "resultDigest",
       knowledge_digest AS knowledge, facts, policy
     FROM settlement_run WHERE consortium = $1 AND reverses IS NULL AND ${condition}`,
    [consortium, ...values],
  );
  const [row] = rows;
  if (row === undefined)
    throw new SettlementInputError('没有这次结算，或它只是冲回记录；请先结算，或检查编号、版本');
  const { facts, ...run } = row;
  return { ...run, facts: unpack<Facts>(facts), figures: await readFigures(client, row.runId) };
}

async function readFigures(
  client: pg.Pool | pg.ClientBase,
  runId: string,
): Promise<readonly FigureReport[]> {
  const { rows } = await client.query<{ content: FigureReport }>(
    'SELECT content FROM figure WHERE run_id = $1 ORDER BY position',
    [runId],
  );
  return rows.map(({ content }) => content);
}

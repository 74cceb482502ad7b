import type pg from 'pg';
import { copyIn } from '../../database/copy.client.js';
import type { Month } from '../../kernel/period.js';
import type { StatisticResult } from './compute.js';

/** Puts the results of a month in the place of earlier ones. */
export async function replaceStatistics(
  client: pg.PoolClient,
  consortium: string,
  { month, results }: { readonly month: Month; readonly results: readonly StatisticResult[] },
): Promise<void> {
  await client.query('DELETE FROM statistic_result WHERE consortium = $1 AND month = $2', [
    consortium,
    month,
  ]);
  const text = (value: { toFixed(): string } | null): string | null => value?.toFixed() ?? null;
  await copyIn(
    client,
    'statistic_result',
    results.map((result) => [
      ...[consortium, result.month, result.span, result.institution],
      ...[result.rule.id, result.rule.version, result.part.id],
      ...[text(result.numerator), text(result.denominator), result.cases, text(result.value)],
      ...[result.verdict.peers, text(result.verdict.p90), text(result.verdict.z)],
      text(result.verdict.lastYear),
      ...[truth(result.verdict.flagged), truth(result.ruleFlagged)],
      `{${result.verdict.reasons.join(',')}}`,
      result.exportFen,
    ]),
  );
}

function truth(value: boolean | null): string | null {
  return value === null ? null : value ? 't' : 'f';
}

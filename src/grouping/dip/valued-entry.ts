import type { InstitutionLevel } from '../../claims/claim.js';
import { Decimal } from '../../kernel/decimal.js';
import { type Fen, fen } from '../../kernel/money.js';
import { toScaled } from '../../kernel/scaled.js';
import type { Catalogue, CatalogueEntry } from './catalogue.js';
import type { DeviationRow, RulePackage } from './rule-package.js';

/** What of a deviation row and an entry does not depend on case or institution: integers of a common scale. */
export interface ValuedRow {
  /** Highest cost in fen that the row takes; null: any. */
  readonly upToFen: bigint | null;
  /** slope × score, and constant × score × mean. */
  readonly slope: bigint;
  readonly constant: bigint;
  readonly row: DeviationRow;
}

/** An entry as institutions of one level are paid by it. */
export interface ValuedEntry {
  readonly rows: readonly ValuedRow[];
  /** score × mean: what one unit of a coefficient adds. */
  readonly perCoefficient: bigint;
  readonly mean: bigint;
  /** The coefficient that replaces the institution's; null: none does. */
  readonly coefficient: bigint | null;
}

/** Decimals of the package's and the catalogue's numbers, one for each kind, so that integers of a kind can be added. */
export interface Scales {
  readonly row: number;
  readonly score: number;
  readonly coefficient: number;
  readonly supplement: number;
}

export function valuedEntry(
  entry: CatalogueEntry,
  level: InstitutionLevel,
  { rules, scales }: { readonly rules: RulePackage; readonly scales: Scales },
): ValuedEntry {
  const mean: bigint = entry.meanByLevel[level] ?? entry.mean;
  const score = toScaled(entry.score, scales.score);
  const { coefficient } = entry;
  return {
    mean,
    perCoefficient: score * mean * 10n ** BigInt(scales.row),
    coefficient: coefficient === null ? null : toScaled(coefficient, scales.coefficient),
    rows: rules.deviation.map((row) => ({
      row,
      upToFen: upToFen(row, fen(mean)),
      slope: toScaled(row.slope, scales.row) * score,
      constant: toScaled(row.constant, scales.row) * score * mean,
    })),
  };
}

export function scalesOf(
  { byDiagnosis }: Catalogue,
  { deviation, coefficients, supplements }: RulePackage,
): Scales {
  const entries = [...byDiagnosis.values()].flat();
  const byInstitution = Object.values(coefficients.byInstitution).flatMap((own) =>
    own instanceof Decimal ? [own] : [own.employee, own.resident],
  );
  const own = entries.flatMap(({ coefficient }) => (coefficient === null ? [] : [coefficient]));
  return {
    row: mostPlaces(deviation.flatMap(({ slope, constant }) => [slope, constant])),
    score: mostPlaces(entries.map(({ score }) => score)),
    coefficient: mostPlaces([...Object.values(coefficients.byLevel), ...byInstitution, ...own]),
    supplement: mostPlaces(supplements.map(({ factor }) => factor)),
  };
}

function mostPlaces(values: readonly Decimal[]): number {
  return values.reduce((most, value) => Math.max(most, value.decimalPlaces()), 0);
}

/** Highest cost for which cost ÷ mean is within the row's bound, by exact comparison. */
export function upToFen({ upTo, inclusive }: DeviationRow, mean: Fen): bigint | null {
  if (upTo === undefined) return null;
  const places = upTo.decimalPlaces();
  const [bound, unit] = [toScaled(upTo, places) * mean, 10n ** BigInt(places)];
  return inclusive === true || bound % unit !== 0n ? bound / unit : bound / unit - 1n;
}

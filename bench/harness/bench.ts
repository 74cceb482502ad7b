/**
 * What a benchmark is: some data, variants that do the same work, and figures made of what the rounds measured. One file
 * `bench/<name>.bench.ts` exports `bench`; the harness finds it by its name.
 */
export interface Bench {
  /** As the table of goals calls it: `B1`. */
  readonly code: string;
  readonly title: string;
  /** What throughput counts, in the plural: `rows`. */
  readonly unit: string;
  /** Servers besides PostgreSQL that are started for it. */
  readonly servers?: readonly 'mariadb'[];
  /** Why it cannot be run here, or null. */
  missing?(): Promise<string | null>;
  /** Makes the data, once, before the rounds. */
  prepare(context: BenchContext): Promise<void>;
  /** In the order in which a round runs them, each in a process of its own. */
  readonly variants: Readonly<Record<string, Variant>>;
  figures(results: Results): readonly Figure[];
}

export interface BenchContext {
  /** Superuser's connection string to the database `heyi` of the run's own PostgreSQL. */
  readonly url: string;
  /** The run's own MariaDB, where the benchmark asked for one. */
  readonly mariadbUrl: string | null;
  /** A folder of this run, empty at first, removed at its end. */
  readonly folder: string;
  /** Small sizes: shows that the benchmark still works, not how fast anything is. */
  readonly quick: boolean;
}

export interface RoundContext extends BenchContext {
  readonly round: number;
  /** Times this piece of work; several are added up. What stands around them is preparation and verification. */
  measure<T>(work: () => Promise<T>): Promise<T>;
}

export interface Variant {
  /** What it is, for the report. */
  readonly title: string;
  run(context: RoundContext): Promise<Outcome>;
}

export interface Outcome {
  readonly units: number;
  /** What came out, as text; variants whose results are not null must all give the same. */
  readonly result: string | null;
  /** Anything else worth keeping from a round. */
  readonly extra?: Readonly<Record<string, number>>;
}

/** One measured round of one variant. */
export interface Measurement extends Outcome {
  readonly wallSeconds: number;
  /** CPU of the measuring process and the programs it started. */
  readonly nodeCpuSeconds: number;
  readonly serverCpuSeconds: number;
  readonly peakRssMb: number;
  /** Share of the machine that somebody else used meanwhile. */
  readonly foreignShare: number;
}

export type Results = Readonly<Record<string, readonly Measurement[]>>;

/** A number of the report, and what it is to hold. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  /** Lowest and highest of the rounds. */
  readonly range: readonly [least: number, most: number] | null;
  readonly hold: Hold | null;
  /** Fraction digits. */
  readonly places: number;
}

export interface Hold {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export function holds({ value, hold }: Figure): boolean | null {
  if (hold === null) return null;
  return value >= (hold.atLeast ?? -Infinity) && value <= (hold.atMost ?? Infinity);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function perSecond({ units, wallSeconds }: Measurement): number {
  return units / wallSeconds;
}

/** Median throughput of `ours` ÷ that of `rival`; the range is that of the rounds, each against its own neighbour. */
export function ratio(results: Results, { label, ours, rival, hold }: RatioRequest): Figure {
  const [mine, theirs] = [results[ours] ?? [], results[rival] ?? []];
  const pairs = mine.flatMap((each, index) => {
    const other = theirs[index];
    return other === undefined ? [] : [perSecond(each) / perSecond(other)];
  });
  return {
    label,
    value: median(mine.map(perSecond)) / median(theirs.map(perSecond)),
    range: [Math.min(...pairs), Math.max(...pairs)],
    hold,
    places: 2,
  };
}

export interface RatioRequest {
  readonly label: string;
  readonly ours: string;
  readonly rival: string;
  readonly hold: Hold | null;
}

/** Median of one number of a variant's rounds. */
export function figureOf(
  rounds: readonly Measurement[] | undefined,
  { label, of, hold = null, places = 2 }: FigureRequest,
): Figure {
  const values = (rounds ?? []).map(of);
  const range: Figure['range'] = [Math.min(...values), Math.max(...values)];
  return { label, value: median(values), range, hold, places };
}

export interface FigureRequest {
  readonly label: string;
  readonly of: (round: Measurement) => number;
  readonly hold?: Hold | null;
  readonly places?: number;
}

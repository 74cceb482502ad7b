import type { Pool } from '../claims/claim.js';
import type { Fen } from '../kernel/money.js';
import type { FigureReport } from '../settlement/result.js';

/** Everything a statement is built from: one stored run, its postings, and the names of those it concerns. */
export interface StatementSource {
  readonly run: StatedRun;
  /** In the order of the run. */
  readonly figures: readonly StatedFigure[];
  readonly postings: readonly StatedPosting[];
  readonly names: StatementNames;
  /** Documents that clauses cite, by their code in the files. */
  readonly documents: ReadonlyMap<
    string,
    { readonly number: string; readonly title: string; readonly sample: boolean }
  >;
  /** What the choices of parameters are called, by parameter. */
  readonly choices: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Parameters that are tables: too wide for an annex, which says how many rows they have. */
  readonly tables: ReadonlySet<string>;
  /** What village clinics booked in the period; only read for a clinic's statement. */
  readonly clinicBookings: readonly ClinicBooking[];
}

export const RUN_KINDS = ['start', 'month', 'release', 'year'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export interface StatedRun {
  readonly runId: string;
  readonly kind: RunKind;
  readonly period: string;
  readonly version: number;
  readonly current: boolean;
  readonly closed: boolean;
  readonly region: string;
  /** Local business day on which it was computed. */
  readonly day: string;
  readonly resultDigest: string;
}

export interface StatedFigure {
  readonly pool: Pool;
  /** `final`, or of one member `member.<institution>.final`. */
  readonly key: string;
  readonly report: FigureReport;
}

/** What a voucher of the run moves on one account. */
export interface StatedPosting {
  readonly voucher: string;
  readonly account: string;
  readonly pool: Pool;
  readonly amount: Fen;
}

export interface StatementNames {
  readonly consortium: string;
  readonly region: string;
  readonly lead: string;
  /** Settlement units by code. */
  readonly members: ReadonlyMap<string, string>;
  readonly clinics: ReadonlyMap<string, { readonly name: string; readonly settledBy: string }>;
}

export interface ClinicBooking {
  readonly pool: Pool;
  /** Chinese name of the category. */
  readonly category: string;
  readonly claims: number;
  readonly amount: Fen;
}

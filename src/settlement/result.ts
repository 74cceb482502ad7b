import { digest } from '../kernel/hash.js';
import type { Facts } from './facts.js';
import {
  type ClaimSelector,
  type Figure,
  type FigureBooking,
  type FigureInput,
  valueText,
} from './figure.js';
import type { PoolFigures } from './plan.js';

/** A figure as every JSON carries it: its full id, money as yuan text. */
export interface FigureReport {
  readonly id: string;
  readonly label: string;
  readonly amount: string;
  readonly unit: Figure['unit'];
  readonly clause: string;
  readonly formula: string;
  readonly inputs: readonly FigureInput[];
  readonly trace: readonly TraceLine[];
  readonly claims?: ClaimSelector;
  readonly note?: string;
  readonly booking?: FigureBooking;
  /** True when any input rests on a sample document. */
  readonly sample?: true;
}

/** One line of the chain that leads to a figure: what it is, how much, by which clause. */
export interface TraceLine {
  readonly label: string;
  readonly amount: string;
  readonly clause: string;
}

export interface SettlementResult {
  readonly region: string;
  readonly period: string;
  readonly plan: Facts['plan'];
  readonly digest: string;
  readonly figures: readonly FigureReport[];
}

/** Gives the figures of a plan their ids and traces, and the whole its digest. */
export function reportResult(facts: Facts, pools: readonly PoolFigures[]): SettlementResult {
  const { region, period, plan } = facts;
  const figures = pools.flatMap(({ pool, figures: own }) => {
    const prefix = `${region}.${period}${PERIOD_MARK[plan] ?? ''}.${pool}`;
    const byKey = new Map(own.map((figure) => [figure.key, figure]));
    return own.map((figure) => reportFigure(figure, prefix, byKey));
  });
  return { region, period, plan, digest: resultDigest(figures), figures };
}

/** Plans that share a year or a month with another: their figures are told apart by the period. */
const PERIOD_MARK: Readonly<Partial<Record<Facts['plan'], string>>> = {
  start: '-start',
  release: '-release',
};

/** SHA-256 over the figures in their order: ids, amounts, clauses, inputs and bookings; traces follow from them. No instant, no run number. */
export function resultDigest(figures: readonly FigureReport[]): string {
  const content = figures.map(({ id, amount, unit, clause, formula, inputs, booking }) => {
    const books = booking === undefined ? {} : { booking: { ...booking } };
    return {
      ...{ id, amount, unit, clause, formula, ...books },
      inputs: inputs.map((input) => ({ ...input })),
    };
  });
  return digest(content);
}

function reportFigure(
  figure: Figure,
  prefix: string,
  byKey: ReadonlyMap<string, Figure>,
): FigureReport {
  const { key, label, unit, value, clause, formula, claims, note, booking } = figure;
  const inputs = figure.inputs.map((input) =>
    input.figure === undefined ? input : { ...input, figure: `${prefix}.${input.figure}` },
  );
  const below = allBelow(figure, byKey);
  return {
    id: `${prefix}.${key}`,
    label,
    amount: valueText(value),
    unit,
    clause,
    formula,
    inputs,
    trace: traceOf(below),
    ...(claims === undefined ? {} : { claims }),
    ...(note === undefined ? {} : { note }),
    ...(booking === undefined ? {} : { booking }),
    ...(below.some(restsOnSample) ? { sample: true as const } : {}),
  };
}

/** A figure and all that it rests on, each once, deepest first, itself last. */
function allBelow(figure: Figure, byKey: ReadonlyMap<string, Figure>): readonly Figure[] {
  const found = new Set<Figure>();
  const visit = (current: Figure): void => {
    for (const { figure: key } of current.inputs) {
      const below = key === undefined ? undefined : byKey.get(key);
      if (below !== undefined && !found.has(below)) visit(below);
    }
    found.add(current);
  };
  visit(figure);
  return [...found];
}

/** Of each figure its parameters, then itself; nothing twice. */
function traceOf(figures: readonly Figure[]): readonly TraceLine[] {
  const lines = new Map<string, TraceLine>();
  for (const { key, label, value, clause, inputs } of figures) {
    for (const input of inputs)
      if (input.parameter !== undefined)
        lines.set(`${input.parameter} ${input.label}`, lineOf(input));
    lines.set(key, { label, amount: valueText(value), clause });
  }
  return [...lines.values()];
}

function lineOf({ label, value, clause = '', reading }: FigureInput): TraceLine {
  return {
    label: reading === undefined ? label : `${label}〔解读：${reading}〕`,
    amount: value,
    clause,
  };
}

function restsOnSample({ inputs }: Figure): boolean {
  return inputs.some(({ sample }) => sample === true);
}

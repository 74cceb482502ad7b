import { isMonth } from '../kernel/period.js';
import type { RunKind } from './source.js';

/** Which run is meant: the current one of a period, or any by its number. */
export type RunChoice =
  | { readonly kind: RunKind; readonly period: string }
  | { readonly runId: string };

/** `2024`, `2024-03`, `start:2025`, `release:2025-03`, or one run by its number `run:17`; null for anything else. */
export function parseRunChoice(text: string): RunChoice | null {
  const [, word = '', rest = ''] = /^(?:(run|start|release):)?(.*)$/.exec(text) ?? [];
  if (word === 'run') return /^[1-9]\d{0,17}$/.test(rest) ? { runId: rest } : null;
  const kinds = isMonth(rest) ? MONTHLY : /^\d{4}$/.test(rest) ? YEARLY : {};
  const kind = kinds[word];
  return kind === undefined ? null : { kind, period: rest };
}

type Kinds = Readonly<Record<string, RunKind>>;
const MONTHLY: Kinds = { '': 'month', release: 'release' };
const YEARLY: Kinds = { '': 'year', start: 'start' };

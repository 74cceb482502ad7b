import { isMonth } from '../kernel/period.js';
import type { RunKind } from '../statements/source.js';
import type { RunChoice } from '../statements/statement.repository.js';
import { UsageError } from './exit-code.js';

/** `2024`, `2024-03`, `start:2025`, `release:2025-03`, or one run by its number `run:17`. @throws UsageError */
export function runChoice(text: string): RunChoice {
  const [, word = '', rest = ''] = /^(?:(run|start|release):)?(.*)$/.exec(text) ?? [];
  if (word === 'run' && /^\d{1,18}$/.test(rest)) return { runId: rest };
  const kind = isMonth(rest) ? MONTHLY[word] : /^\d{4}$/.test(rest) ? YEARLY[word] : undefined;
  if (kind !== undefined) return { kind, period: rest };
  throw new UsageError(
    `期间应写 2024、2024-03、start:2025、release:2025-03 或 run:<编号>：${text}`,
  );
}

const MONTHLY: Readonly<Record<string, RunKind>> = { '': 'month', release: 'release' };
const YEARLY: Readonly<Record<string, RunKind>> = { '': 'year', start: 'start' };

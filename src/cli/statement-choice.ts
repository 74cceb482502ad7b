import type { StatementFormat } from '../statements/printed.js';
import { parseRunChoice, type RunChoice } from '../statements/run-choice.js';
import { UsageError } from './exit-code.js';

/** @throws UsageError */
export function runChoice(text: string): RunChoice {
  const choice = parseRunChoice(text);
  if (choice !== null) return choice;
  throw new UsageError(
    `期间应写 2024、2024-03、start:2025、release:2025-03 或 run:<编号>：${text}`,
  );
}

/** What a statement or a sheet is printed as. @throws UsageError */
export function statementFormat(text: string): StatementFormat {
  if (text === 'pdf' || text === 'xlsx') return text;
  throw new UsageError(`--format 应为 pdf 或 xlsx：${text}`);
}

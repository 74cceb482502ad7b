import { GatewayError } from '../kernel/errors.js';

/** One fault of a configuration file. Line and column count from 1; 0 = the file as a whole. */
export interface ConfigProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A configuration file cannot be used. The message lists every problem as `file:line:column 说明`, one a line. */
export class ConfigError extends GatewayError {
  readonly code = 'config.invalid';
  readonly recovery = 'halt';
  readonly remedy = '请按“文件:行:列”逐条修改，然后运行 npx heyi check-config 复查。';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(problemText).join('\n'), { problems: problems.length });
  }
}

export function problemText({ path, line, column, message }: ConfigProblem): string {
  return line === 0 ? `${path} ${message}` : `${path}:${line}:${column} ${message}`;
}

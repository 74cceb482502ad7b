import { GatewayError } from '../kernel/errors.js';

/** One fault of a configuration file. Line and column count from 1; 0 = the file as a whole. */
export interface ConfigProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Most problems a message lists; a file that is something else altogether has thousands. */
const MOST_LISTED = 50;

/** A configuration file cannot be used. The message lists the problems as `file:line:column 说明`, one a line. */
export class ConfigError extends GatewayError {
  readonly code = 'config.invalid';
  readonly recovery = 'halt';
  readonly remedy = '请按“文件:行:列”逐条修改，然后运行 npx heyi check-config 复查。';

  constructor(readonly problems: readonly ConfigProblem[]) {
    const listed = problems.slice(0, MOST_LISTED).map(problemText);
    const more = problems.length - listed.length;
    super([...listed, ...(more > 0 ? [`另有 ${more} 处`] : [])].join('\n'), {
      problems: problems.length,
    });
  }
}

export function problemText({ path, line, column, message }: ConfigProblem): string {
  return line === 0 ? `${path} ${message}` : `${path}:${line}:${column} ${message}`;
}

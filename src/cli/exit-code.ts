import { GatewayError } from '../kernel/errors.js';

/** What a script can tell from `heyi`'s exit code. */
export const EXIT = {
  ok: 0,
  /** The command ran and failed, or found differences. */
  failed: 1,
  /** The command line, an input file or a configuration file is wrong. */
  usage: 2,
  /** Halted: policy parameters are unspecified and no overlay fills them. */
  halted: 3,
} as const;

/** The command line asks for something that does not exist or does not fit together. */
export class UsageError extends GatewayError {
  readonly code = 'cli.usage';
  readonly recovery = 'halt';
  readonly remedy = '运行 npx heyi <命令> --help 查看用法。';
}

/** Codes by the part before the dot, unless the whole code is listed. */
const BY_CODE: Readonly<Record<string, number>> = {
  'policy.gaps': EXIT.halted,
  cli: EXIT.usage,
  config: EXIT.usage,
  input: EXIT.usage,
  'knowledge.import': EXIT.usage,
};

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof GatewayError)) return EXIT.failed;
  const [family = ''] = error.code.split('.');
  return BY_CODE[error.code] ?? BY_CODE[family] ?? EXIT.failed;
}

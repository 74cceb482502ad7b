import type { LoggerService } from '@nestjs/common';
import { type Level, type Logger, pino } from 'pino';
import { currentCorrelation } from '../../jobs/correlation.service.js';
import { safeStack } from '../../kernel/safe-text.js';
import { allowedFields, logText, prettyLine } from './log-line.js';

export interface LoggerOptions {
  /** What the process does; stands in every line. */
  readonly role: string;
  readonly level?: string | undefined;
  /** `json` for machines, `pretty` for a person at a terminal. */
  readonly format: 'json' | 'pretty';
  readonly write: (line: string) => void;
}

const LEVELS: readonly string[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * The log of a process: Nest's logger and everybody's, one JSON object a line on standard error. What a line may hold is a list of
 * names (log-line.ts), not a list of what is forbidden; raw rows never pass through here.
 */
export class ProcessLogger implements LoggerService {
  private readonly pino: Logger;

  constructor({ role, level = 'info', format, write }: LoggerOptions) {
    this.pino = pino(
      {
        level: LEVELS.includes(level) ? level : 'info',
        base: { pid: process.pid, role },
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write: format === 'pretty' ? (line: string) => write(prettyLine(line)) : write },
    );
  }

  /** Reads HEYI_LOG_LEVEL and HEYI_LOG_FORMAT; pretty where a terminal is watching, unless told otherwise. */
  static ofProcess(role: string, environment = process.env): ProcessLogger {
    const asked = environment['HEYI_LOG_FORMAT'];
    const format = asked === 'json' || asked === 'pretty' ? asked : watched();
    const level = environment['HEYI_LOG_LEVEL'];
    return new ProcessLogger({ role, level, format, write: (line) => process.stderr.write(line) });
  }

  log(message: unknown, ...more: unknown[]): void {
    // The framework tells of every module and route it sets up: a detail of a start.
    this.say(FRAMEWORK.has(String(more.at(-1))) ? 'debug' : 'info', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    this.say('error', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.say('warn', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.say('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.say('trace', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.say('fatal', message, more);
  }

  /** Nest hands over (message, …optional, context); for errors also a stack before the context. */
  private say(level: Level, message: unknown, more: readonly unknown[]): void {
    const last = more.at(-1);
    const context = typeof last === 'string' && !last.includes('\n') ? last : undefined;
    const error = [message, ...more].find((each) => each instanceof Error);
    this.pino[level](
      {
        ...(context === undefined ? {} : { context }),
        ...currentCorrelation(),
        ...allowedFields(typeof message === 'object' ? message : more[0]),
        ...(error instanceof Error && level !== 'warn' ? { stack: safeStack(error) } : {}),
      },
      logText(textOf(message)),
    );
  }
}

const FRAMEWORK: ReadonlySet<string> = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** An object carries its words in `message`. */
function textOf(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || message instanceof Error) return message;
  return 'message' in message && typeof message.message === 'string' ? message.message : '';
}

const watched = (): 'json' | 'pretty' => (process.stderr.isTTY === true ? 'pretty' : 'json');

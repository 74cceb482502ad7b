import type { Type } from '@nestjs/common';
import type { CommandRunner } from 'nest-commander';
import { JobsCommand, JobsListCommand } from './jobs.command.js';
import { MigrateCommand } from './migrate.command.js';
import { RunBackfillCommand, RunCommand, RunNightCommand, RunYearCommand } from './run.command.js';
import { ServeCommand } from './serve.command.js';
import { StatusCommand } from './status.command.js';

/** Commands (and their subcommands) that work on the database: loaded when one of them, or help, is asked for. */
export const DATABASE_COMMANDS: readonly Type<CommandRunner>[] = [
  MigrateCommand,
  JobsCommand,
  JobsListCommand,
  RunCommand,
  RunNightCommand,
  RunBackfillCommand,
  RunYearCommand,
  ServeCommand,
  StatusCommand,
];

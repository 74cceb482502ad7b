import type { Type } from '@nestjs/common';
import type { CommandRunner } from 'nest-commander';
import { MigrateCommand } from './migrate.command.js';

/** Commands (and their subcommands) that work on the database: loaded when one of them, or help, is asked for. */
export const DATABASE_COMMANDS: readonly Type<CommandRunner>[] = [MigrateCommand];

import type { Type } from '@nestjs/common';
import type { CommandRunner } from 'nest-commander';
import { CheckConfigCommand } from './check-config.command.js';
import { SchemasCommand } from './schemas.command.js';

/** Commands (and their subcommands) that need no database: loaded at every start, so they import nothing that loads one. */
export const PURE_COMMANDS: readonly Type<CommandRunner>[] = [CheckConfigCommand, SchemasCommand];

import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { type CommandRunner, InjectCommander } from 'nest-commander';
import { CliDatabase } from './cli-database.service.js';

/** The part of commander's `Command` that the shell touches. */
export interface ShellCommand {
  readonly commands: readonly ShellCommand[];
  name(name: string): this;
  description(text: string): this;
  allowExcessArguments(allow: boolean): this;
  exitOverride(handler: (error: { code: string; exitCode: number }) => never): this;
}

/** The root of the command tree. */
export class Shell {
  constructor(@InjectCommander() readonly root: ShellCommand) {}
}

@Module({})
export class CliModule {
  static withCommands(commands: readonly Type<CommandRunner>[]): DynamicModule {
    return { module: CliModule, providers: [CliDatabase, Shell, ...commands] };
  }
}

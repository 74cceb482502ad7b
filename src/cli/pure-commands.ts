import type { Type } from '@nestjs/common';
import type { CommandRunner } from 'nest-commander';
import { AuditCommand } from './audit.command.js';
import { BenefitsCommand } from './benefits.command.js';
import { CalendarCommand } from './calendar.command.js';
import { CheckConfigCommand } from './check-config.command.js';
import { ComputeCommand } from './compute.command.js';
import { DemoCommand, DemoGenerateCommand, DemoSiteCommand } from './demo.command.js';
import { GroupCommand, GroupDrgCommand } from './group.command.js';
import {
  KnowledgeCommand,
  KnowledgeImportCommand,
  KnowledgeListCommand,
} from './knowledge.command.js';
import { KnowledgeDiffCommand } from './knowledge-diff.command.js';
import { PolicyCommand, PolicyCoverageCommand, PolicyGapsCommand } from './policy.command.js';
import { RulesDocCommand } from './rules-doc.command.js';
import { SchemasCommand } from './schemas.command.js';

/** Commands (and their subcommands) that need no database: loaded at every start, so they import nothing that loads one. */
export const PURE_COMMANDS: readonly Type<CommandRunner>[] = [
  AuditCommand,
  BenefitsCommand,
  CalendarCommand,
  CheckConfigCommand,
  ComputeCommand,
  DemoCommand,
  DemoGenerateCommand,
  DemoSiteCommand,
  GroupCommand,
  GroupDrgCommand,
  KnowledgeCommand,
  KnowledgeDiffCommand,
  KnowledgeImportCommand,
  KnowledgeListCommand,
  PolicyCommand,
  PolicyCoverageCommand,
  PolicyGapsCommand,
  RulesDocCommand,
  SchemasCommand,
];

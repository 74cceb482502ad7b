import type { Type } from '@nestjs/common';
import type { CommandRunner } from 'nest-commander';
import {
  ExemptionsAddCommand,
  ExemptionsApproveCommand,
  ExemptionsCommand,
  ExemptionsEndCommand,
  ExemptionsListCommand,
} from './exemptions.command.js';
import {
  RegistersCommand,
  RegistersImportCommand,
  RegistersListCommand,
} from './registers.command.js';
import { ReplayCommand } from './replay.command.js';
import {
  RulesApproveCommand,
  RulesCheckCommand,
  RulesListCommand,
  RulesPromoteCommand,
  RulesRetireCommand,
  RulesReviewCommand,
  RulesStatsCommand,
  RulesSuspendCommand,
  RulesTrialCommand,
} from './rules.command.js';
import { RulesCloseReviewCommand, RulesCommand, RulesJudgeCommand } from './rules-trial.command.js';

/** What people decide about the audit, and file for it: rules, exemptions, registers, trial runs. */
export const GOVERNANCE_COMMANDS: readonly Type<CommandRunner>[] = [
  ExemptionsCommand,
  ExemptionsAddCommand,
  ExemptionsApproveCommand,
  ExemptionsEndCommand,
  ExemptionsListCommand,
  RegistersCommand,
  RegistersImportCommand,
  RegistersListCommand,
  ReplayCommand,
  RulesCommand,
  RulesApproveCommand,
  RulesCheckCommand,
  RulesCloseReviewCommand,
  RulesJudgeCommand,
  RulesListCommand,
  RulesPromoteCommand,
  RulesRetireCommand,
  RulesReviewCommand,
  RulesStatsCommand,
  RulesSuspendCommand,
  RulesTrialCommand,
];

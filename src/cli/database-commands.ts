import type { Type } from '@nestjs/common';
import type { CommandRunner } from 'nest-commander';
import {
  AgencyCommand,
  AgencyDeclareCommand,
  AgencyDispatchCommand,
  AgencyListCommand,
  AgencyResolveCommand,
} from './agency.command.js';
import { AuditExportCommand } from './audit-export.command.js';
import { BackupCommand, RestoreCommand } from './backup.command.js';
import { CatalogueCommand, CatalogueUnmappedCommand } from './catalogue.command.js';
import { ClaimsCommand, ClaimsExportCommand } from './claims.command.js';
import { ClinicExceptionsCommand } from './clinic-exceptions.command.js';
import { CoverageCommand } from './coverage.command.js';
import {
  CrosswalkCommand,
  CrosswalkExportCommand,
  CrosswalkSuggestCommand,
} from './crosswalk.command.js';
import {
  CrosswalkApproveCommand,
  CrosswalkImportCommand,
  CrosswalkImportsCommand,
  CrosswalkNamesCommand,
  CrosswalkRejectCommand,
} from './crosswalk-import.command.js';
import { DeadlinesCommand } from './deadlines.command.js';
import { DeductionSheetCommand } from './deduction-sheet.command.js';
import { DoctorCommand } from './doctor.command.js';
import { ExplainCommand } from './explain.command.js';
import { GOVERNANCE_COMMANDS } from './governance-commands.js';
import { IndicatorsCommand } from './indicators.command.js';
import { IngestCommand } from './ingest.command.js';
import { JobsCommand, JobsListCommand, JobsRetryCommand, JobsShowCommand } from './jobs.command.js';
import { LedgerCommand } from './ledger.command.js';
import {
  ListsCommand,
  ListsCountCommand,
  ListsStatusCommand,
  ListsSubmitCommand,
  ListsSupplementCommand,
} from './lists.command.js';
import { ListsCheckCommand, ListsPushCommand } from './lists-push.command.js';
import { MigrateCommand } from './migrate.command.js';
import { ProbeCommand } from './probe.command.js';
import {
  QuarantineAccountCommand,
  QuarantineCommand,
  QuarantineListCommand,
  QuarantineShowCommand,
} from './quarantine.command.js';
import {
  QuarantineApproveCommand,
  QuarantineCorrectCommand,
  QuarantineDismissCommand,
  QuarantineRejectCommand,
  QuarantineWithdrawCommand,
} from './quarantine-decide.command.js';
import { ReconcileCommand } from './reconcile.command.js';
import {
  RetentionApplyCommand,
  RetentionCommand,
  RetentionPlanCommand,
  SizeCommand,
} from './retention.command.js';
import { REVIEW_SUBCOMMANDS, ReviewCommand } from './review.command.js';
import {
  RunBackfillCommand,
  RunCommand,
  RunNightCommand,
  RunReleaseCommand,
  RunStartCommand,
  RunYearCommand,
} from './run.command.js';
import {
  SecretCommand,
  SecretListCommand,
  SecretRemoveCommand,
  SecretRotateCommand,
  SecretSetCommand,
} from './secret.command.js';
import { ServeCommand } from './serve.command.js';
import {
  SettleCommand,
  SettleMonthCommand,
  SettleReleaseCommand,
  SettleStartCommand,
  SettleYearCommand,
} from './settle.command.js';
import { SettleDiffCommand, SettleWhatIfCommand } from './settle-compare.command.js';
import { SettleReverseCommand } from './settle-reverse.command.js';
import { StatementCommand } from './statement.command.js';
import {
  StatementAckCommand,
  StatementAnswerCommand,
  StatementDisputeCommand,
  StatementResponsesCommand,
} from './statement-response.command.js';
import { StatusCommand } from './status.command.js';
import {
  SyncBackfillCommand,
  SyncCommand,
  SyncCompareCommand,
  SyncRewindCommand,
} from './sync.command.js';
import {
  SyncAdjustmentsCommand,
  SyncRefundsCommand,
  SyncWithdrawnCommand,
} from './sync-lists.command.js';
import {
  UserCommand,
  UserCreateCommand,
  UserDisableCommand,
  UserGrantCommand,
  UserListCommand,
  UserResetPasswordCommand,
} from './user.command.js';
import { VerifyCommand } from './verify.command.js';

/** Commands (and their subcommands) that work on the database: loaded when one of them, or help, is asked for. */
export const DATABASE_COMMANDS: readonly Type<CommandRunner>[] = [
  ...GOVERNANCE_COMMANDS,
  MigrateCommand,
  DeadlinesCommand,
  DeductionSheetCommand,
  DoctorCommand,
  AuditExportCommand,
  BackupCommand,
  RestoreCommand,
  RetentionCommand,
  RetentionPlanCommand,
  RetentionApplyCommand,
  SizeCommand,
  AgencyCommand,
  AgencyDeclareCommand,
  AgencyDispatchCommand,
  AgencyListCommand,
  AgencyResolveCommand,
  ExplainCommand,
  IndicatorsCommand,
  CatalogueCommand,
  CatalogueUnmappedCommand,
  ClaimsCommand,
  ClaimsExportCommand,
  ClinicExceptionsCommand,
  CoverageCommand,
  CrosswalkCommand,
  CrosswalkApproveCommand,
  CrosswalkExportCommand,
  CrosswalkImportCommand,
  CrosswalkImportsCommand,
  CrosswalkNamesCommand,
  CrosswalkRejectCommand,
  CrosswalkSuggestCommand,
  IngestCommand,
  JobsCommand,
  JobsListCommand,
  JobsRetryCommand,
  JobsShowCommand,
  LedgerCommand,
  ListsCommand,
  ListsCheckCommand,
  ListsCountCommand,
  ListsPushCommand,
  ListsStatusCommand,
  ListsSubmitCommand,
  ListsSupplementCommand,
  ProbeCommand,
  QuarantineCommand,
  QuarantineAccountCommand,
  QuarantineApproveCommand,
  QuarantineCorrectCommand,
  QuarantineDismissCommand,
  QuarantineListCommand,
  QuarantineRejectCommand,
  QuarantineShowCommand,
  QuarantineWithdrawCommand,
  ReconcileCommand,
  ReviewCommand,
  ...REVIEW_SUBCOMMANDS,
  RunCommand,
  RunNightCommand,
  RunBackfillCommand,
  RunStartCommand,
  RunReleaseCommand,
  RunYearCommand,
  SecretCommand,
  SecretListCommand,
  SecretRemoveCommand,
  SecretRotateCommand,
  SecretSetCommand,
  ServeCommand,
  SettleCommand,
  SettleDiffCommand,
  SettleMonthCommand,
  SettleReleaseCommand,
  SettleReverseCommand,
  SettleStartCommand,
  SettleWhatIfCommand,
  SettleYearCommand,
  StatementCommand,
  StatementAckCommand,
  StatementAnswerCommand,
  StatementDisputeCommand,
  StatementResponsesCommand,
  StatusCommand,
  UserCommand,
  UserCreateCommand,
  UserDisableCommand,
  UserGrantCommand,
  UserListCommand,
  UserResetPasswordCommand,
  SyncCommand,
  SyncCompareCommand,
  SyncBackfillCommand,
  SyncRewindCommand,
  SyncAdjustmentsCommand,
  SyncRefundsCommand,
  SyncWithdrawnCommand,
  VerifyCommand,
];

import type { MigrationInterface } from 'typeorm';
import { AccessTables1704067201000 } from '../access/access-tables.migration.js';
import { AgencyTables1704067250000 } from '../agency/agency-tables.migration.js';
import { ListTables1704067252000 } from '../agency/list-tables.migration.js';
import { StatisticsTables1704067450000 } from '../assessment/statistics/statistics-tables.migration.js';
import { AuditTables1704067230000 } from '../audit/audit-tables.migration.js';
import { GovernanceTables1704067451000 } from '../audit/governance/governance-tables.migration.js';
import { RegisterTables1704067380000 } from '../audit/register-tables.migration.js';
import { CrosswalkTables1704067222100 } from '../catalogue/crosswalk-tables.migration.js';
import { AdjustmentTables1704067221000 } from '../claims/adjustment-tables.migration.js';
import { ClaimTables1704067200000 } from '../claims/claim-tables.migration.js';
import { IngestTables1704067220000 } from '../ingest/ingest-tables.migration.js';
import { FreshPartitions1704067223000 } from '../ingest/landing/fresh-partition.migration.js';
import { WorkTables1704067260000 } from '../jobs/work-tables.migration.js';
import { WorkerTables1704067261000 } from '../jobs/worker-tables.migration.js';
import { JournalTables1704067210000 } from '../journal/journal-tables.migration.js';
import { OperationsTables1704067265000 } from '../operations/operations-tables.migration.js';
import { QuarantineTables1704067222000 } from '../quarantine/quarantine-tables.migration.js';
import { ReconciliationTables1704067251000 } from '../reconciliation/reconciliation-tables.migration.js';
import { ReviewTables1704067452000 } from '../review/review-tables.migration.js';
import { SettlementTables1704067240000 } from '../settlement/settlement-tables.migration.js';
import { StatementTables1704067290000 } from '../statements/statement-tables.migration.js';

/**
 * Every `*.migration.ts` of the source tree, in the order of the timestamps that end the class names (13 digits, milliseconds).
 * A folder appends its own; a test compares this list with the files.
 */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  ClaimTables1704067200000,
  AccessTables1704067201000,
  JournalTables1704067210000,
  IngestTables1704067220000,
  AdjustmentTables1704067221000,
  QuarantineTables1704067222000,
  CrosswalkTables1704067222100,
  FreshPartitions1704067223000,
  AuditTables1704067230000,
  SettlementTables1704067240000,
  AgencyTables1704067250000,
  ReconciliationTables1704067251000,
  ListTables1704067252000,
  WorkTables1704067260000,
  WorkerTables1704067261000,
  OperationsTables1704067265000,
  StatementTables1704067290000,
  RegisterTables1704067380000,
  StatisticsTables1704067450000,
  GovernanceTables1704067451000,
  ReviewTables1704067452000,
];

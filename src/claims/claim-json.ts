import { toYuan } from '../kernel/money.js';
import type { Claim } from './claim.js';
import type { ClaimRecord } from './claim-record.js';

/** A landed claim in the documented form of `claims.ndjson`. */
export function claimJson(record: ClaimRecord): Claim {
  return {
    performedAt: record.institution,
    settledBy: record.settledBy,
    level: record.level,
    claimNo: record.claimNo,
    refundOf: record.refundOf,
    personId: record.personId,
    sex: record.sex,
    birthDate: record.birthDate,
    pool: record.pool,
    careType: record.careType,
    treatmentArea: record.treatmentArea as Claim['treatmentArea'],
    channel: record.channel as Claim['channel'],
    cause: record.cause as Claim['cause'],
    settledAt: record.settledAt,
    admittedAt: record.admittedAt,
    dischargedAt: record.dischargedAt,
    dischargeMode: record.dischargeMode as Claim['dischargeMode'],
    department: record.department,
    totalFee: toYuan(record.totalFeeFen),
    eligible: toYuan(record.eligibleFen),
    deductible: toYuan(record.deductibleFen),
    pooledFundPaid: toYuan(record.pooledFundPaidFen),
    criticalIllnessPaid: toYuan(record.criticalIllnessPaidFen),
    largeExpensePaid: toYuan(record.largeExpensePaidFen),
    medicalAidPaid: toYuan(record.medicalAidPaidFen),
    fundPaid: toYuan(record.fundPaidFen),
    accountPaid: toYuan(record.accountPaidFen),
    cashPaid: toYuan(record.cashPaidFen),
    agencyGroupCode: record.agencyGroupCode,
    groupStandard: record.groupStandardFen === null ? null : toYuan(record.groupStandardFen),
    diagnoses: record.diagnoses.map((diagnosis) => ({ ...diagnosis })),
    procedures: record.procedures.map((procedure) => ({ ...procedure })),
    lines: record.lines.map(({ lineAmountFen, eligibleAmountFen, ...line }) => ({
      ...line,
      traceCodes: [...line.traceCodes],
      lineAmount: toYuan(lineAmountFen),
      eligibleAmount: toYuan(eligibleAmountFen),
    })),
  };
}

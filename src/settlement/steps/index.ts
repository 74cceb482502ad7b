import type { Step } from '../step.js';
import { annualPayable } from './annual-payable.js';
import { annualSettlement } from './annual-settlement.js';
import { auditDeductions } from './audit-deductions.js';
import { auditTaken } from './audit-taken.js';
import { bedDay } from './bed-day.js';
import { bookedAmounts } from './booked-amounts.js';
import { budgetAdjusted } from './budget-adjusted.js';
import { budgetApproved } from './budget-approved.js';
import { budgetBase } from './budget-base.js';
import { budgetChange } from './budget-change.js';
import { budgetComputed } from './budget-computed.js';
import { budgetGrowth } from './budget-growth.js';
import { budgetIndicator } from './budget-indicator.js';
import { budgetPointValue } from './budget-point-value.js';
import { budgetSlices } from './budget-slices.js';
import { budgetSplit } from './budget-split.js';
import { budgetTotal } from './budget-total.js';
import { capitation } from './capitation.js';
import { carriedReceivable } from './carried-receivable.js';
import { consortiumAllocation } from './consortium-allocation.js';
import { countyShareAdjustment } from './county-share-adjustment.js';
import { declaredBooked } from './declared-booked.js';
import { dipDecision } from './dip-decision.js';
import { dipPayable } from './dip-payable.js';
import { dipPoints } from './dip-points.js';
import { dipPool } from './dip-pool.js';
import { drgPoints } from './drg-points.js';
import { drgRate } from './drg-rate.js';
import { eligibility } from './eligibility.js';
import { familyDoctor } from './family-doctor.js';
import { finalAmount } from './final-amount.js';
import { fundBalance } from './fund-balance.js';
import { holdbackRelease } from './holdback-release.js';
import { inBudgetCost } from './in-budget-cost.js';
import { inpatientFiled } from './inpatient-filed.js';
import { inpatientPool } from './inpatient-pool.js';
import { memberDistribution } from './member-distribution.js';
import { methodPayable } from './method-payable.js';
import { monthDeductions } from './month-deductions.js';
import { monthSettlement } from './month-settlement.js';
import { monthlyPrepayment } from './monthly-prepayment.js';
import { outOfAreaDeduction } from './out-of-area-deduction.js';
import { outbudgetLines } from './outbudget-lines.js';
import { overspend } from './overspend.js';
import { overspendBands } from './overspend-bands.js';
import { prepaidTotal } from './prepaid-total.js';
import { prepaymentMonths } from './prepayment-months.js';
import { procurementNetting } from './procurement-netting.js';
import { procurementRecords } from './procurement-records.js';
import { qualityDeposit } from './quality-deposit.js';
import { retention } from './retention.js';
import { riskFundLedger } from './risk-fund-ledger.js';
import { scopeBooked } from './scope-booked.js';
import { specialCases } from './special-cases.js';
import { startPrepayment } from './start-prepayment.js';
import { surplusNotLower } from './surplus-not-lower.js';
import { surplusRetention } from './surplus-retention.js';
import { tcmShare } from './tcm-share.js';
import { tcmTilt } from './tcm-tilt.js';
import { townshipShare } from './township-share.js';

/** Every settlement step, sorted by name; regions name the ones they use in their plans. */
export const STEPS: readonly Step[] = [
  annualPayable,
  annualSettlement,
  auditDeductions,
  auditTaken,
  bedDay,
  bookedAmounts,
  budgetAdjusted,
  budgetApproved,
  budgetBase,
  budgetChange,
  budgetComputed,
  budgetGrowth,
  budgetIndicator,
  budgetPointValue,
  budgetSlices,
  budgetSplit,
  budgetTotal,
  capitation,
  carriedReceivable,
  consortiumAllocation,
  countyShareAdjustment,
  declaredBooked,
  dipDecision,
  dipPayable,
  dipPoints,
  dipPool,
  drgPoints,
  drgRate,
  eligibility,
  familyDoctor,
  finalAmount,
  fundBalance,
  holdbackRelease,
  inBudgetCost,
  inpatientFiled,
  inpatientPool,
  memberDistribution,
  methodPayable,
  monthDeductions,
  monthSettlement,
  monthlyPrepayment,
  outOfAreaDeduction,
  outbudgetLines,
  overspend,
  overspendBands,
  prepaidTotal,
  prepaymentMonths,
  procurementNetting,
  procurementRecords,
  qualityDeposit,
  retention,
  riskFundLedger,
  scopeBooked,
  specialCases,
  startPrepayment,
  surplusNotLower,
  surplusRetention,
  tcmShare,
  tcmTilt,
  townshipShare,
];

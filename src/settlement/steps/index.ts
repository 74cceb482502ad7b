import type { Step } from '../step.js';
import { annualPayable } from './annual-payable.js';
import { auditDeductions } from './audit-deductions.js';
import { bookedAmounts } from './booked-amounts.js';
import { budgetBase } from './budget-base.js';
import { budgetComputed } from './budget-computed.js';
import { budgetGrowth } from './budget-growth.js';
import { budgetTotal } from './budget-total.js';
import { declaredBooked } from './declared-booked.js';
import { dipDecision } from './dip-decision.js';
import { dipPoints } from './dip-points.js';
import { dipPool } from './dip-pool.js';
import { finalAmount } from './final-amount.js';
import { memberDistribution } from './member-distribution.js';
import { monthlyPrepayment } from './monthly-prepayment.js';
import { overspend } from './overspend.js';
import { prepaidTotal } from './prepaid-total.js';
import { qualityDeposit } from './quality-deposit.js';
import { surplusRetention } from './surplus-retention.js';

/** Every settlement step, sorted by name; regions name the ones they use in their plans. */
export const STEPS: readonly Step[] = [
  annualPayable,
  auditDeductions,
  bookedAmounts,
  budgetBase,
  budgetComputed,
  budgetGrowth,
  budgetTotal,
  declaredBooked,
  dipDecision,
  dipPoints,
  dipPool,
  finalAmount,
  memberDistribution,
  monthlyPrepayment,
  overspend,
  prepaidTotal,
  qualityDeposit,
  surplusRetention,
];

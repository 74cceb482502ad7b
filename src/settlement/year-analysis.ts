import type { PolicyAt } from '../policy/policy.js';
import { knows } from './assessed.js';

const RECORDS = 'analysis.records';

/** The parameter that lists what must be recorded before a surplus or overspend is dealt with, where the region asks for it. */
export function analysisNeeds(policy: PolicyAt): readonly string[] {
  return knows(policy, RECORDS) ? [RECORDS] : [];
}

/** The filings of causes and responsibility (原因分析、责任厘清). */
export function analysisFilings(policy: PolicyAt): readonly string[] {
  if (!knows(policy, RECORDS) || policy.gapOf(RECORDS) !== null) return [];
  return policy.table(RECORDS).map((row) => row['filing'] ?? '');
}

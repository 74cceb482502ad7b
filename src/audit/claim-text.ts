import type { z } from 'zod';
import { type Claim, claimSchema } from '../claims/claim.js';
import { issueText } from '../config/issue-text.js';
import { yuan } from '../kernel/money.js';
import { factsOf, type MutableClaim } from './facts.js';

export type ParsedClaim =
  | { readonly claim: MutableClaim }
  | { readonly problems: readonly string[] };

const MOST_PROBLEMS = 5;

/** One line of `claims.ndjson`. What is wrong with it names the field, never its value: values may identify a person. */
export function parseClaim(text: string): ParsedClaim {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problems: ['不是 JSON 对象；一笔结算须完整写在一行'] };
  }
  const parsed = claimSchema.safeParse(value, { error: issueText });
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  const negative = negativeAmountOf(parsed.data);
  if (negative !== null)
    return { problems: [`${negative}：金额为负，却没有写明冲销的原结算号（refundOf）`] };
  try {
    return { claim: factsOf(parsed.data) };
  } catch {
    return { problems: ['数量或单价超出范围'] };
  }
}

const AMOUNTS = [
  ...(['totalFee', 'eligible', 'deductible', 'pooledFundPaid', 'criticalIllnessPaid'] as const),
  ...(['largeExpensePaid', 'medicalAidPaid', 'fundPaid', 'accountPaid', 'cashPaid'] as const),
];

/** Money flows back only on a claim that says which one it takes back, as when books are read from a source. */
function negativeAmountOf(claim: Claim): (typeof AMOUNTS)[number] | null {
  if (claim.refundOf !== null) return null;
  return AMOUNTS.find((name) => yuan(claim[name]) < 0n) ?? null;
}

function problemsOf({ issues }: z.ZodError): string[] {
  const problems = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}：${message}`,
  );
  if (problems.length <= MOST_PROBLEMS) return problems;
  return [...problems.slice(0, MOST_PROBLEMS), `另有 ${problems.length - MOST_PROBLEMS} 处`];
}

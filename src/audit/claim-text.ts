import type { z } from 'zod';
import { claimSchema } from '../claims/claim.js';
import { issueText } from '../config/issue-text.js';
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
  try {
    return { claim: factsOf(parsed.data) };
  } catch {
    return { problems: ['数量或单价超出范围'] };
  }
}

function problemsOf({ issues }: z.ZodError): string[] {
  const problems = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}：${message}`,
  );
  if (problems.length <= MOST_PROBLEMS) return problems;
  return [...problems.slice(0, MOST_PROBLEMS), `另有 ${problems.length - MOST_PROBLEMS} 处`];
}

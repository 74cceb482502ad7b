import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Claim, claimSchema } from '../../claims/claim.js';
import { ConfigError } from '../../config/errors.js';
import { issueText } from '../../config/issue-text.js';
import { isIsoDate } from '../../kernel/dates.js';
import { csvRows } from '../../tables/sheet-reader.js';
import type { Referral } from './referral-deductible.js';

/** Claims of a `claims.ndjson` file. @throws ConfigError naming the line and the field, never a value */
export async function readBenefitClaims(path: string): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8') })) {
    line += 1;
    if (text.trim() !== '') claims.push(claimOf(text, { path, line }));
  }
  return claims;
}

interface Place {
  readonly path: string;
  readonly line: number;
}

function claimOf(text: string, place: Place): Claim {
  const parsed = claimSchema.safeParse(jsonOf(text, place), { error: issueText });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw problem(place, `${issue?.path.join('.') ?? ''}：${issue?.message ?? ''}`);
}

function jsonOf(text: string, place: Place): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw problem(place, '不是 JSON 对象；一笔结算须完整写在一行');
  }
}

const COLUMNS = ['person_id', 'from', 'to', 'on'] as const;

/** Referrals of a CSV file with the columns person_id, from, to, on. @throws ConfigError with the line */
export function readReferrals(path: string): readonly Referral[] {
  const [head, ...rows] = csvRows(readFileSync(path));
  const names = head?.cells.map(({ text }) => text.trim()) ?? [];
  const places = COLUMNS.map((name) => names.indexOf(name));
  const missing = COLUMNS.filter((_, index) => places[index] === -1);
  if (missing.length > 0) throw problem({ path, line: 1 }, `缺列 ${missing.join('、')}`);
  return rows.map(({ cells, number: line }) => {
    const [personId = '', from = '', to = '', on = ''] = places.map(
      (place) => cells[place]?.text.trim() ?? '',
    );
    if (personId === '' || from === '' || to === '') throw problem({ path, line }, '有空列');
    if (!isIsoDate(on)) throw problem({ path, line }, 'on 应为日期 YYYY-MM-DD');
    return { personId, from, to, on };
  });
}

function problem({ path, line }: Place, message: string): ConfigError {
  return new ConfigError([{ path, line, column: 1, message }]);
}

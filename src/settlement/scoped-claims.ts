import type { Month } from '../kernel/period.js';
import type { ScopeTable } from './scope-table.js';

/** Which claims of the books a question is about. */
export interface ClaimQuestion {
  readonly consortium: string;
  readonly months: readonly Month[];
  readonly scope: ScopeTable;
  /** Names of the funds that make up the booked amount (policy `scope.funds`). */
  readonly funds: readonly string[];
}

const FUND_COLUMNS: Readonly<Record<string, string>> = {
  pooled: 'c.pooled_fund_paid_fen',
  'critical-illness': 'c.critical_illness_paid_fen',
  'large-expense': 'c.large_expense_paid_fen',
};

/** SQL of a claim's booked amount. @throws RangeError for a fund that no column holds */
export function bookedExpression(funds: readonly string[]): string {
  const columns = funds.map((fund) => {
    const column = FUND_COLUMNS[fund];
    if (column === undefined) throw new RangeError(`no column holds the fund ${fund}`);
    return column;
  });
  return columns.length === 0 ? '0::bigint' : columns.join(' + ');
}

/** Claims of the periods with the bucket of each (`s.bucket`, null = no rule). Takes `scopeValues` as $1 … $9. */
export const SCOPED_CLAIMS = `
  claim c LEFT JOIN unnest($4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    AS s(era, care_type, treatment_area, channel, cause, bucket)
    ON s.era = width_bucket(c.settled_on, $3::date[]) AND s.care_type = c.care_type
    AND s.treatment_area = c.treatment_area AND s.channel = c.channel AND s.cause = c.cause`;
export const OF_PERIODS = 'c.consortium = $1 AND c.period = ANY($2::text[])';

export function scopeValues({ consortium, months, scope }: ClaimQuestion): unknown[] {
  const { eras, rows } = scope;
  return [
    consortium,
    months,
    eras,
    rows.map(({ era }) => era),
    rows.map(({ careType }) => careType),
    rows.map(({ treatmentArea }) => treatmentArea),
    rows.map(({ channel }) => channel),
    rows.map(({ cause }) => cause),
    rows.map(({ bucket }) => bucket),
  ];
}

import type pg from 'pg';
import { Decimal } from '../../kernel/decimal.js';
import type { Month } from '../../kernel/period.js';
import { DAYS, ONE, STAY, VISIT } from '../measures.repository.js';
import type { MonthlyTotals } from './compute.js';
import { ALIKE_CLAIMS, DOCTOR_DAYS, DOCTOR_HOURS } from './crowded-times.repository.js';
import { type FeeGroup, isInGroup, isUnclassified, type LineTotal } from './fee-group.js';
import { CLAIM_TOTALS, type MeasureSpec } from './statistic.js';

/** A diagnosis or procedure that makes a readmission a planned one, by the beginning of its code. */
export interface Planned {
  readonly diagnoses: readonly string[];
  readonly procedures: readonly string[];
}

interface Row {
  readonly institution: string;
  readonly month: Month;
  readonly value: string | null;
}

type Query = { readonly sql: string; readonly values: readonly unknown[] };

const WITHIN = 'c.consortium = $1 AND c.period = ANY($2::text[])';
const BY = 'GROUP BY c.institution, c.period';
const AT = 'c.institution, c.period AS month';
const DISCHARGED = 'left(c.discharged_at, 10)::date';
const ADMITTED = 'left(c.admitted_at, 10)::date';

const TOTAL_SQL: Readonly<Record<(typeof CLAIM_TOTALS)[number], string>> = {
  fee: 'sum(c.total_fee_fen)',
  'fee-inpatient': `sum(c.total_fee_fen) FILTER (WHERE ${STAY})`,
  'fee-outpatient': `sum(c.total_fee_fen) FILTER (WHERE ${VISIT})`,
  'fee-outside-scope': 'sum(c.total_fee_fen - c.eligible_fen)',
  fund: 'sum(c.fund_paid_fen)',
  visits: `sum(${ONE}) FILTER (WHERE ${VISIT})`,
  admissions: `sum(${ONE}) FILTER (WHERE ${STAY})`,
  'visits-and-admissions': `sum(${ONE}) FILTER (WHERE (${VISIT}) OR (${STAY}))`,
  'bed-days': `sum(${ONE} * ${DAYS}) FILTER (WHERE ${STAY})`,
  transfers: `sum(${ONE}) FILTER (WHERE ${STAY} AND c.discharge_mode = 'transfer')`,
  'against-advice': `sum(${ONE}) FILTER (WHERE ${STAY} AND c.discharge_mode = 'against-advice')`,
};

/** One scan of the lines for whatever groups of them are asked for; only services need the beginning of their code. */
const LINES = `
  SELECT ${AT}, l.item_kind AS kind, l.fee_class AS "feeClass",
    CASE WHEN l.item_kind = 'service' THEN left(l.item_code, 6) END AS stem, sum(l.line_amount_fen) AS value
  FROM claim_line l JOIN claim c USING (consortium, settled_on, institution, claim_no)
  WHERE ${WITHIN} ${BY}, l.item_kind, l.fee_class, stem`;

/** Reads totals by institution and month in the caller's snapshot; what was read once is kept. */
export class StatisticMeasures {
  private readonly known = new Map<string, Promise<MonthlyTotals>>();
  private lines: Promise<readonly (Row & LineTotal)[]> | null = null;

  constructor(
    private readonly client: pg.ClientBase,
    private readonly of: {
      readonly consortium: string;
      readonly months: readonly Month[];
      /** The year before the period: what “heavy” is measured by. */
      readonly yearBefore: readonly Month[];
      planned(names: readonly string[]): Planned;
    },
  ) {}

  totals(spec: MeasureSpec): Promise<MonthlyTotals> {
    const key = JSON.stringify(spec);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const found = this.read(spec);
    this.known.set(key, found);
    return found;
  }

  /** Cost of services of which nobody can say whether a group of lines holds them, and of all services. */
  async unclassified(
    group: FeeGroup,
  ): Promise<{ readonly none: MonthlyTotals; readonly all: MonthlyTotals }> {
    const lines = (await this.lineTotals()).filter(({ kind }) => kind === 'service');
    return {
      none: summed(lines.filter((line) => isUnclassified(group, line))),
      all: summed(lines),
    };
  }

  private async read(spec: MeasureSpec): Promise<MonthlyTotals> {
    if (typeof spec === 'object' && spec.measure === 'lines') {
      return summed((await this.lineTotals()).filter((line) => isInGroup(spec, line)));
    }
    const { consortium, months } = this.of;
    const { sql, values } = this.queryOf(spec);
    const { rows } = await this.client.query<Row>(sql, [consortium, months, ...values]);
    return summed(rows);
  }

  private lineTotals(): Promise<readonly (Row & LineTotal)[]> {
    this.lines ??= this.client
      .query<Row & LineTotal>(LINES, [this.of.consortium, this.of.months])
      .then(({ rows }) => rows);
    return this.lines;
  }

  private queryOf(spec: Exclude<MeasureSpec, { measure: 'lines' }>): Query {
    if (typeof spec === 'string') return count(TOTAL_SQL[spec], 'FROM claim c', `WHERE ${WITHIN}`);
    switch (spec.measure) {
      case 'readmissions': {
        const { diagnoses, procedures } = this.of.planned(spec.exempt);
        return { sql: READMISSIONS, values: [spec.days, diagnoses, procedures] };
      }
      case 'priced-stays':
        return stays('c.group_standard_fen > 0', spec.below);
      case 'grouped-stays':
        return ofGroup(spec);
      case 'priced-stays-sum':
        return count(
          `sum(c.${spec.of === 'fee' ? 'total_fee_fen' : 'group_standard_fen'})`,
          'FROM claim c',
          `WHERE ${WITHIN} AND ${STAY} AND c.total_fee_fen > 0 AND c.group_standard_fen > 0`,
        );
      case 'persons':
        return count(
          'count(DISTINCT c.person_id)',
          'FROM claim c',
          `WHERE ${WITHIN} AND ${spec.of === 'visits' ? VISIT : STAY} AND c.total_fee_fen > 0`,
        );
      case 'doctor-time':
        return {
          sql: spec.unit === 'day' ? DOCTOR_DAYS : DOCTOR_HOURS,
          values: [spec.levels, spec.over ?? 0],
        };
      case 'alike-claims':
        return { sql: ALIKE_CLAIMS, values: [spec.claims, spec.minutes] };
      case 'heavy-stays':
        return { sql: HEAVY, values: [spec.quantile.toFixed(), this.of.yearBefore] };
      case 'emergency':
        return spec.admittedElsewhereWithin === undefined
          ? count(`sum(${ONE})`, 'FROM claim c', `WHERE ${WITHIN} AND c.care_type = 'emergency'`)
          : { sql: ELSEWHERE, values: [spec.admittedElsewhereWithin] };
      case 'unpaid-stays':
        return stays('c.fund_paid_fen = 0');
      case 'outpatient-around-stays':
        return { sql: AROUND, values: [spec.before, spec.after] };
      case 'out-of-area-fund':
        return count(
          'sum(c.fund_paid_fen)',
          'FROM claim c',
          `WHERE ${WITHIN} AND c.treatment_area <> 'local'`,
        );
    }
  }
}

function count(what: string, from: string, where: string): Query {
  return { sql: `SELECT ${AT}, ${what} AS value ${from} ${where} ${BY}`, values: [] };
}

/** Stays that are no refund, under a condition; of those with a group standard only the ones that cost less than a part of it. */
function stays(condition: string, part?: Decimal): Query {
  const also =
    part === undefined ? '' : ' AND c.total_fee_fen < c.group_standard_fen * $3::numeric';
  const { sql } = count(
    'count(*)',
    'FROM claim c',
    `WHERE ${WITHIN} AND ${STAY} AND c.total_fee_fen > 0 AND ${condition}${also}`,
  );
  return { sql, values: part === undefined ? [] : [part.toFixed()] };
}

const READMISSIONS = `
  WITH stay AS (
    SELECT c.*, lag(${DISCHARGED}) OVER w AS last_discharged, lag(c.institution) OVER w AS discharged_by
    FROM claim c WHERE ${WITHIN} AND ${STAY} AND c.total_fee_fen > 0
    WINDOW w AS (PARTITION BY c.person_id ORDER BY left(c.admitted_at, 10), c.claim_no))
  SELECT c.discharged_by AS institution, c.period AS month, count(*) AS value FROM stay c
  WHERE ${ADMITTED} - c.last_discharged BETWEEN 0 AND $3
    AND NOT EXISTS (SELECT FROM claim_diagnosis d WHERE d.consortium = c.consortium AND d.settled_on = c.settled_on
      AND d.institution = c.institution AND d.claim_no = c.claim_no AND d.is_principal AND d.code ^@ ANY($4::text[]))
    AND NOT EXISTS (SELECT FROM claim_procedure p WHERE p.consortium = c.consortium AND p.settled_on = c.settled_on
      AND p.institution = c.institution AND p.claim_no = c.claim_no AND p.code ^@ ANY($5::text[]))
  GROUP BY c.discharged_by, c.period`;

type GroupedStays = Extract<MeasureSpec, { measure: 'grouped-stays' }>;

function ofGroup({ below, above }: GroupedStays): Query {
  if (below !== undefined) return { sql: besideMean('<'), values: [below.toFixed()] };
  if (above !== undefined) return { sql: besideMean('>'), values: [above.toFixed()] };
  return stays('c.agency_group_code IS NOT NULL');
}

function besideMean(comparison: '<' | '>'): string {
  return `
  WITH stay AS (
    SELECT c.institution, c.period, ${DAYS} AS days, avg(${DAYS}) OVER (PARTITION BY c.agency_group_code, left(c.period, 4)) AS mean
    FROM claim c WHERE ${WITHIN} AND ${STAY} AND c.total_fee_fen > 0 AND c.agency_group_code IS NOT NULL)
  SELECT ${AT}, count(*) AS value FROM stay c WHERE c.days ${comparison} c.mean * $3::numeric ${BY}`;
}

const HEAVY = `
  SELECT ${AT}, count(*) AS value FROM claim c
  WHERE ${WITHIN} AND ${STAY} AND c.total_fee_fen > 0 AND c.group_standard_fen >= (
    SELECT percentile_disc($3::float8) WITHIN GROUP (ORDER BY b.group_standard_fen) FROM claim b
    WHERE b.consortium = $1 AND b.period = ANY($4::text[]) AND b.group_standard_fen > 0 AND b.total_fee_fen > 0)
  ${BY}`;

const ELSEWHERE = `
  SELECT ${AT}, count(*) AS value FROM claim c
  WHERE ${WITHIN} AND c.care_type = 'emergency' AND c.total_fee_fen > 0 AND EXISTS (
    SELECT FROM claim s WHERE s.consortium = c.consortium AND s.person_id = c.person_id AND s.institution <> c.institution
      AND s.care_type = 'inpatient' AND s.total_fee_fen > 0
      AND left(s.admitted_at, 10)::date - c.settled_on BETWEEN 0 AND $3)
  ${BY}`;

const AROUND = `
  WITH stay AS (
    SELECT c.institution, c.period, c.person_id, ${ADMITTED} AS admitted, ${DISCHARGED} AS discharged
    FROM claim c WHERE ${WITHIN} AND ${STAY} AND c.total_fee_fen > 0)
  SELECT c.institution, c.period AS month, sum(v.total_fee_fen) AS value FROM stay c JOIN claim v
    ON v.consortium = $1 AND v.person_id = c.person_id AND v.care_type IN ('outpatient', 'emergency')
    AND (v.settled_on BETWEEN c.admitted - $3::int AND c.admitted - 1 OR v.settled_on BETWEEN c.discharged + 1 AND c.discharged + $4::int)
  ${BY}`;

function summed(rows: readonly Row[]): MonthlyTotals {
  const totals = new Map<string, Map<Month, Decimal>>();
  for (const { institution, month, value } of rows) {
    const months = totals.get(institution) ?? new Map<Month, Decimal>();
    months.set(month, (months.get(month) ?? new Decimal(0)).plus(value ?? 0));
    totals.set(institution, months);
  }
  return totals;
}

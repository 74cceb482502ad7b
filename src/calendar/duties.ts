/** What starts or ends a term. Dates come from the books where they know them, and from filings. */
export type EventName =
  | 'all-declared' // every member finished declaring the month
  | 'assessed.month'
  | 'cleared.year'
  | 'paid.month'
  | 'paid.start'
  | 'paid.year'
  | 'passed_on.month'
  | 'passed_on.release'
  | 'passed_on.start'
  | 'passed_on.year'
  | 'scheme.started_on';

/** How a term ends: so many working days after an event, on a day of the year (or the next), or on one date. */
export type Term =
  | { readonly kind: 'working-days'; readonly after: EventName }
  | { readonly kind: 'day-of-year'; readonly yearsLater: 0 | 1 }
  | { readonly kind: 'date' };

export interface Duty {
  readonly id: string;
  readonly label: string;
  /** Who must act. */
  readonly owedBy: '经办机构' | '牵头医院' | '医共体';
  readonly per: 'month' | 'year';
  /** Parameter of the region that gives the term; a region without it has no such duty. */
  readonly parameter: string;
  readonly term: Term;
  readonly doneBy: EventName;
}

const after = (event: EventName): Term => ({ kind: 'working-days', after: event });

/** The parameter that lists which terms hold in principle only (原则上). */
export const IN_PRINCIPLE = 'deadline.in_principle';

/** Every term that a region may set. @source ganyu-2025-1 §三(二), hunan-2024-31 §二(六), sanya-2024-6 §三(三)1, jilin-2025-13 §四(一) */
export const DUTIES: readonly Duty[] = [
  {
    id: 'start-payment',
    label: '年初预付拨付',
    owedBy: '经办机构',
    per: 'year',
    parameter: 'deadline.start_payment',
    term: { kind: 'day-of-year', yearsLater: 0 },
    doneBy: 'paid.start',
  },
  {
    id: 'start-pass-on',
    label: '年初预付转拨成员单位',
    owedBy: '牵头医院',
    per: 'year',
    parameter: 'deadline.start_pass_on',
    term: after('paid.start'),
    doneBy: 'passed_on.start',
  },
  {
    id: 'scheme-start',
    label: '方案启动运行',
    owedBy: '医共体',
    per: 'year',
    parameter: 'deadline.scheme_start',
    term: { kind: 'date' },
    doneBy: 'scheme.started_on',
  },
  {
    id: 'month-payment',
    label: '月度结算费用拨付',
    owedBy: '经办机构',
    per: 'month',
    parameter: 'deadline.month_payment',
    term: after('all-declared'),
    doneBy: 'paid.month',
  },
  {
    id: 'month-pass-on',
    label: '月度结算费用转拨成员单位',
    owedBy: '牵头医院',
    per: 'month',
    parameter: 'deadline.month_pass_on',
    term: after('paid.month'),
    doneBy: 'passed_on.month',
  },
  {
    id: 'release-pass-on',
    label: '月度考核金拨付成员单位',
    owedBy: '牵头医院',
    per: 'month',
    parameter: 'deadline.release_pass_on',
    term: after('assessed.month'),
    doneBy: 'passed_on.release',
  },
  {
    id: 'year-clearing',
    label: '年度清算',
    owedBy: '经办机构',
    per: 'year',
    parameter: 'clearing.deadline',
    term: { kind: 'day-of-year', yearsLater: 1 },
    doneBy: 'cleared.year',
  },
  {
    id: 'year-pass-on',
    label: '清算款转拨成员单位',
    owedBy: '牵头医院',
    per: 'year',
    parameter: 'deadline.year_pass_on',
    term: after('paid.year'),
    doneBy: 'passed_on.year',
  },
];

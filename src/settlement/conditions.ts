import { isIsoDate } from '../kernel/dates.js';
import { firstDay, lastDay } from '../kernel/period.js';
import type { Gap, PolicyAt } from '../policy/policy.js';
import type { FigureInput } from './figure.js';
import { filedOf, type StepQuestion, type StepRun, stated } from './step.js';

/**
 * Conditions on filed facts (前置条件): which records must exist, and by or until when. A region writes them as a table parameter, so
 * that certification, agreement, authorisation and plan differ by data alone. An unmet condition halts, or is only noted, as its
 * row says.
 */
interface Condition {
  readonly filing: string;
  readonly test: string;
  /** A date, or the filing whose date it is measured against; `none` where the test needs neither. */
  readonly against: string;
  readonly breach: string;
}

/** A condition that does not hold, with the reason in words. */
export interface Breach {
  readonly condition: Condition;
  readonly reason: string;
}

/** The conditions that a table parameter lists. */
export function conditionsOf(policy: PolicyAt, parameter: string): readonly Condition[] {
  return policy.table(parameter).map((row) => ({
    filing: row['filing'] ?? '',
    test: row['test'] ?? '',
    against: row['against'] ?? 'none',
    breach: row['breach'] ?? 'halt',
  }));
}

/** What does not hold, in the order of the table. @throws RangeError for a test nobody knows or a filing the region does not ask for */
export function breachesOf(question: StepQuestion, parameter: string): readonly Breach[] {
  return conditionsOf(question.policy, parameter).flatMap((condition) => {
    const reason = reasonOf(question, condition);
    return reason === null ? [] : [{ condition, reason }];
  });
}

/** The breaches that halt, as gaps with the label, clause and rows of what must be filed. */
export function haltingGaps(question: StepQuestion, parameter: string): readonly Gap[] {
  if (question.policy.gapOf(parameter) !== null) return [];
  return breachesOf(question, parameter)
    .filter(({ condition }) => condition.breach === 'halt')
    .map(({ condition: { filing: id }, reason }) => {
      const { label, clause, rows } = question.policy.filing(id);
      const remedy = isUnfiled(question, id) ? `：records.yaml 的 filings 写 ${id}` : '';
      return { id, label, clause, rows, reason: `${reason}${remedy}` };
    });
}

function isUnfiled(question: StepQuestion, id: string): boolean {
  return question.policy.filing(id).by === 'institution'
    ? question.own.members.some(({ filings }) => filings[id] === undefined)
    : filedOf(question, id) === null;
}

/** Each condition with what was filed, as inputs of a figure. */
export function conditionInputs(run: StepRun, parameter: string): readonly FigureInput[] {
  return conditionsOf(run.policy, parameter).map(({ filing }) => {
    const { label, by, clause } = run.policy.filing(filing);
    if (by === 'institution') {
      const filed = run.own.members.filter((member) => member.filings[filing] !== undefined);
      return stated(label, `${filed.length} 家成员单位已申报`, clause);
    }
    return filedOf(run, filing) === null ? stated(label, '未申报', clause) : run.filed(filing);
  });
}

function reasonOf(question: StepQuestion, condition: Condition): string | null {
  const { by } = question.policy.filing(condition.filing);
  return by === 'institution' ? memberReason(question, condition) : ownReason(question, condition);
}

function ownReason(question: StepQuestion, condition: Condition): string | null {
  const filed = filedOf(question, condition.filing);
  if (filed === null) return notFiled(question);
  return testReason(question, condition, filed.value);
}

/** Every member must have filed it; the reason names those who did not, by code. */
function memberReason(question: StepQuestion, condition: Condition): string | null {
  const { members } = question.own;
  if (members.length === 0) return '没有列出成员单位，无法核对';
  const faults = members.flatMap(({ institution, filings }) => {
    const value = filings[condition.filing]?.value;
    const reason = value === undefined ? '没有申报' : testReason(question, condition, value);
    return reason === null ? [] : [`${institution} ${reason}`];
  });
  return faults.length === 0 ? null : faults.join('；');
}

function notFiled({ facts }: StepQuestion): string {
  return `${facts.period} 没有申报`;
}

interface Measure {
  holds(value: string, limit: string): boolean;
  readonly words: string;
}

const NOT_AFTER: Measure = { holds: (value, limit) => value <= limit, words: '应不晚于' };
const NOT_BEFORE: Measure = { holds: (value, limit) => value >= limit, words: '应不早于' };
const SAME: Measure = { holds: (value, limit) => value === limit, words: '应为' };

function testReason(question: StepQuestion, condition: Condition, value: string): string | null {
  const { test, against } = condition;
  const { period } = question.facts;
  switch (test) {
    case 'filed':
      return null;
    case 'by-period-start':
      return measured(value, firstDayOf(period), NOT_AFTER);
    case 'by-period-end':
      return measured(value, lastDayOf(period), NOT_AFTER);
    case 'covers-period-end':
      return measured(value, lastDayOf(period), NOT_BEFORE);
    case 'equals':
      return measured(value, against, SAME);
    case 'not-after':
      return againstReason(question, { value, against, measure: NOT_AFTER });
    case 'not-before':
      return againstReason(question, { value, against, measure: NOT_BEFORE });
    default:
      throw new RangeError(`no condition is tested by ${test}`);
  }
}

interface Against {
  readonly value: string;
  readonly against: string;
  readonly measure: Measure;
}

function againstReason(question: StepQuestion, { value, against, measure }: Against) {
  if (isIsoDate(against)) return measured(value, against, measure);
  const { label } = question.policy.filing(against);
  const other = filedOf(question, against);
  if (other === null) return `须与“${label}”比较，后者没有申报`;
  return measured(value, other.value, { ...measure, words: `${measure.words}${label}` });
}

/** Dates compare as text: both are ISO. */
function measured(value: string, limit: string, { holds, words }: Measure): string | null {
  return holds(value, limit) ? null : `申报为 ${value}，${words} ${limit}`;
}

function firstDayOf(period: string): string {
  return period.length === 7 ? firstDay(period) : `${period}-01-01`;
}

function lastDayOf(period: string): string {
  return period.length === 7 ? lastDay(period) : `${period}-12-31`;
}

import { Decimal, decimal } from '../../kernel/decimal.js';
import { roundToFen, subtract, yuan, ZERO_FEN } from '../../kernel/money.js';
import type { Gap, PolicyAt } from '../../policy/policy.js';
import type { MemberFacts } from '../facts.js';
import type { Figure } from '../figure.js';
import { clauseOf, given, lacking, type StepQuestion, type StepRun, stated } from '../step.js';
import { coveredMonths, type GroupWeight, groupAmount, type MonthRule } from './capitation.js';
import { type MemberPart, payableFigures } from './member-figures.js';
import { cell, membersLack } from './method-parameters.js';

const PER_CAPITA = 'capitation.per_capita';
const WEIGHTS = 'capitation.weights';
const MONTHS = 'capitation.month_rule';
const FACTOR = 'capitation.assessment_factor';
const CHARGE_BACK = 'capitation.charge_back';
const ROWS = ['HN-05', 'HI-07'];

/** The parameters that a roster is paid by. */
export function rosterNeeds(question: Pick<StepQuestion, 'facts'>): readonly string[] {
  return [PER_CAPITA, WEIGHTS, MONTHS, CHARGE_BACK, ...(hasFactor(question) ? [FACTOR] : [])];
}

/** A month is paid before anyone is assessed. */
function hasFactor({ facts }: Pick<StepQuestion, 'facts'>): boolean {
  return facts.plan !== 'month';
}

/** What the rosters of the members come to, under the key of ordinary outpatient care. */
export function rosterFigures(run: StepRun, key: string): readonly Figure[] {
  return payableFigures(
    {
      key,
      label: '普通门诊（按人头）应付',
      clause: run.policy.parameter(PER_CAPITA).clause,
      formula:
        '各组人月 ÷ 12 × 人头标准 × 年龄权重 × 慢病权重 × 考核系数之和 − 名册人员在外按项目支付',
      buckets: ['outpatient'],
    },
    run.own.members.map((member) => partOf(run, member)),
  );
}

function partOf(run: StepRun, { institution, methods }: MemberFacts): MemberPart {
  const perCapita = yuan(run.policy.text(PER_CAPITA, run.pool));
  const factor = hasFactor(run)
    ? decimal(run.policy.text(FACTOR, run.grade.grade))
    : new Decimal(1);
  const rule = run.policy.text(MONTHS) as MonthRule;
  const spans = methods.roster.map((span) => ({
    span,
    months: coveredMonths(span, run.facts.period, rule).times(span.persons),
  }));
  const gross = spans.reduce((total, { span, months }) => {
    const weight = weightOf(run.policy, span.group);
    return weight === null ? total : total.plus(groupAmount(months, perCapita, { weight, factor }));
  }, new Decimal(0));
  const elsewhere = run.policy.text(CHARGE_BACK) === 'none' ? ZERO_FEN : methods.outOfNetwork;
  return {
    institution,
    amount: subtract(roundToFen(gross, 'half-up'), elsewhere),
    inputs: [
      ...spans.map(({ span, months }) =>
        stated(
          `${span.group}（${span.from} 至 ${span.to}）人月`,
          months.toDecimalPlaces(6).toFixed(),
          methods.clause,
        ),
      ),
      given('名册人员在外按项目支付', elsewhere),
      run.by(PER_CAPITA, run.pool),
      ...(hasFactor(run) ? [run.by(FACTOR, run.grade.grade)] : []),
      ...[WEIGHTS, MONTHS, CHARGE_BACK].map((id) => run.by(id)),
    ],
  };
}

function weightOf(policy: PolicyAt, group: string): GroupWeight | null {
  const row = policy.table(WEIGHTS).find((each) => each['group'] === group);
  return row === undefined
    ? null
    : { age: decimal(cell(row, 'age-weight')), chronic: decimal(cell(row, 'chronic-weight')) };
}

/** Without a roster nobody is paid for; a group without weight must not count as nothing; the factor goes by the grade. */
export function rosterMissing(question: StepQuestion): readonly Gap[] {
  const { own, policy, facts } = question;
  const clause = clauseOf(policy, PER_CAPITA);
  const gap = { id: 'members.roster', label: '成员单位的人头名册', clause, rows: ROWS };
  const roster = own.members.some(({ methods }) => methods.roster.length > 0);
  const graded = !hasFactor(question) || facts.grade !== null;
  const grade = { id: 'assessment.grade', label: '年终考核等次', rows: ROWS };
  const reason = `没有 ${facts.period} 年的考核等次记录`;
  return [
    ...(roster ? [] : [lacking(question, gap)]),
    ...(graded ? [] : [{ ...grade, clause: clauseOf(policy, FACTOR), reason }]),
    ...(policy.gapOf(WEIGHTS) === null ? unweighted(question) : []),
  ];
}

function unweighted(question: StepQuestion): readonly Gap[] {
  const { own, policy } = question;
  const open = own.members.filter(({ methods }) =>
    methods.roster.some(({ group }) => weightOf(policy, group) === null),
  );
  const gap = { id: 'roster_group', label: '人头分组（权重表须有该组）', rows: ROWS };
  return membersLack(question, open, { ...gap, clause: clauseOf(policy, WEIGHTS) });
}

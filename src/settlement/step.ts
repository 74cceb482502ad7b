import type { Pool } from '../claims/claim.js';
import { type Decimal, decimal } from '../kernel/decimal.js';
import { type Fen, toYuan, yuan } from '../kernel/money.js';
import type { Gap, PolicyAt } from '../policy/policy.js';
import type { ParameterValue } from '../policy/policy-schema.js';
import type { Facts, Filed, GradeRecord, PoolFacts } from './facts.js';
import { type Figure, type FigureInput, valueText } from './figure.js';

/** What a step may know before it runs, to say what it will need. */
export interface StepQuestion {
  readonly facts: Facts;
  readonly pool: Pool;
  readonly own: PoolFacts;
  readonly policy: PolicyAt;
}

/**
 * One step of a plan: a pure function of facts, policy and the figures before it. A region opts in by naming it in its plan.
 */
export interface Step {
  readonly name: string;
  /** Rows of the policy register it carries out. */
  readonly rows: readonly string[];
  /** Keys of figures it reads from earlier steps. */
  readonly reads: readonly string[];
  /** Parameters it will read; all that are open are listed before anything runs. */
  needs(question: StepQuestion): readonly string[];
  /** Facts it lacks. */
  missing?(question: StepQuestion): readonly Gap[];
  compute(run: StepRun): readonly Figure[];
}

export function defineStep(step: Step): Step {
  return step;
}

/** A running step: the question, and the figures so far. */
export class StepRun {
  readonly facts: Facts;
  readonly pool: Pool;
  readonly own: PoolFacts;
  readonly policy: PolicyAt;

  constructor(
    question: StepQuestion,
    private readonly figures: ReadonlyMap<string, Figure>,
  ) {
    this.facts = question.facts;
    this.pool = question.pool;
    this.own = question.own;
    this.policy = question.policy;
  }

  /** Every figure so far, in order. */
  get written(): readonly Figure[] {
    return [...this.figures.values()];
  }

  find(key: string): Figure | null {
    return this.figures.get(key) ?? null;
  }

  /** @throws RangeError when no earlier step wrote it: the plan is out of order */
  figure(key: string): Figure {
    const found = this.find(key);
    if (found === null) throw new RangeError(`figure ${key} is read before it is written`);
    return found;
  }

  fen(key: string): Fen {
    const { value } = this.figure(key);
    if (typeof value !== 'bigint') throw new RangeError(`figure ${key} is no amount`);
    return value;
  }

  decimal(key: string): Decimal {
    const { value } = this.figure(key);
    if (typeof value === 'bigint') throw new RangeError(`figure ${key} is an amount`);
    return value;
  }

  /** The year's grade; plans that need it list its absence as a gap first. */
  get grade(): GradeRecord {
    if (this.facts.grade === null) throw new RangeError('no grade');
    return this.facts.grade;
  }

  /** An earlier figure as input. */
  from(key: string): FigureInput {
    const { label, unit, value, clause } = this.figure(key);
    return { label, value: valueText(value), unit, figure: key, clause };
  }

  /** A fact that people filed, as text; steps list its absence as a gap first. @throws RangeError when nobody filed it */
  filedText(name: string): string {
    const found = filedOf(this, name);
    if (found === null) throw new RangeError(`nobody filed ${name}`);
    return found.value;
  }

  filedFen(name: string): Fen {
    return yuan(this.filedText(name));
  }

  filedDecimal(name: string): Decimal {
    return decimal(this.filedText(name));
  }

  /** A filed fact as input, a choice by its name. */
  filed(name: string): FigureInput {
    const { label, unit, clause, choices = {} } = this.policy.filing(name);
    const filed = this.filedText(name);
    const cited = filedOf(this, name)?.clause ?? clause;
    return {
      label,
      value: choices[filed] ?? filed,
      unit: unit === 'yuan' || unit === 'ratio' ? unit : 'text',
      clause: cited,
    };
  }

  /** A policy parameter as input, by grade or pool where it is. */
  by(id: string, key?: string): FigureInput {
    const { label, unit, value, clause, reading, overlay, sample } = this.policy.parameter(id);
    return {
      label: key === undefined ? label : `${label}（${LABELS[key] ?? key}）`,
      value: shownValue(value, key),
      unit: unit === 'ratio' ? 'ratio' : 'text',
      parameter: id,
      clause,
      ...(reading === null ? {} : { reading: reading.label }),
      ...(overlay === null ? {} : { overlay }),
      ...(sample ? { sample } : {}),
    };
  }
}

/** The clause of a parameter, open or not. */
export function clauseOf(policy: PolicyAt, id: string): string {
  return policy.gapOf(id)?.clause ?? policy.parameter(id).clause;
}

/** A filed fact: the pool's own, else the consortium's; null when nobody filed it. */
export function filedOf(
  { facts, own }: Pick<StepQuestion, 'facts' | 'own'>,
  name: string,
): Filed | null {
  return own.filings[name] ?? facts.filings[name] ?? null;
}

/** The filings of these names that nobody made, as gaps. */
export function lackingFilings(question: StepQuestion, names: readonly string[]): readonly Gap[] {
  return names
    .filter((name) => filedOf(question, name) === null)
    .map((name) => {
      const { label, clause, rows, by, per } = question.policy.filing(name);
      const gap = { id: name, label, clause, rows };
      const reason = `${question.facts.period}${per === 'year' ? ' 年' : ''}没有申报：records.yaml 的 filings 写 ${name}`;
      return by === 'pool' ? lacking(question, gap, reason) : { ...gap, reason };
    });
}

/** An amount given as a fact, as input. */
export function given(label: string, amount: Fen, clause: string | null = null): FigureInput {
  return { label, value: toYuan(amount), unit: 'yuan', ...(clause === null ? {} : { clause }) };
}

/** A fact that is not money, as input. */
export function stated(label: string, value: string, clause: string | null = null): FigureInput {
  return { label, value, unit: 'text', ...(clause === null ? {} : { clause }) };
}

/** A fact nobody gave, as a gap. */
export function lacking(
  { pool }: StepQuestion,
  gap: {
    readonly id: string;
    readonly label: string;
    readonly clause: string;
    readonly rows: readonly string[];
  },
  reason = '事实或记录中没有',
): Gap {
  return { ...gap, id: `${pool}.${gap.id}`, label: `${LABELS[pool]}${gap.label}`, reason };
}

/** A parameter's value as reports show it: by its key, a list by its words, a table by its rows. */
function shownValue(value: ParameterValue, key: string | undefined): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return (key === undefined ? undefined : value[key]) ?? '';
  return value
    .map((row) => (typeof row === 'string' ? row : Object.entries(row).flat().join(' ')))
    .join('；');
}

/** Chinese names of the words that figures are told apart by. */
export const LABELS: Readonly<Record<string, string>> = {
  employee: '职工',
  resident: '居民',
  excellent: '优秀',
  good: '良好',
  pass: '合格',
  fail: '不合格',
};

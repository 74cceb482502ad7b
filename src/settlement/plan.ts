import { POOLS, type Pool } from '../claims/claim.js';
import { PolicyGapError } from '../policy/errors.js';
import type { Gap, PolicyAt } from '../policy/policy.js';
import { CONTINUATION, SCHEME } from '../policy/resolve.js';
import type { Facts } from './facts.js';
import type { Figure } from './figure.js';
import { type Step, type StepQuestion, StepRun } from './step.js';
import { STEPS } from './steps/index.js';

/** The figures of one pool, in the order they were computed. */
export interface PoolFigures {
  readonly pool: Pool;
  readonly figures: readonly Figure[];
}

/** The named steps, in order. @throws RangeError for a name without a step */
export function stepsOf(names: readonly string[]): readonly Step[] {
  return names.map((name) => {
    const step = STEPS.find((each) => each.name === name);
    if (step === undefined) throw new RangeError(`no settlement step is called ${name}`);
    return step;
  });
}

/**
 * Folds a plan over the facts, pool by pool: pools never see each other's figures.
 *
 * @throws PolicyGapError with every open parameter and missing record of all steps and pools, before anything is computed
 */
export function runPlan(
  facts: Facts,
  names: readonly string[],
  policy: PolicyAt,
): readonly PoolFigures[] {
  const steps = stepsOf(names);
  const questions = questionsOf(facts, policy);
  const gaps = gapsOf(questions, steps, policy);
  if (gaps.length > 0) throw new PolicyGapError(policy.region, policy.on, gaps);
  return questions.map((question) => ({ pool: question.pool, figures: fold(question, steps) }));
}

/** The parameters that a plan uses on these facts. */
export function planParameters(
  facts: Facts,
  names: readonly string[],
  policy: PolicyAt,
): ReadonlySet<string> {
  const steps = stepsOf(names);
  const questions = questionsOf(facts, policy);
  return new Set(questions.flatMap((each) => steps.flatMap((step) => step.needs(each))));
}

function questionsOf(facts: Facts, policy: PolicyAt): readonly StepQuestion[] {
  return POOLS.flatMap((pool) => {
    const own = facts.pools[pool];
    return own === undefined ? [] : [{ facts, pool, own, policy }];
  });
}

function gapsOf(
  questions: readonly StepQuestion[],
  steps: readonly Step[],
  policy: PolicyAt,
): readonly Gap[] {
  const scheme = policy.gaps.filter(({ id }) => WHOLE_SCHEME.includes(id));
  const open = questions.flatMap((question) => steps.flatMap((step) => stepGaps(question, step)));
  return [...new Map([...scheme, ...open].map((gap) => [gap.id, gap])).values()];
}

function stepGaps(question: StepQuestion, step: Step): readonly Gap[] {
  const open = step.needs(question).map((id) => question.policy.gapOf(id));
  return [...open.filter((gap) => gap !== null), ...(step.missing?.(question) ?? [])];
}

const WHOLE_SCHEME: readonly string[] = [SCHEME, CONTINUATION];

function fold(question: StepQuestion, steps: readonly Step[]): readonly Figure[] {
  const figures = new Map<string, Figure>();
  for (const step of steps) {
    for (const figure of step.compute(new StepRun(question, figures))) {
      if (figures.has(figure.key)) throw new RangeError(`figure ${figure.key} is written twice`);
      figures.set(figure.key, figure);
    }
  }
  return [...figures.values()];
}

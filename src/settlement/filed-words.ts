import type { Gap, PolicyAt } from '../policy/policy.js';
import { gradeGaps, knows } from './assessed.js';
import type { FigureInput } from './figure.js';
import {
  filedOf,
  LABELS,
  lackingFilings,
  type StepQuestion,
  type StepRun,
  stated,
} from './step.js';

/**
 * Rows of a table that compare what was filed with words (条件表): `filing` names a filing, `grade` for the year's grade, a text parameter
 * that names the filing where the region leaves open which one counts, or `none`; `words` lists accepted values, parted by blanks.
 */
const NONE = 'none';
const GRADE = 'grade';

export interface WordRow {
  readonly filing: string;
  readonly words: readonly string[];
}

export function wordRows(policy: PolicyAt, id: string): readonly WordRow[] {
  return policy
    .table(id)
    .map((row) => ({ filing: row['filing'] ?? NONE, words: (row['words'] ?? '').split(/\s+/) }))
    .filter(({ filing }) => filing !== NONE);
}

/** The table itself, and the parameters that its rows name. */
export function wordNeeds(policy: PolicyAt, id: string): readonly string[] {
  if (policy.gapOf(id) !== null) return [id];
  return [
    id,
    ...wordRows(policy, id).flatMap(({ filing }) => (knows(policy, filing) ? [filing] : [])),
  ];
}

/** What the rows compare and nobody filed. */
export function wordGaps(question: StepQuestion, id: string): readonly Gap[] {
  const { policy } = question;
  if (policy.gapOf(id) !== null) return [];
  return wordRows(policy, id).flatMap(({ filing }) => {
    if (filing === GRADE) return gradeGaps(question, policy.parameter(id));
    if (knows(policy, filing) && policy.gapOf(filing) !== null) return [];
    return lackingFilings(question, [filingName(policy, filing)]);
  });
}

/** Whether what was filed is among the row's words. */
export function rowHolds(
  question: Pick<StepQuestion, 'facts' | 'own' | 'policy'>,
  row: WordRow,
): boolean {
  const { facts, policy } = question;
  const value =
    row.filing === GRADE
      ? facts.grade?.grade
      : filedOf(question, filingName(policy, row.filing))?.value;
  return value !== undefined && row.words.includes(value);
}

/** The rows' facts and the parameters that choose them, as inputs. */
export function wordInputs(run: StepRun, id: string): readonly FigureInput[] {
  return wordRows(run.policy, id).flatMap(({ filing }) => {
    if (filing === GRADE) {
      const { grade, clause } = run.grade;
      return [stated('年终考核等次', LABELS[grade] ?? grade, clause)];
    }
    const name = filingName(run.policy, filing);
    const own = run.filed(name);
    if (!knows(run.policy, filing)) return [own];
    return [{ ...run.by(filing), value: run.policy.filing(name).label }, own];
  });
}

/** The rows' words for people: filing labels. */
export function rowLabel(policy: PolicyAt, { filing }: WordRow): string {
  return filing === GRADE ? '年终考核等次' : policy.filing(filingName(policy, filing)).label;
}

function filingName(policy: PolicyAt, filing: string): string {
  return knows(policy, filing) ? policy.text(filing) : filing;
}

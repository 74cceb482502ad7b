import type { CompiledAudit, CompiledRule } from '../compile.js';
import type { Coverage } from '../coverage.js';
import type { PersonHistory } from '../facts.js';
import { staysOf } from '../netting.js';
import { NOTHING_REGISTERED } from '../registers.js';
import { type ClaimTable, claimOfStay } from './claim-table.js';

/**
 * Persons with two or more stays, each with what a template that compares stays looks at: no lines, no diagnoses. Stays are few, so the
 * templates themselves are asked; whatever they say, or cannot say for want of a diagnosis, makes the person a suspect.
 */
export function* severalStays(
  table: ClaimTable,
): Generator<{ readonly person: number; readonly history: PersonHistory }> {
  for (const stays of byPerson(table)) {
    if (stays.length < 2) continue;
    const person = table.person.at(table.stays.at(stays[0] ?? 0));
    const claims = stays.map((stay) => claimOfStay(table.stayTexts.at(stay)));
    const personId = table.persons.at(person);
    yield {
      person,
      history: { personId, claims, stays: staysOf(claims), registered: NOTHING_REGISTERED },
    };
  }
}

export function mayHit(
  { bound }: CompiledRule,
  history: PersonHistory,
  settings: CompiledAudit['settings'],
): boolean {
  let unsure = false;
  const hits = bound.evaluate(history, [], settings, () => {
    unsure = true;
  });
  return unsure || hits.length > 0;
}

export function countStays(
  rules: readonly CompiledRule[],
  { stays }: PersonHistory,
  coverage: Coverage,
): void {
  for (const { rule } of rules) for (const { claim } of stays) coverage.examined(rule.id, claim);
}

/** Stays come in person order. @returns the numbers of each person's stays */
function* byPerson({ stays, person }: ClaimTable): Generator<readonly number[]> {
  let own: number[] = [];
  for (let stay = 0; stay < stays.length; stay += 1) {
    const first = own[0] ?? stay;
    if (person.at(stays.at(first)) !== person.at(stays.at(stay))) {
      yield own;
      own = [];
    }
    own.push(stay);
  }
  yield own;
}

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
    const person = table.person.at(stays[0]?.claim ?? 0);
    const claims = stays.map(({ text }) => claimOfStay(text));
    const personId = table.persons[person] ?? '';
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

/** Stays come in person order. */
function* byPerson({ stays, person }: ClaimTable): Generator<ClaimTable['stays']> {
  let from = 0;
  for (let at = 1; at <= stays.length; at += 1) {
    const last = person.at(stays[from]?.claim ?? 0);
    const next = stays[at];
    if (next !== undefined && person.at(next.claim) === last) continue;
    yield stays.slice(from, at);
    from = at;
  }
}

import type { KnowledgeBase, SetId } from '../../knowledge/knowledge.js';
import { type AuditBook, templateNamed } from '../compile.js';
import { NO_REGISTERS } from '../registers.js';

/** Which rules stand on which knowledge sets, found by watching what each asks for when it is bound. */
export function rulesBySet(
  book: AuditBook,
  knowledge: KnowledgeBase,
): ReadonlyMap<SetId, readonly string[]> {
  const found = new Map<SetId, string[]>();
  for (const rule of book.rules.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const asked = new Set<SetId>();
    const watched: KnowledgeBase = {
      release: knowledge.release,
      set: (id) => {
        asked.add(id);
        return knowledge.set(id);
      },
    };
    const { tables, grouping = null } = book;
    const bindings = { knowledge: watched, tables, registers: NO_REGISTERS, grouping };
    const bound = templateNamed(rule.template)?.bind(rule.params, bindings);
    bound?.suspectsLines(new Map());
    for (const set of asked) found.set(set, [...(found.get(set) ?? []), rule.id]);
  }
  return found;
}

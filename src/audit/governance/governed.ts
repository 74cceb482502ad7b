import type { AuditBook } from '../compile.js';
import type { RuleStatus } from '../rule.js';
import type { ScopedExemption } from '../scoped-exemption.js';

/** What people decided about rules here, over what the files say. */
export interface Governance {
  readonly statuses: ReadonlyMap<string, RuleStatus>;
  /** Approved and not ended, by name. */
  readonly exemptions: ReadonlyMap<string, ScopedExemption>;
}

/** The book as decided: a status from the database beats the site's file, which beats the shipped one. */
export function governed<Book extends AuditBook>(book: Book, decided: Governance): Book {
  const scoped = new Map([...(book.scoped ?? []), ...decided.exemptions]);
  return {
    ...book,
    rules: book.rules.map((rule) => {
      const status = decided.statuses.get(rule.id);
      return status === undefined ? rule : { ...rule, status };
    }),
    scoped,
  };
}

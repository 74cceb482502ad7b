import { resolve } from 'node:path';
import type { AuditBook } from '../../src/audit/compile.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import {
  type KnowledgeBase,
  type KnowledgePoint,
  knowledgeBaseOf,
} from '../../src/knowledge/knowledge.js';

/**
 * Four shipped rules that look at a person over time, on a knowledge base that limits every item: re-admission within so many days
 * (INP-01), stays at two institutions overlapping (ELG-04), an item above its limit of the day (QTY-01), an item charged within the
 * hour of one that contains it (CHG-02).
 */

export const DAY_LIMIT = 4;
const PAIRS = 900;

export function windowItems(): string[] {
  return Array.from({ length: 4_000 }, (_, n) => `N${String(n).padStart(19, '0')}`);
}

/** The primary item and the one it contains. */
export function pairs(): readonly (readonly [primary: string, contained: string])[] {
  const items = windowItems();
  return Array.from({ length: PAIRS }, (_, n) => [items[2 * n] ?? '', items[2 * n + 1] ?? '']);
}

export function windowKnowledge(): KnowledgeBase {
  return knowledgeBaseOf('bench', [
    ...windowItems().map((code, n) =>
      point('daily-frequency', n, [code], { maxQuantity: DAY_LIMIT, unit: 'time' }),
    ),
    ...pairs().map(([code, contained], n) =>
      point('duplicate-pairs', n, [code], {
        containedCode: contained,
        containedName: contained,
        window: 'hour',
      }),
    ),
  ]);
}

function point<S extends 'daily-frequency' | 'duplicate-pairs'>(
  set: S,
  sequence: number,
  codes: readonly string[],
  limit: KnowledgePoint<S>['limit'],
): KnowledgePoint {
  return {
    id: `bench-${set}-${sequence}`,
    ...{
      set,
      batch: '8',
      sequence,
      officialCode: null,
      ruleClass: '',
      name: codes[0] ?? '',
      codes,
      limit,
    },
    ...{ text: '', publishedOn: '2025-01-01', effectiveFrom: null, effectiveUntil: null },
    ...{ supersedes: null, source: 'bench' },
  };
}

const RULES = ['CHG-02', 'ELG-04', 'INP-01', 'QTY-01'];

/** Findings on any amount, however small, and no exemption, so that every hit is one. */
export function windowRules(knowledge: KnowledgeBase): AuditBook {
  const configDir = resolve(import.meta.dirname, '../../config');
  const book = loadAuditBook({ configDir, siteDir: null }, knowledge);
  const rules = book.rules
    .filter(({ id }) => RULES.includes(id))
    .map((rule) => ({ ...rule, exempt: [] }));
  return {
    ...book,
    rules,
    settings: { ...book.settings, minAmount: 0n as typeof book.settings.minAmount },
  };
}

import { resolve } from 'node:path';
import type { AuditBook } from '../../src/audit/compile.js';
import { type Rule, ruleSchema } from '../../src/audit/rule.js';
import { loadAuditBook } from '../../src/audit/rules.loader.js';
import type { KnowledgeBase } from '../../src/knowledge/knowledge.js';

/** Twenty rules that a line and its claim decide: the seven shipped ones on the national knowledge base, and thirteen line predicates. */

const SHIPPED = ['CAT-01', 'CAT-04', 'CAT-05', 'CAT-06', 'CAT-07', 'CAT-09', 'CAT-10'];

/** In the units that people write. */
export const PREDICATES: readonly object[] = [
  { quantity: { above: '8' } },
  { unitPrice: { above: '595' } },
  { lineAmount: { above: '1150' } },
  { quantity: { above: '1' }, unitPrice: { above: '580' } },
  { careType: ['outpatient'], unitPrice: { above: '590' } },
  { careType: ['inpatient'], quantity: { above: '1.8' } },
  { level: ['village'], unitPrice: { above: '588' } },
  { pool: ['resident'], lineAmount: { above: '1120' } },
  { ageYears: { below: '1' }, unitPrice: { above: '300' } },
  { ageYears: { atLeast: '90' }, quantity: { above: '1' } },
  { sex: ['male'], ageYears: { below: '6' }, unitPrice: { above: '560' } },
  { itemsOfSet: 'tcm-pieces', careType: ['outpatient'] },
  { itemsOfSet: 'second-line', level: ['village', 'primary'] },
];

export function twentyRules(knowledge: KnowledgeBase): AuditBook {
  const configDir = resolve(import.meta.dirname, '../../config');
  const book = loadAuditBook({ configDir, siteDir: null }, knowledge);
  const shipped = book.rules.filter(({ id }) => SHIPPED.includes(id));
  return { ...book, rules: [...shipped.map(unexempted), ...PREDICATES.map(predicateRule)] };
}

/** As many predicates as wanted, each with a bound of its own: what another hundred rules cost. */
export function manyPredicates(count: number): readonly Rule[] {
  return Array.from({ length: count }, (_, index) => {
    const base = PREDICATES[index % PREDICATES.length] ?? {};
    const own = { eligibleAmount: { above: String(1 + index) } };
    return predicateRule({ ...base, ...own }, PREDICATES.length + index);
  });
}

function unexempted(rule: Rule): Rule {
  return { ...rule, exempt: [] };
}

function predicateRule(params: object, index: number): Rule {
  return ruleSchema.parse({
    id: `L${String.fromCharCode(65 + Math.trunc(index / 2600), 65 + (Math.trunc(index / 100) % 26))}-${String(index % 100).padStart(2, '0')}`,
    ...{ version: '1.0', title: '基准规则', titleEn: 'benchmark rule', template: 'line-predicate' },
    ...{ params, class: 'SUSP', status: 'ACTIVE', effective: { from: '2021-05-01' } },
    ...{
      basis: ['nhsa-framework-1.0'],
      deduction: 'LINE_FULL',
      message: '超出界限',
      explain: { means: '基准用的界限', fires: '超出界限的明细', misses: '界限以外的一概不看' },
      cases: [{}, {}],
    },
  });
}

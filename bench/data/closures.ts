import { INSTITUTION_LEVELS } from '../../src/claims/claim.js';
import type { KnowledgeBase, KnowledgePoint, SetId } from '../../src/knowledge/knowledge.js';
import type { FeeRow } from './fee-rows.js';

/** The twenty rules as a programmer would write them: a closure each, with look-up tables built beforehand. */
export function closures(knowledge: KnowledgeBase): readonly ((row: FeeRow) => boolean)[] {
  const insurance = byCode(knowledge, 'insurance-type');
  const drugAge = byCode(knowledge, 'drug-age');
  const itemAge = byCode(knowledge, 'item-age');
  const drugSex = byCode(knowledge, 'drug-sex');
  const itemSex = byCode(knowledge, 'item-sex');
  const minLevel = byCode(knowledge, 'institution-level');
  const setting = byCode(knowledge, 'care-setting');
  const pieces = new Set(knowledge.set('tcm-pieces').codes());
  const secondLine = new Set(knowledge.set('second-line').codes());
  const level = Object.fromEntries(INSTITUTION_LEVELS.map((name, index) => [name, index]));
  const child = {
    newborn: [0, 0],
    infant: [0, 1],
    child: [0, 14],
    'working-age': [16, 60],
  } as const;
  const misfits = (
    row: FeeRow,
    limits: readonly KnowledgePoint<'drug-age' | 'item-age'>['limit'][],
  ) =>
    limits.some(({ audience, minYears, maxYears }) => {
      if (audience === 'newborn') return row.ageDays > 28;
      const [min, max] = child[audience];
      return row.ageYears < (minYears ?? min) || row.ageYears > (maxYears ?? max);
    });
  const covered = (row: FeeRow) => row.eligible > 0;
  return [
    (row) =>
      covered(row) &&
      insurance(row)?.some(
        (limit) => limit.insurance === 'work-injury' || row.careType !== 'family-planning',
      ) === true,
    (row) => covered(row) && misfits(row, drugAge(row) ?? []),
    (row) => covered(row) && misfits(row, itemAge(row) ?? []),
    (row) => covered(row) && drugSex(row)?.some(({ sex }) => sex !== row.sex) === true,
    (row) => covered(row) && itemSex(row)?.some(({ sex }) => sex !== row.sex) === true,
    (row) =>
      covered(row) &&
      minLevel(row)?.some((limit) => (level[row.level] ?? 0) < (level[limit.minLevel] ?? 0)) ===
        true,
    (row) =>
      covered(row) &&
      setting(row)?.some(
        ({ settings }) => !(settings as readonly string[]).includes(row.careType),
      ) === true,
    (row) => covered(row) && row.quantity > 80_000,
    (row) => covered(row) && row.unitPrice > 595_000_000,
    (row) => covered(row) && row.amount > 115_000,
    (row) => covered(row) && row.quantity > 10_000 && row.unitPrice > 580_000_000,
    (row) => covered(row) && row.careType === 'outpatient' && row.unitPrice > 590_000_000,
    (row) => covered(row) && row.careType === 'inpatient' && row.quantity > 18_000,
    (row) => covered(row) && row.level === 'village' && row.unitPrice > 588_000_000,
    (row) => covered(row) && row.pool === 'resident' && row.amount > 112_000,
    (row) => covered(row) && row.ageYears < 1 && row.unitPrice > 300_000_000,
    (row) => covered(row) && row.ageYears >= 90 && row.quantity > 10_000,
    (row) => covered(row) && row.sex === 'male' && row.ageYears < 6 && row.unitPrice > 560_000_000,
    (row) => covered(row) && row.careType === 'outpatient' && pieces.has(row.itemCode),
    (row) =>
      covered(row) &&
      (row.level === 'village' || row.level === 'primary') &&
      secondLine.has(row.itemCode),
  ];
}

/** Limits in force in 2024 by item code. */
function byCode<S extends SetId>(knowledge: KnowledgeBase, set: S) {
  const limits = new Map<string, KnowledgePoint<S>['limit'][]>();
  for (const { codes, limit, effectiveFrom } of knowledge.set(set).points) {
    if (effectiveFrom !== null && effectiveFrom > '2024-12-31') continue;
    for (const code of codes) limits.set(code, [...(limits.get(code) ?? []), limit]);
  }
  return ({ itemCode }: FeeRow) => limits.get(itemCode);
}

import type { Adrg, DrgTables, MatchRule, Mdc } from './drg-tables.js';

/** An inpatient case as the face page (病案首页) gives it. Codes are those of the insured edition (医保版), case-sensitive. */
export interface DrgCase {
  readonly sex: 'male' | 'female';
  /** Completed years at admission. */
  readonly ageYears: number;
  /** Days of age at admission; null when the patient is past the first year and days were not kept. */
  readonly ageDays: number | null;
  /** Grams; null or 0 when unknown, and then no weight group is reached. */
  readonly birthWeightGrams: number | null;
  /** The first is the principal diagnosis (主要诊断). */
  readonly diagnoses: readonly string[];
  /** The first is the principal operation (主要手术操作). */
  readonly operations: readonly string[];
}

export interface DrgResult {
  readonly status: '分组成功' | '无法入组';
  readonly mdc: string;
  readonly adrg: string;
  readonly drg: string;
}

/** No group takes the case: no principal diagnosis, a code the scheme does not know, or a category without a fitting group. */
export const UNGROUPED: DrgResult = { status: '无法入组', mdc: '0000', adrg: '00', drg: '0000' };

/** The last day of life that counts as newborn (新生儿): day 28 is in, day 29 is out. */
const LAST_NEWBORN_DAY = 28;

/** What the rules ask about a case, worked out once. */
interface Facts extends DrgCase {
  readonly principal: string;
  readonly mainOperation: string | null;
  readonly isMainOperationValid: boolean;
  readonly isNewborn: boolean;
}

/**
 * Groups one case.
 *
 * @returns the group, or {@link UNGROUPED}
 * @throws  never; a case that cannot be grouped is a result, not an error
 * @source  CHS-DRG 1.1: order of MDCs and ADRGs, severity by the last digit (1 MCC, 3 MCC or CC, 5 otherwise, 9 unsplit)
 */
export function groupDrg(drgCase: DrgCase, tables: DrgTables): DrgResult {
  const principal = drgCase.diagnoses[0];
  if (principal === undefined) return UNGROUPED;
  const mainOperation = drgCase.operations[0] ?? null;
  const facts: Facts = {
    ...drgCase,
    principal,
    mainOperation,
    isMainOperationValid: mainOperation !== null && tables.validOperations.has(mainOperation),
    isNewborn: drgCase.ageDays !== null && drgCase.ageDays <= LAST_NEWBORN_DAY,
  };
  for (const mdc of tables.mdcs) {
    if (!opens(mdc, facts)) continue;
    const adrg = mdc.adrgs.find((candidate) => MATCHES[candidate.match](facts, candidate));
    if (adrg === undefined) continue;
    return {
      status: '分组成功',
      mdc: mdc.code,
      adrg: adrg.code,
      drg: severityGroup(adrg, facts, tables),
    };
  }
  return UNGROUPED;
}

function opens(mdc: Mdc, facts: Facts): boolean {
  // MDC A (transplants, ventilation) is entered by the operation, whatever the diagnosis.
  if (mdc.gate === 'valid-operation') return facts.isMainOperationValid;
  if (!mdc.diagnoses.has(facts.principal)) return false;
  switch (mdc.gate) {
    case 'male':
    case 'female':
      return facts.sex === mdc.gate;
    case 'age-zero':
      return facts.ageYears === 0;
    case 'two-trauma-regions':
      return countTraumaRegions(mdc, facts) >= 2;
    case '':
      return true;
  }
}

function countTraumaRegions(mdc: Mdc, facts: Facts): number {
  const regions = new Set<string>();
  for (const diagnosis of facts.diagnoses) {
    const region = mdc.diagnoses.get(diagnosis);
    if (region !== undefined && region !== '') regions.add(region);
  }
  return regions.size;
}

const MATCHES: Readonly<Record<MatchRule, (facts: Facts, adrg: Adrg) => boolean>> = {
  PDX: hasPrincipal,
  POP: hasMainOperation,
  'PDX+POP': (facts, adrg) => hasPrincipal(facts, adrg) && hasMainOperation(facts, adrg),
  'OP_A+OP_B': hasBothSets,
  'PDX+OP_A+OP_B': (facts, adrg) => hasPrincipal(facts, adrg) && hasBothSets(facts, adrg),
  'PDX+OP_SETS': (facts, adrg) =>
    hasPrincipal(facts, adrg) &&
    adrg.setAlternatives.some((sets) => sets.every((set) => hasOperationOf(facts, adrg, set))),
  POP_VALID: (facts) => facts.isMainOperationValid,
  'ANYDX+POP_VALID': (facts, adrg) => facts.isMainOperationValid && hasAnyDiagnosis(facts, adrg),
  NO_VALID_OP: (facts) => !facts.isMainOperationValid,
  'PDX+NEONATE28': (facts, adrg) => facts.isNewborn && hasPrincipal(facts, adrg),
  'POP+NEONATE28': (facts, adrg) => facts.isNewborn && hasMainOperation(facts, adrg),
  'ANYDX+WEIGHT+NEONATE28': (facts, adrg) =>
    facts.isNewborn && isInWeightRange(facts, adrg) && hasAnyDiagnosis(facts, adrg),
  ALWAYS: () => true,
};

function hasPrincipal(facts: Facts, adrg: Adrg): boolean {
  return adrg.diagnoses.has(facts.principal);
}

function hasAnyDiagnosis(facts: Facts, adrg: Adrg): boolean {
  return facts.diagnoses.some((diagnosis) => adrg.diagnoses.has(diagnosis));
}

function hasMainOperation(facts: Facts, adrg: Adrg): boolean {
  return (
    facts.mainOperation !== null && adrg.operations.get('A')?.has(facts.mainOperation) === true
  );
}

function hasOperationOf(facts: Facts, adrg: Adrg, set: string): boolean {
  const members = adrg.operations.get(set);
  return members !== undefined && facts.operations.some((operation) => members.has(operation));
}

function hasBothSets(facts: Facts, adrg: Adrg): boolean {
  return hasOperationOf(facts, adrg, 'A') && hasOperationOf(facts, adrg, 'B');
}

function isInWeightRange({ birthWeightGrams }: Facts, { weight }: Adrg): boolean {
  if (weight === null || birthWeightGrams === null || birthWeightGrams === 0) return false;
  return (
    birthWeightGrams >= weight.from && (weight.below === null || birthWeightGrams < weight.below)
  );
}

function severityGroup(adrg: Adrg, facts: Facts, tables: DrgTables): string {
  const [first = ''] = adrg.groups;
  if (adrg.groups.length === 1) return first;
  const severities = severitiesOf(facts, tables);
  const group = adrg.groups.find((candidate) => {
    if (candidate.endsWith('1')) return severities.has('MCC');
    if (candidate.endsWith('3')) return severities.size > 0;
    return true;
  });
  return group ?? first;
}

/** Severities of the secondary diagnoses that count beside this principal one. */
function severitiesOf(facts: Facts, tables: DrgTables): ReadonlySet<'MCC' | 'CC'> {
  const excluded = tables.exclusionOfPrincipal.get(facts.principal);
  const severities = new Set<'MCC' | 'CC'>();
  for (const diagnosis of facts.diagnoses.slice(1)) {
    const complication = tables.complications.get(diagnosis);
    if (complication !== undefined && complication.exclusion !== excluded) {
      severities.add(complication.severity);
    }
  }
  return severities;
}

import { Decimal, percent } from '../../kernel/decimal.js';
import { type Fen, sum, toDecimalFen, ZERO_FEN } from '../../kernel/money.js';
import type { SpecialCaseFacts, TcmCaseFacts, TcmFees } from '../../records/method-facts.js';

/** Which score a special case takes: the one decided, or the greater of it and the one it had. */
export type TakenRule = 'as-decided' | 'greater';

/** Most applications for so many discharged cases: a started case does not count. */
export function mostApplications(discharges: number, cap: Decimal): number {
  return cap.times(discharges).floor().toNumber();
}

/** Two different people sign a special case. */
export function isSigned({ reviewers }: Pick<SpecialCaseFacts, 'reviewers'>): boolean {
  return new Set(reviewers).size >= 2;
}

/** What a reviewed case changes: points added (or taken off), and an amount paid off the pool. */
export interface CaseChange {
  readonly points: Decimal;
  readonly amount: Fen;
}

export function specialChange(found: SpecialCaseFacts, rule: TakenRule): CaseChange {
  const { counted, outcome, decided, byItem } = found;
  if (outcome === 'by-item') return { points: counted.negated(), amount: byItem ?? ZERO_FEN };
  if (outcome === 'keep' || decided === null) return { points: new Decimal(0), amount: ZERO_FEN };
  const taken = rule === 'greater' ? Decimal.max(counted, decided) : decided;
  return { points: taken.minus(counted), amount: ZERO_FEN };
}

/** TCM share of a case (中医治疗费用占比): TCM treatment, patent medicine and decoction pieces over all treatment and material fees. */
export function tcmShare(fees: TcmFees): Decimal {
  const own = toDecimalFen(sum([fees.tcmTreatment, fees.patentTcm, fees.pieces]));
  const others = [fees.westernTreatment, fees.westernDrugs, fees.surgery, fees.consumables];
  const all = own.plus(toDecimalFen(sum(others)));
  return all.isZero() ? new Decimal(0) : own.div(all);
}

export interface TcmRules {
  readonly share: Decimal;
  /** Days by group. */
  readonly stay: ReadonlyMap<string, number>;
  readonly classes: number;
}

/** Why a case is not paid as a TCM disease; null: it is. A group without a shortest stay is not on the list. */
export function tcmFault(found: TcmCaseFacts, rules: TcmRules): string | null {
  const stay = rules.stay.get(found.group);
  if (stay === undefined) return `病种 ${found.group} 不在中医优势病种表中`;
  if (found.days < stay) return `住院 ${found.days} 天，不足 ${stay} 天`;
  if (found.classes < rules.classes) return `操作 ${found.classes} 类，不足 ${rules.classes} 类`;
  const share = tcmShare(found.fees);
  return share.gte(rules.share)
    ? null
    : `中医费用占比 ${percent(share.toDecimalPlaces(4))}，低于 ${percent(rules.share)}`;
}

/** Points that re-pricing takes off (or adds): those of the ordinary group for those counted. */
export function tcmChange(found: TcmCaseFacts, rules: TcmRules): Decimal {
  return tcmFault(found, rules) === null ? new Decimal(0) : found.otherwise.minus(found.counted);
}

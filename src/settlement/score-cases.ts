import type { Pool } from '../claims/claim.js';
import { DipRuleError } from '../grouping/dip/errors.js';
import type { LoadedPackage } from '../grouping/dip/rule-package.loader.js';
import { type CaseScore, CaseScorer } from '../grouping/dip/score-case.js';
import { type Fen, fen } from '../kernel/money.js';
import { fromScaled } from '../kernel/scaled.js';
import type { BookedCase } from './dip-cases.repository.js';
import type { CaseValuer } from './drg-scorer.js';
import { type UnitPoints, unitKey } from './unit-points.js';

/** What the cases of one settlement unit and pool come to. */
export interface UnitTotals {
  cases: number;
  /** Integer of the package's decimals. */
  points: bigint;
  /** Booked amount of the cases without points. */
  paidAtActualFen: bigint;
  /** What the cases with points cost. */
  costFen: bigint;
}

/** Scores cases one by one and adds them up by settlement unit and pool: memory does not grow with their number. */
export class CaseTotals {
  /** By `pool institution`. */
  readonly units = new Map<string, UnitTotals>();
  private readonly byPool = new Map<Pool, Map<string, UnitTotals>>();
  private readonly valuer: CaseValuer;

  constructor(by: LoadedPackage | CaseValuer) {
    this.valuer = 'catalogue' in by ? byDip(by) : by;
  }

  /** Decimals of points. */
  get places(): number {
    return this.valuer.places;
  }

  /** @throws DipRuleError when the package has no coefficient for an institution */
  add(found: BookedCase): CaseScore {
    const score = this.valuer.score(found);
    if (score === null) throw withoutCoefficient(found, this.valuer.name);
    const unit = this.unitOf(found);
    unit.cases += 1;
    if (score.points === null) unit.paidAtActualFen += found.booked;
    else {
      unit.points += score.points;
      unit.costFen += found.cost;
    }
    return score;
  }

  /** The same in the terms of the facts. */
  unitPoints(): ReadonlyMap<string, UnitPoints> {
    const all = [...this.byPool].flatMap(([pool, units]) =>
      [...units].map(([institution, unit]): [string, UnitPoints] => [
        unitKey(pool, institution),
        { ...this.pointsOf(unit), isWeight: this.valuer.isWeight(pool) },
      ]),
    );
    return new Map(all);
  }

  private pointsOf({ points, paidAtActualFen, costFen }: UnitTotals) {
    const paidAtActual: Fen = fen(paidAtActualFen);
    return { points: fromScaled(points, this.places), paidAtActual, cost: fen(costFen) };
  }

  private unitOf({ pool, institution }: BookedCase): UnitTotals {
    return this.byPool.get(pool)?.get(institution) ?? this.openUnit(pool, institution);
  }

  private openUnit(pool: Pool, institution: string): UnitTotals {
    const unit = { cases: 0, points: 0n, paidAtActualFen: 0n, costFen: 0n };
    this.units.set(unitKey(pool, institution), unit);
    this.byPool.set(pool, (this.byPool.get(pool) ?? new Map()).set(institution, unit));
    return unit;
  }
}

function byDip({ catalogue, rules }: LoadedPackage): CaseValuer {
  const scorer = new CaseScorer(catalogue, rules);
  return {
    name: rules.package,
    places: scorer.places,
    isWeight: () => false,
    score: (found) => scorer.score(found),
  };
}

function withoutCoefficient({ institution, level }: BookedCase, name: string): DipRuleError {
  return new DipRuleError(`规则包 ${name} 没有机构 ${institution}（${level}）的机构系数`, {
    institution,
    package: name,
  });
}

import { LEAD } from '../../county/institutions.js';
import { countingCases } from './counting.js';
import { pairCases } from './pairs.js';
import { type PlantedCase, Planter, repeat } from './plant.js';
import { singleLineCases } from './single-line.js';
import { stayCases } from './stays.js';

/** Every planted violation and its compliant twins; `count` cases of each kind. */
export function plantedCases(seed: number, count: number): PlantedCase[] {
  const planter = new Planter(seed);
  return [
    ...singleLineCases(planter, count),
    ...countingCases(planter, count),
    ...pairCases(planter, count),
    ...stayCases(planter, count),
    ...repeat(count, () => contradictory(planter)),
  ];
}

/** ELG-08: a claim whose total is five yuan more than its lines. */
function contradictory(planter: Planter): PlantedCase {
  const person = planter.person({ sex: 'female', birthDate: '1977-02-18' });
  const base = planter.visit('vaginitis', { institution: LEAD, person, day: planter.day() });
  const { money } = base;
  const claim = {
    ...base,
    money: { ...money, total: money.total + 500n, cash: money.cash + 500n },
  };
  const note = '明细合计与总费用相差 5.00 元';
  return {
    claims: [claim],
    violations: [{ rule: 'ELG-08', certainty: 'RETURN', claim, lines: [], note }],
  };
}

import { LEAD } from '../../county/institutions.js';
import type { DemoClaim } from '../model.js';
import { type Extra, type PlantedCase, type Planter, repeat, withLines } from './plant.js';

const NOON = 12 * 60;

/** CHG-02 in its four windows, and CHG-05: operations through one incision at full price. */
export function pairCases(planter: Planter, count: number): PlantedCase[] {
  return [
    ...repeat(count, () => sameDay(planter)),
    ...repeat(3, () => wholeVisit(planter)),
    ...repeat(count, (index) => sixHours(planter, 60 * (1 + index))),
    sixHours(planter, 60 * 7),
    ...repeat(3, () => sameHour(planter, 20)),
    sameHour(planter, 60),
    ...repeat(count, (index) => incision(planter, index)),
  ];
}

function sameDay(planter: Planter): PlantedCase {
  const day = planter.day();
  const person = planter.person({ sex: 'female', birthDate: '1969-05-05' });
  const base = planter.visit('eczema', { institution: LEAD, person, day });
  return pair(
    base,
    { key: 'glucose-tolerance', day, minute: 9 * 60 },
    { key: 'glucose', day, minute: 9 * 60 + 30 },
    '单日',
  );
}

function wholeVisit(planter: Planter): PlantedCase {
  const base = birth(planter);
  const [day, delivered] = deliveryOf(base);
  return pair(base, delivered, { key: 'vulva-suture', day: day + 1, minute: NOON }, '单次就诊');
}

function sixHours(planter: Planter, minutes: number): PlantedCase {
  const base = birth(planter);
  const [, delivered] = deliveryOf(base);
  const later = { key: 'fetal-monitor', day: delivered.day, minute: delivered.minute + minutes };
  if (minutes > 360)
    return {
      claims: [withLines(base, [later]).claim],
      violations: [],
      twinOf: 'CHG-02 相隔 7 小时',
    };
  return pair(base, delivered, later, '6小时');
}

function sameHour(planter: Planter, minutes: number): PlantedCase {
  const day = planter.day();
  const person = planter.person({ sex: 'male', birthDate: '1959-08-19' });
  const base = planter.stay({ profile: 'pneumonia', institution: LEAD, person, day, days: 7 });
  const first = { key: 'invasive-pressure', day: day + 2, minute: 14 * 60, quantity: 1 };
  const second = { key: 'ecg-monitor', day: day + 2, minute: 14 * 60 + minutes, quantity: 1 };
  if (minutes >= 60) {
    return {
      claims: [withLines(base, [first, second]).claim],
      violations: [],
      twinOf: 'CHG-02 相邻的下一小时',
    };
  }
  return pair(base, first, second, '同一小时');
}

/** `primary` may already be in the claim (a delivery); the contained item is the violation. */
function pair(base: DemoClaim, primary: Extra, contained: Extra, window: string): PlantedCase {
  const present = base.lines.some((line) => line.item.key === primary.key);
  const { claim, added } = withLines(base, present ? [contained] : [primary, contained]);
  const note = `${window}内重复收费`;
  return {
    claims: [claim],
    violations: [{ rule: 'CHG-02', certainty: 'HARD', claim, lines: added.slice(-1), note }],
  };
}

function birth(planter: Planter): DemoClaim {
  const person = planter.person({ sex: 'female', birthDate: '1994-07-07' });
  const day = planter.day();
  return planter.stay({ profile: 'delivery', institution: LEAD, person, day, days: 4 });
}

/** Where the delivery line of a birth lies. */
function deliveryOf(claim: DemoClaim): readonly [number, Extra] {
  const line = claim.lines.find(({ item }) => item.key === 'delivery');
  if (line === undefined) throw new RangeError('a birth without a delivery line');
  return [line.day, { key: 'delivery', day: line.day, minute: line.minute }];
}

/** A second operation of the same incision group on the same day, both at full price; the cheaper one is the violation. */
function incision(planter: Planter, index: number): PlantedCase {
  const day = planter.day();
  const female = index % 2 === 0;
  const person = planter.person({ sex: 'female', birthDate: '1981-01-29' });
  const profile = female ? 'fibroid' : 'appendicitis';
  const base = planter.stay({ profile, institution: LEAD, person, day, days: 8 });
  const key = female ? 'oophorectomy' : 'gastrectomy';
  const { claim, added } = withLines(base, [{ key, day: day + 1, minute: 11 * 60 }]);
  const cheaper = female ? added : claim.lines.filter((line) => line.item.key === 'appendectomy');
  const note = '同一切口第二手术未折价';
  return {
    claims: [claim],
    violations: [{ rule: 'CHG-05', certainty: 'SUSP', claim, lines: cheaper, note }],
  };
}

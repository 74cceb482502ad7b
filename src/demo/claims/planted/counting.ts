import { LEAD, TCM } from '../../county/institutions.js';
import type { DemoClaim, DemoLine } from '../model.js';
import { type PlantedCase, type Planter, repeat, withLines } from './plant.js';

const NOON = 12 * 60;

/** Limits that count: per day, hours of a day, repeats within a cycle, days of a course. */
export function countingCases(planter: Planter, count: number): PlantedCase[] {
  return [
    ...repeat(count, () => twiceADay(planter, 2)),
    ...repeat(2, () => twiceADay(planter, 1)),
    ...repeat(count, (index) => hours(planter, index % 2 === 0 ? 2 : 4)),
    ...repeat(2, () => hours(planter, 0)),
    ...repeat(count, (index) => cycle(planter, 2 + (index % 4))),
    ...repeat(2, () => cycle(planter, 7)),
    ...repeat(count, (index) => drugCourse(planter, index)),
    ...repeat(1, () => acrossStays(planter)),
    ...repeat(count, (index) => itemCourse(planter, 32 + (index % 3))),
    itemCourse(planter, 30),
  ];
}

/** QTY-01: an item payable once a day, charged once or twice on one day. */
function twiceADay(planter: Planter, times: number): PlantedCase {
  const day = planter.day();
  const base = stayAt(planter, { profile: 'gastric-bleeding', days: 6, day });
  const { claim, added } = withLines(
    base,
    Array.from({ length: times }, (_, index) => ({
      key: 'decompression',
      day: day + 2,
      minute: NOON + index * 90,
    })),
  );
  if (times === 1) return { claims: [claim], violations: [], twinOf: 'QTY-01 每日一次' };
  return one('QTY-01', claim, added.slice(1), '限日频次 1 次的项目一日两次');
}

/** CHG-08: hours of one calendar day, `beyond` of them over 24. */
function hours(planter: Planter, beyond: number): PlantedCase {
  const day = planter.day();
  const base = stayAt(planter, { profile: 'pneumonia', days: 7, day });
  const full = { key: 'ventilator', day: day + 3, minute: 0, quantity: 24 };
  const more = { key: 'ventilator', day: day + 3, minute: 1, quantity: beyond };
  const { claim, added } = withLines(base, beyond === 0 ? [full] : [full, more]);
  if (beyond === 0) return { claims: [claim], violations: [], twinOf: 'CHG-08 整 24 小时' };
  return one('CHG-08', claim, added.slice(1), `按小时项目一日 ${24 + beyond} 小时`);
}

/** QTY-02: the same test again after `gap` days, payable once in seven. */
function cycle(planter: Planter, gap: number): PlantedCase {
  const day = planter.day();
  const person = planter.person({ sex: 'female', birthDate: '1963-10-08' });
  const visits = [day, day + gap].map((on) => {
    const base = planter.visit('reflux', { institution: LEAD, person, day: on });
    return withLines(base, [{ key: 'fructosamine', day: on, minute: base.settledMinute - 2 }]);
  });
  const claims = visits.map((visit) => visit.claim);
  const later = visits[1];
  if (gap >= 7 || later === undefined) {
    return { claims, violations: [], twinOf: 'QTY-02 间隔恰为 7 天' };
  }
  const note = `血清果糖胺 ${gap} 天内重复`;
  return { claims, violations: one('QTY-02', later.claim, later.added, note).violations };
}

/** CAT-11: one more day than the course allows, or exactly the course. */
function drugCourse(planter: Planter, index: number): PlantedCase {
  const [key = '', limit = 0] =
    (
      [
        ['gastrodin', 14],
        ['aescinate', 10],
        ['nesiritide', 3],
      ] as const
    )[index % 3] ?? [];
  const beyond = index === 4 ? 0 : 1 + (index % 2);
  const day = planter.day();
  const base = stayAt(planter, { profile: 'heart-failure', days: limit + 4, day });
  const { claim, added } = withLines(
    base,
    Array.from({ length: limit + beyond }, (_, offset) => ({
      key,
      day: day + 1 + offset,
      minute: NOON,
    })),
  );
  if (beyond === 0) return { claims: [claim], violations: [], twinOf: 'CAT-11 恰为限定天数' };
  return one(
    'CAT-11',
    claim,
    added.slice(limit),
    `支付疗程 ${limit} 天，实际 ${limit + beyond} 天`,
  );
}

/** CAT-11 over two stays of one disease: 10 days, three weeks later 6 more, of 14 payable. */
function acrossStays(planter: Planter): PlantedCase {
  const day = planter.day(20, 250);
  const person = planter.person({ sex: 'male', birthDate: '1955-06-27' });
  const first = planter.stay({
    profile: 'cerebral-ischaemia',
    institution: LEAD,
    person,
    day,
    days: 11,
  });
  const again = day + 11 + 20;
  const second = planter.stay({
    profile: 'cerebral-ischaemia',
    institution: LEAD,
    person,
    day: again,
    days: 8,
  });
  const course = (from: number, days: number) =>
    Array.from({ length: days }, (_, offset) => ({
      key: 'gastrodin',
      day: from + offset,
      minute: NOON,
    }));
  const before = withLines(first, course(day + 1, 10));
  const after = withLines(second, course(again + 1, 6));
  const { violations } = one(
    'CAT-11',
    after.claim,
    after.added.slice(4),
    '跨次住院累计 16 天，限 14 天',
  );
  return { claims: [before.claim, after.claim], violations };
}

/** QTY-03: a training item on `days` days of one stay, 30 payable. */
function itemCourse(planter: Planter, days: number): PlantedCase {
  const day = planter.day(10, 280);
  const person = planter.person({ sex: 'male', birthDate: '1952-02-14' });
  const base = planter.stay({
    profile: 'stroke-rehabilitation',
    institution: TCM,
    person,
    day,
    days: days + 3,
  });
  const { claim, added } = withLines(
    base,
    Array.from({ length: days }, (_, offset) => ({
      key: 'weight-support',
      day: day + 1 + offset,
      minute: NOON,
    })),
  );
  if (days <= 30) return { claims: [claim], violations: [], twinOf: 'QTY-03 恰为 30 天' };
  return one('QTY-03', claim, added.slice(30), `减重支持系统训练 ${days} 天，限 30 天`);
}

function stayAt(planter: Planter, wish: { profile: string; days: number; day: number }): DemoClaim {
  const person = planter.person({ sex: 'male', birthDate: '1957-03-03' });
  return planter.stay({ ...wish, institution: LEAD, person });
}

function one(
  rule: string,
  claim: DemoClaim,
  lines: readonly DemoLine[],
  note: string,
): PlantedCase {
  return { claims: [claim], violations: [{ rule, certainty: 'HARD', claim, lines, note }] };
}

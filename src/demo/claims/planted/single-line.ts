import type { Institution } from '../../county/institutions.js';
import type { Person } from '../../county/people.js';
import {
  clinic,
  hospital,
  type PlantedCase,
  type Planter,
  repeat,
  township,
  withLines,
} from './plant.js';

/** One extra line on an ordinary visit: who, where, which item. */
interface Recipe {
  readonly rule: string;
  readonly profile: string;
  readonly institution: (index: number) => Institution;
  readonly person: (index: number) => Partial<Person>;
  readonly items: readonly string[];
  readonly note: string;
}

const anyMember = (index: number): Institution =>
  [hospital(0), clinic(index * 5), township(index), hospital(1), clinic(index * 7 + 6)][
    index % 5
  ] ?? hospital(0);

const VIOLATIONS: readonly Recipe[] = [
  {
    rule: 'CAT-01',
    profile: 'eczema',
    institution: anyMember,
    person: (index) => ({ sex: index % 2 === 0 ? 'female' : 'male', birthDate: '1984-03-09' }),
    items: ['scar-ointment', 'thymalfasin'],
    note: '限工伤保险药品记入基本医保',
  },
  {
    rule: 'CAT-01',
    profile: 'menstrual',
    institution: hospital,
    person: () => ({ sex: 'female', birthDate: '1990-05-21' }),
    items: ['carboprost'],
    note: '限生育保险药品，非生育诊断',
  },
  {
    rule: 'CAT-04',
    profile: 'influenza',
    institution: anyMember,
    person: (index) => ({ sex: index % 2 === 0 ? 'male' : 'female', birthDate: '1979-11-30' }),
    items: ['child-cold', 'child-fever', 'midazolam-oral'],
    note: '儿童专用药用于成人',
  },
  {
    rule: 'CAT-05',
    profile: 'reflux',
    institution: hospital,
    person: () => ({ sex: 'female', birthDate: '1986-08-02' }),
    items: ['child-tuina', 'newborn-warmer'],
    note: '儿童、新生儿项目用于成人',
  },
  {
    rule: 'CAT-06',
    profile: 'gout',
    institution: anyMember,
    person: () => ({ sex: 'male', birthDate: '1972-01-17' }),
    items: ['fuke-qianjin', 'baofukang'],
    note: '女性用药用于男性',
  },
  {
    rule: 'CAT-07',
    profile: 'osteoarthritis',
    institution: hospital,
    person: (index) => ({ sex: index % 2 === 0 ? 'female' : 'male', birthDate: '1975-09-12' }),
    items: ['semen', 'cervix-biopsy'],
    note: '限性别项目用于另一性别',
  },
  {
    rule: 'CAT-09',
    profile: 'bronchitis',
    institution: (index) => (index % 2 === 0 ? township(index) : clinic(index * 3 + 1)),
    person: () => ({ sex: 'male', birthDate: '1966-04-25' }),
    items: ['danshen', 'guanxinning', 'reduning'],
    note: '限二级及以上机构药品在基层使用',
  },
  {
    rule: 'CAT-10',
    profile: 'vertigo',
    institution: hospital,
    person: () => ({ sex: 'male', birthDate: '1961-12-03' }),
    items: ['amino-acids', 'angong', 'fat-emulsion'],
    note: '限住院（急诊）药品在普通门诊使用',
  },
];

const TWINS: readonly Recipe[] = [
  {
    rule: 'CAT-04',
    profile: 'eczema',
    institution: township,
    person: () => ({ sex: 'male', birthDate: '2010-01-02' }),
    items: ['child-cold'],
    note: '满 14 周岁当年仍可用',
  },
  {
    rule: 'CAT-09',
    profile: 'vertigo',
    institution: () => hospital(1),
    person: () => ({ sex: 'female', birthDate: '1968-02-11' }),
    items: ['danshen'],
    note: '二级机构使用，符合限定',
  },
  {
    rule: 'CAT-10',
    profile: 'chest-pain',
    institution: () => hospital(0),
    person: () => ({ sex: 'male', birthDate: '1958-07-30' }),
    items: ['angong'],
    note: '急诊使用，符合限定',
  },
];

/** Limits of one line against the person, the institution or the setting, and their compliant twins. */
export function singleLineCases(planter: Planter, count: number): PlantedCase[] {
  const planted = VIOLATIONS.flatMap((recipe) =>
    repeat(recipe.items.includes('carboprost') ? 2 : count, (index) =>
      make(planter, recipe, index),
    ),
  );
  const twins = TWINS.flatMap((recipe) =>
    repeat(2, (index) => {
      const { claims } = make(planter, recipe, index);
      return { claims, violations: [], twinOf: `${recipe.rule} ${recipe.note}` };
    }),
  );
  return [...planted, ...twins, ...workingAge(planter)];
}

function make(planter: Planter, recipe: Recipe, index: number): PlantedCase {
  const sexOf = recipe.person(index);
  const key = itemFor(recipe, index);
  const day = planter.day();
  const base = planter.visit(recipe.profile, {
    institution: recipe.institution(index),
    person: planter.person(sexOf),
    day,
  });
  const { claim, added } = withLines(base, [{ key, day, minute: base.settledMinute - 2 }]);
  return {
    claims: [claim],
    violations: [{ rule: recipe.rule, certainty: 'HARD', claim, lines: added, note: recipe.note }],
  };
}

/** The item of a case; for sex limits it alternates with the person. */
function itemFor(recipe: Recipe, index: number): string {
  return recipe.items[index % recipe.items.length] ?? '';
}

/** Occupational training outside the working age, and at its two ends. */
function workingAge(planter: Planter): PlantedCase[] {
  return [
    { birthDate: '1960-01-15', hits: true },
    { birthDate: '1964-11-20', hits: false },
  ].map(({ birthDate, hits }) => {
    const day = planter.day(150, 250);
    const person = planter.person({ sex: 'male', birthDate });
    const base = planter.visit('osteoarthritis', { institution: hospital(1), person, day });
    const { claim, added } = withLines(base, [
      { key: 'job-training', day, minute: base.settledMinute - 2 },
    ]);
    const note = '职业功能训练限法定就业年龄';
    return hits
      ? {
          claims: [claim],
          violations: [{ rule: 'CAT-05', certainty: 'HARD', claim, lines: added, note }],
        }
      : { claims: [claim], violations: [], twinOf: 'CAT-05 59 周岁在就业年龄内' };
  });
}

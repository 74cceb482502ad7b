import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  OPTIONAL_COLUMNS,
  REQUIRED_COLUMNS,
  readCaseHeader,
  readCaseLine,
} from './drg-case-csv.js';
import { loadDrgTables } from './drg-tables.loader.js';
import { groupCases, type TextLine } from './group-cases.js';

const tables = loadDrgTables();

async function outcomesOf(...lines: TextLine[]): Promise<string[]> {
  async function* source() {
    yield* lines;
  }
  const outcomes: string[] = [];
  for await (const outcome of groupCases(source(), tables)) {
    if ('headerProblem' in outcome) outcomes.push(outcome.headerProblem);
    else if ('problem' in outcome) outcomes.push(`${outcome.line}: ${outcome.problem}`);
    else outcomes.push(`${outcome.line}: ${outcome.caseNo} ${outcome.result.drg}`);
  }
  return outcomes;
}

const HEADER = 'case_no,gender,age,age_days,birth_weight_g,dx_list,op_list';

describe('cases.csv', () => {
  it('reads by column name, in any order, with a BOM, quotes and columns of others', async () => {
    const outcomes = await outcomesOf(
      '\uFEFFward,dx_list,age,gender,case_no',
      '"内科, 一区",E11.800|I10.x00,60,1,A1',
    );
    expect(outcomes).toEqual(['2: A1 KS15']);
  });

  it('carries on after a bad line and keeps counting lines', async () => {
    const outcomes = await outcomesOf(
      HEADER,
      'A1,1,sixty,0,0,E11.800,',
      null,
      '',
      'A2,1,60,0,0,E11.800,',
    );
    expect(outcomes).toEqual([
      expect.stringMatching(/^2: age/),
      expect.stringMatching(/^3: 不是 UTF-8 文本/),
      '5: A2 KS15',
    ]);
  });

  it.each<[string, TextLine[], RegExp]>([
    ['nothing at all', [], /没有内容/],
    ['a missing column', ['case_no,gender,age'], /缺少列 dx_list/],
    ['a column twice', [`${HEADER},age`], /重复：age/],
    ['the line ends of an old Macintosh', [`${HEADER}\rA1,1,60,0,0,E11.800,`], /行尾/],
    ['an open quote', [`"${HEADER}`], /引号/],
    ['bytes that are no text', [null], /UTF-8/],
  ])('is refused as a whole for %s in its header', async (_name, lines, message) =>
    expect(await outcomesOf(...lines)).toEqual([expect.stringMatching(message)]),
  );
});

describe('the example', () => {
  it('gives what its page shows', async () => {
    const [example, page] = ['cases-example.csv', 'cases.md'].map((name) =>
      readFileSync(`docs/formats/${name}`, 'utf8'),
    );
    const shown = [...(page ?? '').matchAll(/^\{"case_no":"(\w+)".*"drg":"(\w+)"\}$/gm)];
    const outcomes = await outcomesOf(...(example ?? '').split('\n'));
    expect(outcomes.map((outcome) => outcome.slice(3))).toEqual(
      shown.map(([, caseNo, drg]) => `${caseNo} ${drg}`),
    );
  });
});

describe('one case', () => {
  const header = readCaseHeader(HEADER);
  const read = (line: string) => {
    if ('problem' in header) throw new Error(header.problem);
    return readCaseLine(line, header);
  };

  it.each<[string, RegExp]>([
    ['A1,1,60,0,0,E11.800', /应有 7 列，实有 6 列/],
    ['A1,1,60,0,0,"E11.800,', /引号/],
    [',1,60,0,0,E11.800,', /case_no/],
    ['A1,男,60,0,0,E11.800,', /gender/],
    ['A1,1,-1,0,0,E11.800,', /age /],
    ['A1,1,60.5,0,0,E11.800,', /age /],
    ['A1,1,151,0,0,E11.800,', /age /],
    ['A1,1,,0,0,E11.800,', /age /],
    ['A1,1,0,,0,P22.000,', /age_days/],
    ['A1,1,0,367,0,P22.000,', /age_days/],
    ['A1,1,0,3,heavy,P22.000,', /birth_weight_g/],
    ['A1,1,60,0,0,E11.800||I10.x00,', /dx_list/],
    [`A1,1,60,0,0,${'A'.repeat(65)},`, /dx_list/],
    [`A1,1,60,0,0,${'A|'.repeat(200)}A,`, /dx_list 超过 200/],
    ['A1,1,60,0,0,E11.800,51.2300|', /op_list/],
    ['A1,1,60,0,0,E11.\u0000800,', /控制字符/],
    [`A1,1,60,0,0,E11.800,${' '.repeat(20_000)}`, /20000 个字符/],
  ])('%j is refused', (line, message) =>
    expect(read(line)).toEqual({ problem: expect.stringMatching(message) }),
  );

  it.each<[string, object]>([
    ['A1,1,150,,,,', { ageYears: 150, ageDays: null, diagnoses: [], operations: [] }],
    ['A1,2,0,0,0,P22.000,', { sex: 'female', ageYears: 0, ageDays: 0, birthWeightGrams: 0 }],
    ['A1,1,0,366,20000,P22.000,', { ageDays: 366, birthWeightGrams: 20000 }],
    ['A1,1,1,400,,E11.800,', { ageYears: 1, ageDays: null }], // days past the first year are not read
    [
      'A1,1,60,0,0, E11.800 | A01.001+K77.0* ,86.700x0014',
      { diagnoses: ['E11.800', 'A01.001+K77.0*'] },
    ],
  ])('%j is taken', (line, drgCase) => expect(read(line)).toMatchObject({ drgCase }));

  it('has the columns that its JSON Schema has', () => {
    const schema = JSON.parse(readFileSync('docs/formats/cases.schema.json', 'utf8'));
    expect(schema.required).toEqual([...REQUIRED_COLUMNS]);
    expect(new Set(Object.keys(schema.properties))).toEqual(
      new Set([...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS]),
    );
  });
});

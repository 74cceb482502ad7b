import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { auditClaims } from './audit-claims.js';
import { compileAudit } from './compile.js';
import { factsOf } from './facts.js';
import { claimsOfCase, ruleCaseSchema } from './rule-case.js';
import { loadSiteFiles } from './rules.loader.js';

/** What a site lays over the shipped audit: its own knowledge points and exemptions. */

const configDir = join(import.meta.dirname, '../../config');
const siteDir = mkdtempSync(join(tmpdir(), 'heyi-site-'));
mkdirSync(join(siteDir, 'audit'));
afterAll(() => rmSync(siteDir, { recursive: true }));

const DAILY = '002503020030000';
const WOMENS = '002101030300000';

function found(input: object): readonly string[] {
  const { book, knowledge } = loadSiteFiles({ configDir, siteDir });
  const each = ruleCaseSchema.parse({ name: 'site', finds: 'nothing', ...input });
  const audit = compileAudit(book, knowledge, new Set(['CAT-07', 'QTY-01']));
  return auditClaims(audit, claimsOfCase(each).map(factsOf)).findings.map(({ rule }) => rule.id);
}

const twiceADay = (on: string) => ({ claims: [{ lines: [{ item: DAILY, quantity: '3', on }] }] });
const onAMan = (more: object = {}) => ({
  sex: 'male',
  claims: [{ lines: [{ item: WOMENS, on: '2024-03-01' }], ...more }],
});
const write = (name: string, text: string) => writeFileSync(join(siteDir, 'audit', name), text);

describe('a site’s own knowledge points', () => {
  const HEAD = 'action,set,code,name,limit,text,document,from,until\n';

  it('limits an item from the day a local text does, and frees one the locality does not limit', () => {
    expect([found(twiceADay('2025-01-01')), found(onAMan())]).toEqual([[], ['CAT-07']]);
    write(
      'knowledge-point.csv',
      `${HEAD}add,daily-frequency,${DAILY},血糖,max_quantity=2; unit=time,每日限 2 次,某医保发〔2025〕1号 §2,2025-01-01,\n` +
        `withdraw,item-sex,${WOMENS},子宫造影,,,某医保发〔2025〕1号 §3,,\n`,
    );
    expect(found(twiceADay('2024-12-31'))).toEqual([]);
    expect(found(twiceADay('2025-01-01'))).toEqual(['QTY-01']);
    expect(found(onAMan())).toEqual([]);
  });

  it('refuses a limit that is not of the set, by line', () => {
    write(
      'knowledge-point.csv',
      `${HEAD}add,daily-frequency,${DAILY},血糖,sex=male,x,某医保发〔2025〕1号,,\n`,
    );
    expect(() => found(onAMan())).toThrow('限定值不是该知识点集的列');
    rmSync(join(siteDir, 'audit/knowledge-point.csv'));
  });
});

describe('a site’s own exemptions', () => {
  const entry = (scope: string, until = '2024-03-02') =>
    `wrong-register:\n  rules: [CAT-07]\n${scope}  from: 2024-03-01\n  until: ${until}\n  reason: 登记性别有误\n  document: 示范医保〔2024〕9号\n  approvedBy: 王\n`;
  const exempt = (scope: string, more: object = {}) => {
    write('exemptions.yaml', entry(scope));
    return found(onAMan(more)).length === 0;
  };

  it.each([
    ['everything', '', true],
    ['its item', `  items: ['${WOMENS}']\n`, true],
    ['another item', `  items: ['${DAILY}']\n`, false],
    ['another institution', '  institutions: [H9]\n', false],
    ['its diagnosis', '  diagnoses: [J18]\n', true],
    ['another diagnosis', '  diagnoses: [K]\n', false],
    ['its month', '  months: [2024-03]\n', true],
    ['another month', '  months: [2024-04]\n', false],
    ['the batch of its knowledge point', `  batches: ['1']\n`, true],
    ['another batch', `  batches: ['8']\n`, false],
  ])('holds for %s', (_, scope, expected) => {
    expect(exempt(scope, { diagnoses: ['J18.900'] })).toBe(expected);
  });

  it('ends by the date of service', () => {
    write(
      'exemptions.yaml',
      entry('').replace('2024-03-01', '2024-02-01').replace('2024-03-02', '2024-03-01'),
    );
    expect(found(onAMan())).toEqual(['CAT-07']);
  });

  it('must end after it begins and name rules there are', () => {
    write('exemptions.yaml', entry('', '2024-03-01'));
    expect(() => found(onAMan())).toThrow('until 应晚于 from');
    write('exemptions.yaml', entry('').replace('CAT-07', 'CAT-99'));
    expect(() => found(onAMan())).toThrow('没有规则 CAT-99');
  });
});

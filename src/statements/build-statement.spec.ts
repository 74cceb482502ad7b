import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from '../claims/claim.js';
import { parseYaml } from '../config/yaml-text.js';
import { fen, sum, toYuan, yuan } from '../kernel/money.js';
import { loadRegion } from '../policy/policy.loader.js';
import { checkedFactsSchema } from '../settlement/checked-facts.js';
import { computeFile } from '../settlement/compute.js';
import { postingsOf } from '../settlement/postings.js';
import { buildStatement } from './build-statement.js';
import { choiceNames, citedDocuments } from './cited.js';
import { pdfDocument } from './pdf-document.js';
import { markSamples } from './samples.js';
import type { StatementSource } from './source.js';
import type { Party } from './statement.js';

const root = join(import.meta.dirname, '../..');
const chain = loadRegion(join(root, 'config/policies'), 'sanya');
const text = readFileSync(join(root, 'docs/formats/facts-example.yaml'), 'utf8');
const facts = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(chain) });

const AGENCY: Party = { role: 'agency', code: 'agency', name: '医疗保障经办机构' };
const LEAD: Party = { role: 'lead', code: 'lead', name: '示范县人民医院' };

let source: StatementSource;
let codes: readonly string[];

beforeAll(() => {
  const result = computeFile(chain, facts, []);
  const figures = result.figures.map((report) => {
    const [, , pool = '', ...key] = report.id.split('.');
    return { pool: pool as Pool, key: key.join('.'), report };
  });
  codes = [...new Set(figures.flatMap(({ key }) => /^member\.([^.]+)/.exec(key)?.[1] ?? []))];
  source = {
    run: {
      ...{ runId: '7', kind: 'year', period: result.period, version: 2, current: true },
      ...{ closed: false, region: result.region, day: '2025-05-20', resultDigest: result.digest },
    },
    figures,
    postings: postingsOf(result.figures),
    names: {
      ...{ consortium: '示范县紧密型县域医共体', region: chain[0].name, lead: LEAD.name },
      members: new Map(codes.map((code, index) => [code, `第${index + 1}卫生院`])),
      clinics: new Map(),
    },
    documents: citedDocuments({
      ...{ chain, overlays: [] },
      records: { documents: facts.documents } as never,
    }),
    choices: choiceNames(chain),
    tables: new Set(['wide.table']),
    clinicBookings: [],
  };
});

const lines = (party: Party) =>
  buildStatement(source, party).tables.flatMap((table) => table.lines);
const member = (index: number): Party => {
  return { role: 'member', code: codes[index] ?? '', name: `第${index + 1}卫生院` };
};
const amount = (key: string): string =>
  source.figures.find((figure) => figure.key === key)?.report.amount ?? '';

describe('the statement of the agency and the lead', () => {
  it('states what is paid in figures and capitals', () => {
    const [resident, total] = buildStatement(source, AGENCY).amounts;
    expect(toYuan(resident?.amount ?? fen(0n))).toBe(amount('final'));
    expect(total).toMatchObject({ label: '年度清算应拨付金额合计', amount: resident?.amount });
    expect(resident?.capitals).toMatch(/^壹仟.*分$|^.+[元角]整$|^.+分$/);
  });

  it('numbers every line once and explains each in the annex under its number', () => {
    const statement = buildStatement(source, LEAD);
    const numbers = statement.tables.flatMap((table) => table.lines.map(({ number }) => number));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(statement.annex.map(({ number }) => number)).toEqual(numbers);
    expect(numbers).toHaveLength(source.figures.length);
    const final = lines(LEAD).find(({ figureId }) => figureId.endsWith('resident.final'));
    const explained = statement.annex.find(({ number }) => number === final?.number);
    const payable = lines(LEAD).find(({ figureId }) => figureId.endsWith('resident.payable'));
    expect(explained?.inputs[0]?.basis).toContain(`见第 ${payable?.number} 项`);
  });

  it('cites documents by their numbers and marks what rests on a sample', () => {
    const statement = buildStatement(source, AGENCY);
    expect(statement.sample).toBe(true);
    expect(statement.documents).toContainEqual({
      ...{ number: '三医保〔2024〕6号', title: '三亚市紧密型医疗集团总额预算管理实施方案' },
      sample: false,
    });
    const deposit = statement.annex.find(({ label }) => label.startsWith('质量保证金（'));
    expect(deposit?.clause).toBe('三医保〔2024〕6号 §三(三)2');
    expect(deposit?.inputs.map(({ value }) => value)).toContain('5%');
  });

  it('marks what was filed under a sample document, and what follows from it', () => {
    const plain = source.figures.map(({ report: { sample: _, ...report }, ...figure }) => ({
      ...{
        ...figure,
        report: { ...report, inputs: report.inputs.map(({ sample: __, ...rest }) => rest) },
      },
    }));
    const code = plain[0]?.report.clause.split(' ')[0] ?? '';
    const known = { number: '样例〔2024〕1号', title: '演示', sample: true };
    expect(markSamples(plain, new Map()).some(({ report }) => report.sample)).toBe(false);
    const marked = markSamples(plain, new Map([[code, known]]));
    const follows = marked.filter(({ report }) => !report.clause.startsWith(code));
    expect(marked[0]?.report.sample).toBe(true);
    expect(marked.at(-1)?.report.sample).toBe(true);
    for (const { report } of follows)
      expect(report.sample === true).toBe(
        report.inputs.some(
          ({ clause = '', figure = '' }) =>
            clause.startsWith(code) ||
            marked.some((other) => other.report.id === figure && other.report.sample === true),
        ),
      );
  });

  it('leaves the members’ figures to lead and members', () => {
    expect(lines(AGENCY).some(({ figureId }) => figureId.includes('.member.'))).toBe(false);
    expect(lines(LEAD).some(({ figureId }) => figureId.includes('.member.'))).toBe(true);
  });
});

describe('the statement of a member', () => {
  it('shows its own figures and nobody else’s, in the annex too', () => {
    const own = member(0);
    expect(lines(own).length).toBeGreaterThan(0);
    expect(lines(own).every(({ figureId }) => figureId.includes(`.member.${own.code}.`))).toBe(
      true,
    );
    const text = JSON.stringify(buildStatement(source, own), (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    for (const other of codes.slice(1)) expect(text).not.toContain(other);
    expect(text).not.toContain('第2卫生院');
  });
});

describe('the annex of a member', () => {
  it('leaves out inputs that speak of another member', () => {
    const [own, other] = [member(0), member(1)];
    const inputs = [
      {
        label: '本单位分值',
        value: '1',
        unit: 'points' as const,
        figure: `x.member.${own.code}.points`,
      },
      {
        label: '另一单位分值',
        value: '2',
        unit: 'points' as const,
        figure: `x.member.${other.code}.points`,
      },
      { label: `成员单位 ${other.code} 记账`, value: '3.00', unit: 'yuan' as const },
    ];
    const figures = source.figures.map((figure) => ({
      ...figure,
      report: { ...figure.report, inputs },
    }));
    const labels = (party: Party) =>
      buildStatement({ ...source, figures }, party).annex[0]?.inputs.map(({ label }) => label);
    expect(labels(own)).toEqual(['本单位分值']);
    expect(labels(LEAD)).toHaveLength(3);
  });
});

describe('what a parameter says in the annex', () => {
  it.each([
    ['audit.timing', 'annual', '年度清算一次扣减'],
    ['scope.booked_buckets', 'outpatient；inpatient', '普通门诊；住院'],
    ['wide.table', 'up-to 0.05 share 0.5；up-to none share 0', '见政策参数表，共 2 行'],
  ])('%s: %s is shown as %s', (parameter, value, shown) => {
    const input = { label: '参数', value, unit: 'text' as const, parameter };
    const [figure] = source.figures;
    if (figure === undefined) throw new Error('no figure');
    const figures = [{ ...figure, report: { ...figure.report, inputs: [input] } }];
    const statement = buildStatement({ ...source, figures }, AGENCY);
    expect(statement.annex[0]?.inputs[0]?.value).toBe(shown);
  });
});

describe('pools are not set off against each other', () => {
  it('states a receivable apart from what is paid', () => {
    const figure = source.figures[0];
    const figures = (['resident', 'employee'] as const).flatMap((pool) =>
      figure === undefined ? [] : [{ ...figure, pool }],
    );
    const paid = (pool: Pool, amount: bigint) => [
      { voucher: 'final', account: 'agency', pool, amount: fen(-amount) },
      { voucher: 'final', account: 'lead', pool, amount: fen(amount) },
    ];
    const postings = [...paid('resident', 300n), ...paid('employee', -120n)];
    const { amounts } = buildStatement({ ...source, figures, postings }, AGENCY);
    expect(amounts.map(({ amount: each }) => each)).toEqual([300n, -120n, 300n, -120n]);
    expect(amounts.at(-1)?.capitals).toBe('负壹元贰角整');
  });
});

describe('the digest', () => {
  it('is the same for the same run, and another for any other content', () => {
    const { digest } = buildStatement(source, LEAD);
    expect(buildStatement(source, LEAD).digest).toBe(digest);
    expect(buildStatement(source, AGENCY).digest).not.toBe(digest);
    const other = { ...source, run: { ...source.run, version: 3 } };
    expect(buildStatement(other, LEAD).digest).not.toBe(digest);
  });
});

describe('a clinic', () => {
  const clinic: Party = { role: 'clinic', code: 'C', name: '村卫生室' };

  it('is told what it booked, and by whom it is settled; nobody signs', () => {
    const names = {
      ...source.names,
      clinics: new Map([['C', { name: '村卫生室', settledBy: codes[0] ?? '' }]]),
    };
    const booked = [
      { pool: 'resident' as const, category: '普通门诊', claims: 5, amount: yuan('472.22') },
      { pool: 'resident' as const, category: '门诊“两病”', claims: 7, amount: yuan('1151.52') },
    ];
    const statement = buildStatement({ ...source, names, clinicBookings: booked }, clinic);
    expect(statement.amounts).toMatchObject([
      { amount: sum(booked.map((each) => each.amount)), capitals: '壹仟陆佰贰拾叁元柒角肆分' },
    ]);
    expect(statement.overview[0]?.rows.at(-1)).toEqual(['合计', '', '12', '1,623.74']);
    expect(statement.heading).toContainEqual(['结算单位', `第1卫生院（${codes[0]}）`]);
    expect(statement.signatures).toEqual([]);
  });
});

describe('the page', () => {
  it('carries page numbers, digest and journal head', () => {
    const statement = buildStatement(source, LEAD);
    const { footer } = pdfDocument(statement, { journal: { seq: '12', hash: 'ab12' } });
    const printed = JSON.stringify(
      typeof footer === 'function' ? footer(2, 9, {} as never) : footer,
    );
    expect(printed).toContain('第 2 页　共 9 页');
    expect(printed).toContain(statement.digest);
    expect(printed).toContain('第 12 条 ab12');
  });
});

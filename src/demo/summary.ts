import type { CoverageReport, CoverageState } from '../audit/coverage-report.js';
import { type Column, tableLines } from '../cli/output.js';
import { digest } from '../kernel/hash.js';
import { fen, toReadableYuan } from '../kernel/money.js';
import { INSTITUTIONS } from './county/institutions.js';
import type { SettlementCheck } from './settlement-checks.repository.js';
import type { DigestRow, FigureRow, QuarantineRow, YearFacts } from './summary.repository.js';
import type { Difference, RuleScore } from './truth/compare.js';

const NAMES = new Map(INSTITUTIONS.map(({ code, name }) => [code, name]));
const nameOf = (code: string): string => NAMES.get(code) ?? code;

const readable = (fenText: string): string => toReadableYuan(fen(BigInt(fenText)));
const sum = (amounts: readonly string[]): string =>
  amounts.reduce((total, amount) => total + BigInt(amount), 0n).toString();

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

const section = <Row>(title: string, rows: readonly Row[], columns: readonly Column<Row>[]) => ({
  title,
  lines: rows.length === 0 ? ['（无）'] : tableLines(rows, columns),
});

/** What of the summary depends on the region. */
export interface SummaryWords {
  /** Title of the months' payments. */
  readonly payments: string;
  /** The command that explains a figure. */
  readonly explain: string;
}

export const SHIPPED_WORDS: SummaryWords = {
  payments: '月度预付（次月拨付，元）',
  explain: 'npx heyi --site config/demo explain',
};

/** The year on a few screens, for a person. */
export function yearSections(facts: YearFacts, words: SummaryWords): readonly Section[] {
  return [
    institutions(facts),
    quarantine(facts.quarantine),
    section('曾经不完整、被拒或重复的读取', facts.batches, [
      { title: '机构', cell: ({ institution }) => nameOf(institution) },
      { title: '文件', cell: ({ unit }) => unit },
      { title: '现在', cell: ({ state }) => BATCH_STATES[state] ?? state },
      { title: '说明', cell: ({ message }) => message },
    ]),
    payments(facts.payments, words),
    ...yearFigures(facts.yearFigures, words),
    section('对账差异（来源 ↔ 网关 ↔ 经办机构）', facts.differences, [
      { title: '类型', cell: ({ kind }) => kind },
      { title: '双方', cell: ({ between }) => between },
      { title: '条数', cell: ({ differences }) => differences, align: 'right' },
      { title: '金额（元）', cell: ({ amountFen }) => readable(amountFen), align: 'right' },
    ]),
    section('报送经办机构的报文', facts.outbox, [
      { title: '状态', cell: ({ state }) => state },
      { title: '报文', cell: ({ messages }) => messages, align: 'right' },
    ]),
  ];
}

const BATCH_STATES: Readonly<Record<string, string>> = {
  complete: '已对平',
  incomplete: '不完整',
  rejected: '被拒',
  duplicate: '重复',
  empty: '无数据',
  reading: '读取中',
};

function institutions({ institutions: rows }: YearFacts): Section {
  const total = {
    institution: '合计',
    claims: rows.reduce((claims, row) => claims + row.claims, 0),
    totalFen: sum(rows.map(({ totalFen }) => totalFen)),
    bookedFen: sum(rows.map(({ bookedFen }) => bookedFen)),
  };
  return section(
    '各机构的结算记录',
    [...rows, total],
    [
      { title: '机构', cell: ({ institution }) => nameOf(institution) },
      { title: '人次', cell: ({ claims }) => claims, align: 'right' },
      { title: '总费用（元）', cell: ({ totalFen }) => readable(totalFen), align: 'right' },
      { title: '记账金额（元）', cell: ({ bookedFen }) => readable(bookedFen), align: 'right' },
    ],
  );
}

function quarantine(rows: readonly QuarantineRow[]): Section {
  return section('隔离区', rows, [
    { title: '原因', cell: ({ rule }) => rule },
    { title: '行数', cell: (row) => row.rows, align: 'right' },
    { title: '金额（元）', cell: ({ amountFen }) => readable(amountFen), align: 'right' },
    { title: '例', cell: ({ message }) => message },
    { title: '办法', cell: ({ remedy }) => remedy },
  ]);
}

function payments(figures: readonly FigureRow[], words: SummaryWords): Section {
  const months = [...new Set(figures.map(({ period }) => period))];
  const value = (period: string, pool: string): string =>
    figures.find((figure) => figure.period === period && figure.pool === pool)?.value ?? '';
  return section(words.payments, months, [
    { title: '月份', cell: (month) => month },
    { title: '职工', cell: (month) => value(month, 'employee'), align: 'right' },
    { title: '居民', cell: (month) => value(month, 'resident'), align: 'right' },
  ]);
}

function yearFigures(figures: readonly FigureRow[], words: SummaryWords): readonly Section[] {
  const keys = [...new Set(figures.map(({ key }) => key))];
  const find = (key: string, pool: string): FigureRow | undefined =>
    figures.find((figure) => figure.key === key && figure.pool === pool);
  const label = (key: string): string => figures.find((figure) => figure.key === key)?.label ?? key;
  const table = section('年度清算', keys, [
    { title: '项目', cell: label },
    { title: '职工', cell: (key) => find(key, 'employee')?.value, align: 'right' },
    { title: '居民', cell: (key) => find(key, 'resident')?.value, align: 'right' },
  ]);
  const final = find('final', 'resident');
  const hint =
    final === undefined ? [] : [`每个数字都可追溯，例如：${words.explain} ${final.figureId}`];
  return [{ ...table, lines: [...table.lines, ...hint] }];
}

/** One digest a kind of result, over the digests of its work in key order. */
export function resultDigests(rows: readonly DigestRow[]): Readonly<Record<string, string>> {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  return Object.fromEntries(
    kinds.map((kind) => {
      const own = rows.filter((row) => row.kind === kind);
      return [kind, digest(own.map((row) => [row.key, row.digest]))];
    }),
  );
}

/** How the audit did against what was planted. */
export function ruleSection(scores: readonly RuleScore[], { findings }: YearFacts): Section {
  const amounts = new Map(findings.map(({ rule, amountFen }) => [rule, amountFen]));
  return section('智能审核：植入的违规与查出的疑点', scores, [
    { title: '规则', cell: ({ rule }) => rule },
    { title: '植入', cell: ({ planted }) => planted, align: 'right' },
    { title: '查出', cell: ({ found }) => found, align: 'right' },
    { title: '漏查', cell: ({ missed }) => missed, align: 'right' },
    { title: '误报', cell: ({ unplanted }) => unplanted, align: 'right' },
    {
      title: '涉及基金（元）',
      cell: ({ rule }) => readable(amounts.get(rule) ?? '0'),
      align: 'right',
    },
  ]);
}

/** Which rules had no data to look at, and what was missing. */
export function coverageSection({ rules, gaps }: CoverageReport): Section {
  const table = section('智能审核：没有数据、未能检查的规则', gaps, [
    { title: '缺什么', cell: ({ words }) => words },
    { title: '次数', cell: ({ times }) => times, align: 'right' },
    { title: '规则', cell: ({ rules: of }) => of.join(' ') },
  ]);
  const count = (state: CoverageState) => rules.filter((rule) => rule.state === state).length;
  const note = `${rules.length} 条规则：${count('unchecked')} 条没有数据可检查，${count('partly')} 条部分未能检查，${count('idle')} 条没有遇到可检查的费用；逐月逐机构见 npx heyi coverage <月份>`;
  return { ...table, lines: [...table.lines, note] };
}

/** What holds in every region. The amounts of a region's own arithmetic are checked clause by clause, by its specs. */
export function checkSection(checks: readonly SettlementCheck[], region: string): Section {
  const table = section('结算自查', checks, [
    { title: '应当成立', cell: ({ label }) => label },
    { title: '核对', cell: ({ looked }) => looked, align: 'right' },
    { title: '不成立', cell: ({ broken }) => broken, align: 'right' },
  ]);
  const note = `记账金额与审核扣款已与生成器的真值相比；${region} 各项金额的算法由该地区的测试逐条核对（src/settlement/regions/${region}*.spec.ts）`;
  return { ...table, lines: [...table.lines, note] };
}

const MOST_DIFFERENCES_SHOWN = 20;

/** Where the books differ from what the generator knows. */
export function truthSection(differences: readonly Difference[]): Section {
  const title = '与生成器的真值比较';
  if (differences.length === 0) {
    return {
      title,
      lines: ['来源行数与金额、落地、隔离、未对照编码、疑点、结算数字、对账差异：全部相等'],
    };
  }
  const rows = differences.slice(0, MOST_DIFFERENCES_SHOWN);
  const table = section(`${title}：${differences.length} 处不同`, rows, [
    { title: '类别', cell: ({ topic }) => topic },
    { title: '对象', cell: ({ key }) => key },
    { title: '应为', cell: ({ expected }) => expected ?? '（无）' },
    { title: '实为', cell: ({ observed }) => observed ?? '（无）' },
  ]);
  const more = differences.length - rows.length;
  return more === 0 ? table : { ...table, lines: [...table.lines, `……另有 ${more} 处`] };
}

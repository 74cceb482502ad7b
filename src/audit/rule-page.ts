import type { NotBuilt } from './not-built.js';
import type { Rule } from './rule.js';
import { CARE_WORDS, LEVEL_WORDS, paramWords } from './rule-param-words.js';
import type { Needs } from './template.js';
import { BASIS_WORDS, CLASS_MEANING, CLASS_WORDS, REGISTER_WORDS, STATUS_WORDS } from './words.js';

/** A rule with what its page needs beside the record. */
export interface PagedRule {
  readonly rule: Rule;
  /** What lies outside the claims that it cannot judge without. */
  readonly needs: Needs;
}

export interface PageSource {
  readonly rules: readonly PagedRule[];
  /** Of documents.yaml. */
  readonly documents: Readonly<
    Record<string, { readonly title: string; readonly number?: string | undefined }>
  >;
  /** Labels of exemptions.yaml. */
  readonly exemptions: ReadonlyMap<string, { readonly label: string }>;
  /** Of not-built.yaml. */
  readonly notBuilt: NotBuilt;
}

const GROUPS: Readonly<Record<string, string>> = {
  ELG: 'ELG 参保、身份与数据',
  CAT: 'CAT 目录限定',
  QTY: 'QTY 数量与频次',
  CHG: 'CHG 收费',
  RX: 'RX 用药',
  INP: 'INP 住院',
  OPD: 'OPD 门诊',
  CMX: 'CMX 病组与编码',
  STA: 'STA 指标',
};

const HEAD = `# 审核规则清单 List of audit rules

本页由 \`npx heyi rules-doc\` 从 \`config/audit/rules/\` 的规则记录生成，不要手工修改。规则怎样写、审核怎样进行见 [audit-rules.md](audit-rules.md)，
一条疑点怎样变成扣款见 [audit.md](audit.md)。This page is generated from the rule records; do not edit it by hand.
`;

/** The page that lists every rule for people: what it means, when it fires, what it deducts, what it does not catch. */
export function rulePage(source: PageSource): string {
  const sections = [...new Set(source.rules.map(groupOf))].map((group) =>
    [
      `## ${GROUPS[group] ?? group}`,
      ...source.rules
        .filter((each) => groupOf(each) === group)
        .map((each) => ruleSection(each, source)),
    ].join('\n\n'),
  );
  const page = [HEAD, overview(source.rules), ...sections, notBuiltSection(source.notBuilt)];
  return `${page.join('\n')}\n`.replaceAll(/\n{3,}/g, '\n\n');
}

/** What nobody looks at here, so that nobody takes silence for a verdict. */
function notBuiltSection(notBuilt: NotBuilt): string {
  const rows = Object.entries(notBuilt).map(
    ([id, { title, titleEn, missing }]) =>
      `| ${id} | ${cell(title)} ${cell(titleEn)} | ${cell(missing)} |`,
  );
  return [
    '',
    '## 未实现的规则',
    '',
    '下列规则因缺少数据没有实现，审核结果不涉及这些情形。Rules that are not built for want of data.',
    '',
    '| 规则 | 名称 | 缺少的数据 |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

function groupOf({ rule }: PagedRule): string {
  return rule.id.split('-')[0] ?? rule.id;
}

function overview(rules: readonly PagedRule[]): string {
  const count = (status: Rule['status']) =>
    rules.filter(({ rule }) => rule.status === status).length;
  const rows = rules.map(
    ({ rule, needs }) =>
      `| [${rule.id}](#${anchor(rule)}) | ${cell(rule.title)} | ${CLASS_WORDS[rule.class]} | ${shortStatus(rule)} | ${cell(needsText(needs)) || '—'} |`,
  );
  return [
    `共 ${rules.length} 条：启用 ${count('ACTIVE')} 条，试运行 ${count('SHADOW')} 条。“需要”一栏是结算数据以外的东西，站点没有它，规则即不适用，并列入覆盖情况报告。`,
    '',
    '| 规则 | 名称 | 类别 | 状态 | 需要 |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function ruleSection({ rule, needs }: PagedRule, source: PageSource): string {
  const { explain } = rule;
  const rows: readonly (readonly [string, string])[] = [
    ['含义', explain.means],
    ['何时触发', explain.fires],
    ['扣款', deductionText(rule)],
    ['不能发现', explain.misses],
    ['类别', `${rule.class} ${CLASS_WORDS[rule.class]}：${CLASS_MEANING[rule.class]}`],
    ['状态', `${STATUS_WORDS[rule.status]}，版本 ${rule.version}`],
    ['适用', scopeText(rule)],
    ['参数', paramsText(rule)],
    ['需要', needsText(needs)],
    ['豁免', rule.exempt.map((name) => source.exemptions.get(name)?.label ?? name).join('、')],
    ['与其他规则', relationsText(rule)],
    ['依据', rule.basis.map((citation) => citedAs(citation, source.documents)).join('；')],
    ['国家规则编码', rule.official ?? ''],
    ['疑点说明', `\`${rule.message.replaceAll('`', '')}\``],
  ];
  return [
    `### ${rule.id} ${rule.title}`,
    '',
    rule.titleEn,
    '',
    '| | |',
    '|---|---|',
    ...rows
      .filter(([, text]) => text !== '')
      .map(([label, text]) => `| ${label} | ${cell(text)} |`),
  ].join('\n');
}

function deductionText({ deduction, class: kind }: Rule): string {
  if (deduction === 'NONE') return BASIS_WORDS.NONE;
  return kind === 'HARD' || kind === 'SUSP'
    ? BASIS_WORDS[deduction]
    : `${BASIS_WORDS.NONE}（涉及金额：${BASIS_WORDS[deduction]}）`;
}

function scopeText({ scenes, pools, facility, effective }: Rule): string {
  const parts = [
    scenes === undefined ? '' : scenes.map((scene) => CARE_WORDS[scene]).join('、'),
    pools === undefined
      ? ''
      : pools.map((pool) => (pool === 'employee' ? '职工' : '居民')).join('、'),
    facility?.levels === undefined
      ? ''
      : facility.levels.map((level) => LEVEL_WORDS[level]).join('、'),
    facility?.institutions === undefined ? '' : `机构 ${facility.institutions.join('、')}`,
    `服务日期 ${effective.from} 起${effective.until === undefined ? '' : `，${effective.until} 前`}`,
  ];
  return parts.filter((part) => part !== '').join('；');
}

function paramsText({ params }: Rule): string {
  return Object.entries(params)
    .map(([name, value]) => paramWords(name, value))
    .join('；');
}

function needsText({ tables = [], registers = [], grouper }: Needs): string {
  return [
    ...tables.map(({ title, name }) => `本地表“${title}”（${name}.csv）`),
    ...registers.map((name) => `登记“${REGISTER_WORDS[name]}”（${name}）`),
    ...(grouper === true ? ['病组分组方案（settings 的 grouping）'] : []),
  ].join('；');
}

function relationsText({ relations }: Rule): string {
  const { subsumes, mutuallyExclusive, supersedes } = relations;
  return [
    subsumes.length === 0 ? '' : `包含 ${subsumes.join('、')}（同时命中时，被包含者作佐证）`,
    mutuallyExclusive.length === 0 ? '' : `与 ${mutuallyExclusive.join('、')} 只取其一`,
    supersedes.length === 0 ? '' : `取代 ${supersedes.join('、')}`,
  ]
    .filter((text) => text !== '')
    .join('；');
}

/** `regulation-735 §38(6)` → 《医疗保障基金使用监督管理条例》§38(6). */
export function citedAs(citation: string, documents: PageSource['documents']): string {
  const [id = '', ...clause] = citation.split(' ');
  const document = documents[id];
  if (document === undefined) return citation;
  const number = document.number === undefined ? '' : `（${document.number}）`;
  return `《${document.title}》${number}${clause.join(' ')}`;
}

function shortStatus({ status }: Rule): string {
  return STATUS_WORDS[status].split('（')[0] ?? status;
}

/** GitHub's anchor of a heading: lower case, punctuation away, spaces to hyphens. */
function anchor({ id, title }: Rule): string {
  return `${id} ${title}`
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

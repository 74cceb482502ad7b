import type { LocalTable } from './local-table.js';
import type { RegisterTable } from './register-tables.js';
import type { PagedRule } from './rule-page.js';

/** `docs/formats/audit-tables.md`: every local table, its columns and the rules that go by it. */
export function tablesPage(
  tables: Iterable<LocalTable<unknown>>,
  rules: readonly PagedRule[],
): string {
  const sections = [...tables]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, title, columns }) => {
      const users = rules.filter(({ needs }) => needs.tables?.some((each) => each.name === name));
      return section(`${name}.csv ${title}`, columns, users);
    });
  return `${TABLES_HEAD}${sections.join('')}`;
}

/** `docs/formats/registers.md`: every register, its columns and the rules that go by it. */
export function registersPage(
  registers: readonly RegisterTable[],
  rules: readonly PagedRule[],
): string {
  const sections = registers.map(({ table: { name, title, columns }, dates }) => {
    const users = rules.filter(({ needs }) => needs.registers?.some((each) => each === name));
    return section(`${name} ${title}`, { ...columns, ...(dates === 'span' ? SPAN : {}) }, users);
  });
  return `${REGISTERS_HEAD}${sections.join('')}`;
}

const SPAN = {
  from: '第一天，YYYY-MM-DD',
  until: '不再有效的第一天；仍然有效的留空，全都有效的可以没有这一列',
};

function section(
  heading: string,
  columns: Readonly<Record<string, string>>,
  users: readonly PagedRule[],
): string {
  const rows = Object.entries(columns).map(([name, words]) => `| \`${name}\` | ${words} |`);
  const named = users.map(({ rule: { id, title } }) => `${id} ${title}`).join('、');
  const needed = named === '' ? '' : `\n没有它就不适用的规则：${named}。\n`;
  return `\n## ${heading}\n\n| 列 | 内容 |\n|---|---|\n${rows.join('\n')}\n${needed}`;
}

const GENERATED =
  '本页由 `npx heyi rules-doc` 生成，不要手工修改。This page is generated; do not edit it by hand.';

const TABLES_HEAD = `# 审核用本地表 Local tables of the audit

${GENERATED}

一张表一个 CSV（UTF-8 或 GBK，第一行为列名），随产品的在 \`config/audit/tables/\`，本地的放在 \`<站点>/audit/\`，同名的合在一起使用。每张表都可以另有 \`from\`、\`until\` 两列：按服务日期，
从 \`from\` 起、到 \`until\` 的前一天有效。有一处写错，启动时按文件、行号列出全部问题，什么都不审核。改表以后重新启动；摘要随之改变，当月整月重审。

One CSV a table, UTF-8 or GBK with the column names in its first row; those of the site add to the shipped ones. Every table may have \`from\` and
\`until\` by service date. Any wrong row is named by file and line, and nothing is audited until it is right.
`;

const REGISTERS_HEAD = `# 审核用登记 Registers of the audit

${GENERATED}

登记是结算以外的事实：谁何时参保、何时死亡、哪位医师被暂停支付资格……没有导入的登记，需要它的规则整条不适用，覆盖情况报告写明。CSV（UTF-8 或 GBK）或 xlsx，第一行为列名，次序不限；日期 \`YYYY-MM-DD\`。

\`\`\`
npx heyi registers import coverage 参保期间.csv --as 张三 --dry-run   # 先检查，看新增、去掉多少行
npx heyi registers import coverage 参保期间.csv --as 张三             # 整份替换，下次审核起使用
npx heyi registers list
npx heyi audit claims.ndjson --registers <文件夹>                     # 不用数据库：文件夹内 coverage.csv、deaths.csv ……
\`\`\`

每次导入整份替换同名登记；有一行不对就整份不导入，按行号列出问题；行数少了一半以上要加 \`--fewer\` 确认，以免误用半份文件。导入写入存证日志；登记变了，当月整月重审。
登记含个人信息：只存在本系统数据库，不进日志，也不导出。

A register is filed as a whole and replaces the one before it. One wrong row and none of it is taken; less than half of the rows held has to be
confirmed. What is not filed makes the rules that need it not applicable, and the coverage report says so.
`;

import { Command, CommandRunner, Option } from 'nest-commander';
import { auditClaims } from '../audit/audit-claims.js';
import { EVERYTHING } from '../audit/audit-person.js';
import { readClaims } from '../audit/claims-file.loader.js';
import { type CompiledAudit, compileAudit } from '../audit/compile.js';
import type { CoverageCount } from '../audit/coverage.js';
import { reasonsText } from '../audit/coverage-report.js';
import type { MutableClaim } from '../audit/facts.js';
import { type Finding, findingJson } from '../audit/finding.js';
import { TABLE_TITLES } from '../audit/local-tables.loader.js';
import { NO_REGISTERS, NOTHING_REGISTERED, type SiteRegisters } from '../audit/registers.js';
import { loadRegisters } from '../audit/registers.loader.js';
import { loadSiteFiles } from '../audit/rules.loader.js';
import { loadLimits } from '../config/limits.loader.js';
import { sum, toReadableYuan } from '../kernel/money.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { requireInput } from './input-file.loader.js';
import { print, printJson, printRows, remark } from './output.js';

interface AuditOptions {
  readonly json?: boolean;
  readonly rules?: readonly string[];
  readonly coverage?: boolean;
  readonly registers?: string;
}

@Command({
  name: 'audit',
  arguments: '[file]',
  argsDescription: { file: 'claims.ndjson，缺省读标准输入 / default: standard input' },
  description:
    '智能审核，不需要数据库；格式见 docs/formats/claims.md / audit claims.ndjson by the rules in config/audit, without a database',
})
export class AuditCommand extends CommandRunner {
  constructor(private readonly shell: CliDatabase) {
    super();
  }

  override async run([file]: string[], options: AuditOptions): Promise<void> {
    requireInput(file, 'heyi audit < claims.ndjson');
    const { registers: limits } = loadLimits(this.shell.site.configDir);
    const { site, ofPerson } =
      options.registers === undefined
        ? { site: NO_REGISTERS, ofPerson: () => NOTHING_REGISTERED }
        : await loadRegisters(options.registers, limits);
    const audit = this.compile(options.rules, site);
    const { claims, problems } = await claimsOf(file ?? null);
    const { findings, coverage, digest } = auditClaims(audit, claims, EVERYTHING, ofPerson);
    if (options.coverage === true) printCoverage(coverage, options.json ?? false);
    else if (options.json === true) for (const finding of findings) printJson(findingJson(finding));
    else printFindings(findings, { claims: claims.length, digest });
    if (claims.length === 0) remark('没有可审核的结算 / no claims to audit');
    if (problems === 0) return;
    remark(`${problems} 行有误，未审核 / ${problems} bad lines`);
    process.exitCode = EXIT.failed;
  }

  private compile(only: readonly string[] | undefined, registers: SiteRegisters): CompiledAudit {
    const { book, knowledge } = loadSiteFiles(this.shell.site);
    const unknown = (only ?? []).filter((id) => !book.rules.some((rule) => rule.id === id));
    if (unknown.length > 0) {
      const known = book.rules.map(({ id }) => id).join(' ');
      throw new UsageError(`没有规则 ${unknown.join('、')}；现有规则：${known}`);
    }
    return compileAudit(book, knowledge, only === undefined ? null : new Set(only), registers);
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }

  @Option({
    flags: '--rules <ids>',
    description: '只用这些规则，逗号分隔 / only these rules, comma-separated',
  })
  rules(ids: string): readonly string[] {
    return ids.split(',').map((id) => id.trim());
  }

  @Option({
    flags: '--registers <folder>',
    description:
      '登记所在文件夹，格式见 docs/formats/registers.md / folder of registers: coverage.csv, deaths.csv …',
  })
  registers(folder: string): string {
    return folder;
  }

  @Option({
    flags: '--coverage',
    description: '改为输出覆盖情况 / print what each rule examined and skipped instead',
  })
  coverage(): boolean {
    return true;
  }
}

async function claimsOf(
  file: string | null,
): Promise<{ claims: MutableClaim[]; problems: number }> {
  const claims: MutableClaim[] = [];
  let problems = 0;
  for await (const outcome of readClaims(file)) {
    if ('claim' in outcome) {
      claims.push(outcome.claim);
      continue;
    }
    problems += 1;
    remark(`第 ${outcome.line} 行 line ${outcome.line}：${outcome.problems.join('；')}`);
  }
  return { claims, problems };
}

function printFindings(
  findings: readonly Finding[],
  { claims, digest }: { readonly claims: number; readonly digest: string },
): void {
  printRows(findings, [
    { title: '规则', cell: ({ rule }) => rule.id },
    { title: '类别', cell: (finding) => finding.class },
    { title: '主次', cell: ({ role }) => (role === 'primary' ? '主' : '佐证') },
    { title: '金额（元）', cell: ({ amountFen }) => toReadableYuan(amountFen), align: 'right' },
    { title: '机构', cell: (finding) => finding.claims[0]?.claim.institution },
    { title: '结算号', cell: (finding) => finding.claims[0]?.claim.claimNo },
    { title: '说明', cell: ({ message }) => message },
  ]);
  const total = sum(findings.map(({ amountFen }) => amountFen));
  print();
  print(`${claims} 笔结算，${findings.length} 条疑点，涉及基金 ${toReadableYuan(total)} 元`);
  print(`结果摘要 ${digest}`);
}

function printCoverage(coverage: readonly CoverageCount[], json: boolean): void {
  const rows = coverage.map(({ notApplicable, ...counts }) => ({
    ...counts,
    notApplicable: Object.fromEntries([...notApplicable].sort()),
  }));
  printRows(
    rows,
    [
      { title: '月份', cell: ({ month }) => month },
      { title: '规则', cell: ({ ruleId }) => ruleId },
      { title: '机构', cell: ({ institution }) => institution },
      { title: '检查', cell: ({ examined }) => examined, align: 'right' },
      { title: '疑点', cell: ({ hits }) => hits, align: 'right' },
      { title: '豁免', cell: ({ exempted }) => exempted, align: 'right' },
      { title: '低于最低金额', cell: ({ belowMinimum }) => belowMinimum, align: 'right' },
      {
        title: '不适用',
        cell: ({ notApplicable }) => reasonsText(notApplicable, TABLE_TITLES),
      },
    ],
    { json },
  );
}

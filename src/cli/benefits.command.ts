import { join } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { isIsoDate } from '../kernel/dates.js';
import { toReadableYuan, toYuan } from '../kernel/money.js';
import { PolicyGapError } from '../policy/errors.js';
import type { PolicyAt } from '../policy/policy.js';
import { loadOverlay, loadRegion } from '../policy/policy.loader.js';
import { policyAt } from '../policy/resolve.js';
import { readBenefitClaims, readReferrals } from '../settlement/benefits/benefit-files.loader.js';
import type { BenefitFinding } from '../settlement/benefits/benefit-finding.js';
import { drugAlignment } from '../settlement/benefits/drug-alignment.js';
import { RATE_NEEDS, rateCheck } from '../settlement/benefits/level-rates.js';
import {
  DEDUCTIBLE_NEEDS,
  deductibleFindings,
} from '../settlement/benefits/referral-deductible.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { requireInput } from './input-file.loader.js';
import { type Column, print, printJson, printRows } from './output.js';

interface BenefitOptions {
  readonly policy: string;
  readonly referrals?: string;
  readonly overlay?: readonly string[];
  readonly on?: string;
  readonly json?: boolean;
}

const COLUMNS: readonly Column<BenefitFinding>[] = [
  { title: '登记', cell: ({ row }) => row },
  { title: '结算', cell: ({ claims }) => claims.join('、') },
  { title: '核对', cell: ({ what }) => what },
  { title: '应为', cell: ({ expected }) => toReadableYuan(expected), align: 'right' },
  { title: '实为', cell: ({ found }) => toReadableYuan(found), align: 'right' },
  { title: '条款', cell: ({ clause }) => clause },
];
/** Drugs listed for people; all of them with `--json`. */
const MOST_DRUGS = 20;

@Command({
  name: 'benefits',
  arguments: '<claims>',
  argsDescription: { claims: 'claims.ndjson，格式见 docs/formats/claims.md' },
  description:
    '核对待遇：转诊起付线、按机构等级报销、县乡村用药衔接，不需要数据库 / check deductibles, rates by level and drug lists',
})
export class BenefitsCommand extends CommandRunner {
  constructor(private readonly shell: CliDatabase) {
    super();
  }

  override async run([file]: string[], options: BenefitOptions): Promise<void> {
    requireInput(file, 'heyi benefits claims.ndjson --policy jilin');
    const { referrals, json = false } = options;
    const policy = this.policyOf(options);
    needed(policy, referrals === undefined ? RATE_NEEDS : [...RATE_NEEDS, ...DEDUCTIBLE_NEEDS]);
    const claims = await readBenefitClaims(file ?? '');
    const rates = rateCheck(claims, policy);
    const chains =
      referrals === undefined ? [] : deductibleFindings(claims, readReferrals(referrals), policy);
    const findings = [...chains, ...rates.findings];
    const drugs = drugAlignment(claims);
    if (json) for (const finding of findings) printJson(findingJson(finding));
    else printRows(findings, COLUMNS, { empty: '没有差异' });
    const { checked, unrated } = rates;
    const { county, aligned, missing } = drugs;
    if (json) printJson({ checked, unrated, county, aligned, missing: missing.map(drugJson) });
    else printSummary(rates, drugs);
    if (findings.length > 0) process.exitCode = EXIT.failed;
  }

  private policyOf({ policy: region, overlay = [], on }: BenefitOptions): PolicyAt {
    const chain = loadRegion(join(this.shell.site.configDir, 'policies'), region);
    const overlays = overlay.map((path) => loadOverlay(path, chain));
    return policyAt(chain, on ?? chain[0].effective.from, overlays);
  }

  @Option({ flags: '--policy <region>', required: true, description: '地区，例如 jilin / region' })
  policy(region: string): string {
    return region;
  }

  @Option({
    flags: '--referrals <file>',
    description: '转诊单 CSV（person_id,from,to,on）；没有则不核对起付线 / referrals',
  })
  referrals(path: string): string {
    return path;
  }

  @Option({
    flags: '--overlay <file>',
    description: '本地补充文件，可写多次，后者优先 / policy overlay, repeatable',
  })
  overlay(path: string, before: readonly string[] = []): readonly string[] {
    return [...before, path];
  }

  @Option({
    flags: '--on <date>',
    description: '哪一天的政策，缺省方案施行日 / policy of which day',
  })
  on(date: string): string {
    if (!isIsoDate(date)) throw new UsageError(`日期应写 YYYY-MM-DD：${date}`);
    return date;
  }

  @Option({ flags: '--json', description: '每项一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

/** @throws PolicyGapError with every parameter that is open */
function needed(policy: PolicyAt, ids: readonly string[]): void {
  const gaps = ids.map((id) => policy.gapOf(id)).filter((gap) => gap !== null);
  if (gaps.length > 0) throw new PolicyGapError(policy.region, policy.on, gaps);
}

function findingJson({ expected, found, ...rest }: BenefitFinding) {
  return { ...rest, expected: toYuan(expected), found: toYuan(found) };
}

type Drug = ReturnType<typeof drugAlignment>['missing'][number];

function drugJson({ amount, ...rest }: Drug) {
  return { ...rest, amount: toYuan(amount) };
}

function printSummary(
  { checked, unrated }: ReturnType<typeof rateCheck>,
  { county, aligned, missing }: ReturnType<typeof drugAlignment>,
): void {
  print(`按等级报销核对 ${checked} 笔，比例表没有对应行的 ${unrated} 笔`);
  print(`县级门诊用药 ${county} 种，基层也有的 ${aligned} 种，基层没有的 ${missing.length} 种`);
  if (missing.length === 0) return;
  printRows(missing.slice(0, MOST_DRUGS), [
    { title: '药品', cell: ({ code }) => code },
    { title: '名称', cell: ({ name }) => name },
    { title: '县级金额', cell: ({ amount }) => toReadableYuan(amount), align: 'right' },
  ]);
}

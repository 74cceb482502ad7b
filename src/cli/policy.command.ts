import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { isIsoDate } from '../kernel/dates.js';
import type { CoverageEntry } from '../policy/coverage-schema.js';
import { UnknownRegionError } from '../policy/errors.js';
import { loadCoverage, loadOverlays, loadRegion } from '../policy/policy.loader.js';
import type { OverlayRecord } from '../policy/policy-schema.js';
import { policyAt, type RegionChain } from '../policy/resolve.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { printGaps } from './figures-table.js';
import { type Column, print, printRows, remark } from './output.js';

const STATES: Readonly<Record<CoverageEntry['state'], string>> = {
  implemented: '已实现',
  planned: '计划中',
  'not computable': '不可计算',
};

type CoverageRow = CoverageEntry & { readonly region: string; readonly id: string };

const COVERAGE_COLUMNS: readonly Column<CoverageRow>[] = [
  { title: '编号', cell: ({ id }) => id },
  { title: '条款', cell: ({ clause }) => clause },
  { title: '要求', cell: ({ duty }) => duty },
  { title: '状态', cell: ({ state }) => STATES[state] },
  { title: '文件或原因', cell: ({ file, reason }) => file ?? reason },
];

@SubCommand({
  name: 'coverage',
  arguments: '[region]',
  argsDescription: { region: '地区，缺省全部 / default: all' },
  description: '政策条款逐条的实现状态 / what of each document is carried out',
})
export class PolicyCoverageCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override run([region]: string[], { json = false }: { json?: boolean }): Promise<void> {
    const coverage = loadCoverage(join(this.database.site.configDir, 'policies'));
    if (region !== undefined && !Object.hasOwn(coverage, region))
      throw new UnknownRegionError(`条款登记中没有地区“${region}”`, { region });
    const rows = Object.entries(coverage)
      .filter(([name]) => region === undefined || name === region)
      .flatMap(([name, entries]) =>
        Object.entries(entries).map(([id, entry]) => ({ region: name, id, ...entry })),
      );
    printRows(rows, COVERAGE_COLUMNS, { json });
    const done = rows.filter(({ state }) => state === 'implemented').length;
    if (!json) print(`共 ${rows.length} 条，已实现 ${done} 条`);
    return Promise.resolve();
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a clause' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'gaps',
  arguments: '<region>',
  argsDescription: { region: '地区，例如 sanya / region' },
  description:
    '政策未规定、本站点也未补充的参数 / parameters that neither text nor site overlays give',
})
export class PolicyGapsCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override run(
    [region = '']: string[],
    { on, json = false }: { on?: string; json?: boolean },
  ): Promise<void> {
    const chain = loadRegion(join(this.database.site.configDir, 'policies'), region);
    const day = on ?? chain[0].effective.from;
    if (Object.keys(chain[0].plans).length === 0)
      remark(`地区 ${region} 还没有结算步骤，只登记了别的地区要用的参数 / no plans of its own yet`);
    printGaps(policyAt(chain, day, this.siteOverlays(chain)).gaps, json);
    return Promise.resolve();
  }

  /** The chosen site's overlays, when it belongs to that region. */
  private siteOverlays(chain: RegionChain): readonly OverlayRecord[] {
    const { siteDir } = this.database.site;
    if (!existsSync(join(siteDir, 'consortium.yaml'))) return [];
    if (loadSettlementUnits(siteDir).region !== chain[0].region) return [];
    return loadOverlays(join(siteDir, 'overlays'), chain);
  }

  @Option({
    flags: '--on <date>',
    description: '哪一天的政策，缺省方案施行日 / policy of which day; default: its first',
  })
  on(date: string): string {
    if (!isIsoDate(date)) throw new UsageError(`日期应写 YYYY-MM-DD：${date}`);
    return date;
  }

  @Option({ flags: '--json', description: '每项一个 JSON 对象 / one JSON object a gap' })
  json(): boolean {
    return true;
  }
}

@Command({
  name: 'policy',
  description: '政策条款与参数 / policy clauses and parameters',
  subCommands: [PolicyCoverageCommand, PolicyGapsCommand],
})
export class PolicyCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 coverage 或 gaps，例如 heyi policy gaps sanya');
  }
}

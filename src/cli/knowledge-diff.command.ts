import { CommandRunner, Option, SubCommand } from 'nest-commander';
import type { Replayed } from '../audit/replay/replay.service.js';
import { rulesBySet } from '../audit/replay/rule-sets.js';
import { loadSiteFiles } from '../audit/rules.loader.js';
import type { Month } from '../kernel/period.js';
import { compareReleases, type SetChange } from '../knowledge/compare-releases.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { loadSettlementUnits } from '../records/records.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { monthRange } from './month-range.js';
import { print, printJson, printRows, remark } from './output.js';
import { replayJson, showReplay } from './replay-view.js';

interface DiffOptions {
  readonly months?: readonly Month[];
  readonly details?: boolean;
  readonly json?: boolean;
}

type Affected = SetChange & { readonly rules: readonly string[] };

@SubCommand({
  name: 'diff',
  arguments: '<folder>',
  argsDescription: {
    folder:
      '候选版本所在目录（heyi knowledge import --into 写出）/ folder of the candidate release',
  },
  description:
    '新版本改变什么：知识点集、规则、项目；给出月份时再算金额，均不启用 / what a new release changes, before it is activated',
})
export class KnowledgeDiffCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([folder = '']: string[], options: DiffOptions): Promise<void> {
    const [now, candidate] = [loadKnowledgeBase(), loadKnowledgeBase(folder)];
    const rules = rulesBySet(loadSiteFiles(this.database.site).book, now);
    const changes = compareReleases(now.points(), candidate.points()).map(
      (change): Affected => ({ ...change, rules: rules.get(change.set) ?? [] }),
    );
    const replayed =
      options.months === undefined ? null : await this.replay(folder, options.months);
    if (options.json === true)
      printJson({
        ...{ from: now.release, to: candidate.release, changes },
        replay: replayed === null ? null : replayJson(replayed),
      });
    else show({ from: now.release, to: candidate.release, changes }, { ...options, replayed });
  }

  @Option({
    flags: '--months <months>',
    description: '在这些月份的结算上试算金额 / what it comes to on the claims of these months',
  })
  months(text: string): readonly Month[] {
    return monthRange(text);
  }

  @Option({ flags: '--details', description: '逐个列出项目 / list every item' })
  details(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: '输出一个 JSON 对象 / one JSON object' })
  json(): boolean {
    return true;
  }

  private async replay(folder: string, months: readonly Month[]): Promise<Replayed> {
    const { consortium } = loadSettlementUnits(this.database.site.siteDir);
    const { AuditModule } = await import('../audit/audit.module.js');
    const { ReplayService } = await import('../audit/replay/replay.service.js');
    return this.database.withModules([AuditModule], (app) =>
      app
        .get(ReplayService)
        .replay({ consortium, months, candidate: { what: folder }, progress: remark }),
    );
  }
}

function show(
  {
    from,
    to,
    changes,
  }: { readonly from: string; readonly to: string; readonly changes: readonly Affected[] },
  { details, replayed }: DiffOptions & { readonly replayed: Replayed | null },
): void {
  printRows(
    changes,
    [
      { title: '知识点集', cell: ({ set }) => set },
      { title: '新增项目', cell: ({ added }) => added.length, align: 'right' },
      { title: '取消项目', cell: ({ removed }) => removed.length, align: 'right' },
      { title: '限定变化', cell: ({ changed }) => changed.length, align: 'right' },
      { title: '涉及规则', cell: (change) => change.rules.join(' ') },
    ],
    { json: false, empty: '知识点没有变化 / nothing changes' },
  );
  if (details === true) for (const change of changes) showItems(change);
  print(`现行 ${from}`);
  print(`候选 ${to}`);
  if (replayed === null) return;
  print();
  showReplay(replayed, details === true);
}

function showItems({ set, added, removed, changed }: SetChange): void {
  print();
  for (const { code, name, limit } of added) print(`${set} 新增 ${code} ${name}：${limit}`);
  for (const { code, name, limit } of removed) print(`${set} 取消 ${code} ${name}：${limit}`);
  for (const { code, name, before, after } of changed)
    print(`${set} 变化 ${code} ${name}：${before} → ${after}`);
}

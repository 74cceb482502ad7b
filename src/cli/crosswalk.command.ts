import { writeFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { CODE_KINDS, type CodeKind } from '../catalogue/catalogue.repository.js';
import { CROSSWALK_SHEET } from '../catalogue/crosswalk-export.js';
import { KIND_NAMES } from '../catalogue/crosswalk-sheet.js';
import type { SuggestedCode } from '../catalogue/suggestion.service.js';
import { loadLimits } from '../config/limits.loader.js';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { fen, toReadableYuan, toYuan } from '../kernel/money.js';
import { csvText } from '../tables/spreadsheet.js';
import { CliDatabase } from './cli-database.service.js';
import {
  CrosswalkApproveCommand,
  CrosswalkImportCommand,
  CrosswalkImportsCommand,
  CrosswalkNamesCommand,
  CrosswalkRejectCommand,
} from './crosswalk-import.command.js';
import { UsageError } from './exit-code.js';
import { type Column, print, printJson, printRows } from './output.js';
import { wholeNumber } from './quarantine-filter.command.js';

/** What the crosswalk's subcommands share. */
@Injectable()
abstract class OnCrosswalk extends CommandRunner {
  constructor(protected readonly database: CliDatabase) {
    super();
  }

  protected async suggestions() {
    const { CatalogueModule } = await import('../catalogue/catalogue.module.js');
    const { SuggestionService } = await import('../catalogue/suggestion.service.js');
    return <R>(work: (service: InstanceType<typeof SuggestionService>) => Promise<R>): Promise<R> =>
      this.database.withModules([CatalogueModule], (app) => work(app.get(SuggestionService)));
  }

  protected request(institution: string) {
    const { consortium, members } = loadConsortium(this.database.site.siteDir, null);
    if (!members.some((member) => member.institution === institution)) {
      throw new UsageError(`机构 ${institution} 不在 consortium.yaml 的成员中`);
    }
    return { consortium, institutions: 'all', institution } as const;
  }

  @Option({ flags: '--kind <kind>', description: 'item diagnosis procedure' })
  kind(name: string): CodeKind {
    return codeKind(name);
  }
}

@SubCommand({
  name: 'export',
  arguments: '<institution> <file>',
  argsDescription: { institution: '机构编号 / institution', file: '.xlsx 或 .csv' },
  description:
    '导出对照表，待对照的附建议；填好国家编码后用 import 导入 / the crosswalk as a sheet to fill in',
})
export class CrosswalkExportCommand extends OnCrosswalk {
  override async run(
    [institution = '', file = '']: string[],
    { unmapped = false, kind }: { unmapped?: boolean; kind?: CodeKind },
  ): Promise<void> {
    if (!/\.(xlsx|csv)$/i.test(file)) throw new UsageError('导出文件应以 .xlsx 或 .csv 结尾');
    const { workbookBytes } = await import('../tables/workbook.client.js');
    const { suggestedCodes: limit } = loadLimits(this.database.site.configDir).sheets;
    const request = { ...this.request(institution), kind, unmapped, limit };
    const use = await this.suggestions();
    const rows = await use((service) => service.exported(request));
    const content = /\.csv$/i.test(file)
      ? csvText(CROSSWALK_SHEET, rows)
      : await workbookBytes('对照', CROSSWALK_SHEET, rows);
    writeFileSync(file, content);
    const waiting = rows.filter(({ nationalCode }) => nationalCode === null).length;
    print(`已导出 ${rows.length} 行到 ${file}，其中待对照 ${waiting} 行`);
  }

  @Option({
    flags: '--unmapped',
    description: '只导出待对照的 / only what waits for a national code',
  })
  unmapped(): boolean {
    return true;
  }
}

const DEFAULT_CODES = 50;

@SubCommand({
  name: 'suggest',
  arguments: '<institution>',
  argsDescription: { institution: '机构编号 / institution' },
  description: '待对照编码及候选国家编码和理由，金额大的在前 / candidates and why, by money',
})
export class CrosswalkSuggestCommand extends OnCrosswalk {
  override async run(
    [institution = '']: string[],
    options: { kind?: CodeKind; limit?: number; json?: boolean },
  ): Promise<void> {
    const { kind, limit = DEFAULT_CODES, json = false } = options;
    const request = { ...this.request(institution), kind, limit };
    const use = await this.suggestions();
    const codes = await use((service) => service.suggest(request));
    if (json) {
      for (const { amountFen, ...code } of codes)
        printJson({ ...code, amount: toYuan(fen(BigInt(amountFen))) });
      return;
    }
    printRows(codes.flatMap(linesOf), LINES, { empty: '没有待对照的编码' });
  }

  @Option({ flags: '--limit <codes>', description: `编码个数，缺省 ${DEFAULT_CODES} / codes` })
  limit(text: string): number {
    return wholeNumber(text, '个数');
  }

  @Option({ flags: '--json', description: '每个编码一个 JSON 对象 / one JSON object a code' })
  json(): boolean {
    return true;
  }
}

@Command({
  name: 'crosswalk',
  description: '编码对照：本地 → 国家 / local codes to national ones',
  subCommands: [
    CrosswalkExportCommand,
    CrosswalkImportCommand,
    CrosswalkImportsCommand,
    CrosswalkApproveCommand,
    CrosswalkRejectCommand,
    CrosswalkSuggestCommand,
    CrosswalkNamesCommand,
  ],
})
export class CrosswalkCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 export、import、imports、approve、reject、suggest 或 names');
  }
}

function codeKind(name: string): CodeKind {
  const known = CODE_KINDS.find((kind) => kind === name || KIND_NAMES[kind] === name);
  if (known === undefined) throw new UsageError(`没有类别 ${name}；可用：${CODE_KINDS.join(' ')}`);
  return known;
}

type Line = Readonly<
  Record<
    'kind' | 'local' | 'name' | 'amount' | 'national' | 'nationalName' | 'score' | 'reasons',
    string
  >
>;

/** A line for each candidate; the code itself only on the first. */
function linesOf({ kind, localCode, name, amountFen, suggestions }: SuggestedCode): Line[] {
  const first = {
    kind: KIND_NAMES[kind],
    local: localCode,
    name,
    amount: toReadableYuan(fen(BigInt(amountFen))),
  };
  const blank = { kind: '', local: '', name: '', amount: '' };
  const none = { national: '', nationalName: '', score: '', reasons: '没有候选' };
  if (suggestions.length === 0) return [{ ...first, ...none }];
  return suggestions.map(({ nationalCode, nationalName, score, reasons }, index) => ({
    ...(index === 0 ? first : blank),
    ...{ national: nationalCode, nationalName, score, reasons: reasons.join('；') },
  }));
}

const LINES: readonly Column<Line>[] = [
  { title: '类别', cell: ({ kind }) => kind },
  { title: '本地编码', cell: ({ local }) => local },
  { title: '本地名称', cell: ({ name }) => name },
  { title: '涉及金额（元）', cell: ({ amount }) => amount, align: 'right' },
  { title: '候选', cell: ({ national }) => national },
  { title: '国家名称', cell: ({ nationalName }) => nationalName },
  { title: '相似', cell: ({ score }) => score },
  { title: '理由', cell: ({ reasons }) => reasons },
];

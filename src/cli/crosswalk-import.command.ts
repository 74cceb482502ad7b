import { basename } from 'node:path';
import { Injectable } from '@nestjs/common';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import { CODE_KINDS, type CodeKind } from '../catalogue/catalogue.repository.js';
import type { CrosswalkService } from '../catalogue/crosswalk.service.js';
import { KIND_NAMES } from '../catalogue/crosswalk-sheet.js';
import { CrosswalkSheetError } from '../catalogue/errors.js';
import { parseNameSheet } from '../catalogue/name-sheet.js';
import { loadLimits } from '../config/limits.loader.js';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { fen, toReadableYuan, toYuan } from '../kernel/money.js';
import type { SheetRow } from '../tables/spreadsheet.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { requireInput } from './input-file.loader.js';
import { print, printJson, printRows, remark } from './output.js';

/** What the commands share that change the crosswalk. */
@Injectable()
abstract class ChangingCrosswalk extends CommandRunner {
  constructor(protected readonly database: CliDatabase) {
    super();
  }

  protected get consortium(): string {
    return loadConsortium(this.database.site.siteDir, null).consortium;
  }

  /** @throws UsageError when it is no member */
  protected member(institution: string) {
    const { consortium, members } = loadConsortium(this.database.site.siteDir, null);
    if (members.some((member) => member.institution === institution)) {
      return { consortium, institutions: 'all', institution } as const;
    }
    throw new UsageError(`机构 ${institution} 不在 consortium.yaml 的成员中`);
  }

  protected async work<R>(task: (service: CrosswalkService) => Promise<R>): Promise<R> {
    const { CatalogueModule } = await import('../catalogue/catalogue.module.js');
    const { CrosswalkService: service } = await import('../catalogue/crosswalk.service.js');
    return this.database.withModules([CatalogueModule], (app) => task(app.get(service)));
  }

  protected async sheet(file: string): Promise<readonly SheetRow[]> {
    requireInput(file, '');
    if (!/\.(xlsx|csv)$/i.test(file)) throw new UsageError('导入文件应以 .xlsx 或 .csv 结尾');
    const { readSheetFile } = await import('../tables/sheet-file.loader.js');
    return readSheetFile(file, loadLimits(this.database.site.configDir).sheets);
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'import',
  arguments: '<institution> <file>',
  argsDescription: { institution: '机构编号 / institution', file: '.xlsx 或 .csv' },
  description: '提出对照，由另一人复核后生效 / propose what a sheet says',
})
export class CrosswalkImportCommand extends ChangingCrosswalk {
  override async run(
    [institution = '', file = '']: string[],
    { as: by, dryRun = false, json = false }: { as: string; dryRun?: boolean; json?: boolean },
  ): Promise<void> {
    const member = this.member(institution);
    const rows = await this.sheet(file);
    const request = { ...member, rows, sourceName: basename(file), by, dryRun };
    const result = await this.work((service) => service.import(request));
    if (json) {
      printJson(result);
      return;
    }
    printRows(result.changes, [
      { title: '行', cell: ({ sheetRow }) => sheetRow, align: 'right' },
      { title: '类别', cell: ({ kind }) => KIND_NAMES[kind] },
      { title: '本地编码', cell: ({ localCode }) => localCode },
      { title: '国家编码', cell: ({ nationalCode }) => nationalCode },
      { title: '起始日', cell: ({ validFrom }) => validFrom },
      { title: '终止日', cell: ({ validTo }) => validTo },
      {
        title: '原为',
        cell: ({ before }) =>
          before === null ? '' : `${before.nationalCode} 至 ${before.validTo ?? '今'}`,
      },
    ]);
    if (result.unmet.length > 0)
      remark(`从未出现过的本地编码，请核对：${result.unmet.slice(0, 20).join('、')}`);
    print(
      `新增或变更 ${result.changes.length} 条，未变 ${result.unchanged} 条，未填国家编码 ${result.blank} 行`,
    );
    if (result.importId !== null)
      print(`已提出，待另一人复核：heyi crosswalk approve ${result.importId} --as <复核人>`);
  }

  @Option({ flags: '--as <user>', required: true, description: '经办人 / who proposes' })
  as(user: string): string {
    return user;
  }

  @Option({ flags: '--dry-run', description: '只检查，不提出 / check only' })
  dryRun(): boolean {
    return true;
  }
}

@SubCommand({ name: 'imports', description: '导入记录及其状态 / imports and what became of them' })
export class CrosswalkImportsCommand extends ChangingCrosswalk {
  override async run(_: string[], { json = false }: { json?: boolean }): Promise<void> {
    const { consortium } = this;
    const imports = await this.work((service) =>
      service.imports({ consortium, institutions: 'all' }),
    );
    printRows(
      imports,
      [
        { title: '编号', cell: ({ importId }) => importId, align: 'right' },
        { title: '状态', cell: ({ state }) => STATES[state] },
        { title: '机构', cell: ({ institution }) => institution },
        { title: '文件', cell: ({ sourceName }) => sourceName },
        { title: '条数', cell: ({ changes }) => changes, align: 'right' },
        { title: '提出', cell: ({ proposedBy, proposedAt }) => `${proposedBy} ${proposedAt}` },
        { title: '复核', cell: ({ decidedBy }) => decidedBy },
        { title: '重新对照行数', cell: ({ recodedRows }) => recodedRows, align: 'right' },
        { title: '已关账未动', cell: ({ closedRows }) => closedRows, align: 'right' },
      ],
      { json },
    );
  }
}

const STATES = { proposed: '待复核', approved: '已同意', rejected: '已退回' } as const;

@SubCommand({
  name: 'approve',
  arguments: '<import>',
  argsDescription: { import: '导入编号 / number of the import' },
  description: '复核同意：对照生效，开放月份的已落地行重新对照 / approve an import',
})
export class CrosswalkApproveCommand extends ChangingCrosswalk {
  override async run(
    [importId = '']: string[],
    { as: by, json = false }: { as: string; json?: boolean },
  ): Promise<void> {
    const request = {
      consortium: this.consortium,
      institutions: 'all',
      importId: importNumber(importId),
      by,
    } as const;
    const { recodedFen, ...result } = await this.work((service) => service.approve(request));
    const amount = fen(recodedFen);
    if (json) {
      printJson({ ...result, recodedAmount: toYuan(amount) });
      return;
    }
    print(`已同意 ${result.changes} 条对照`);
    print(
      `开放月份重新对照 ${result.recodedRows} 行，涉及 ${toReadableYuan(amount)} 元；这些人员将在下次审核时重审`,
    );
    if (result.closedRows > 0)
      print(`已关账月份有 ${result.closedRows} 行保持结算时的编码，未改动`);
  }

  @Option({ flags: '--as <user>', required: true, description: '复核人 / who approves' })
  as(user: string): string {
    return user;
  }
}

@SubCommand({
  name: 'reject',
  arguments: '<import>',
  argsDescription: { import: '导入编号 / number of the import' },
  description: '复核退回 / turn an import down',
})
export class CrosswalkRejectCommand extends ChangingCrosswalk {
  override async run(
    [importId = '']: string[],
    { as: by, reason }: { as: string; reason: string },
  ): Promise<void> {
    const request = {
      consortium: this.consortium,
      institutions: 'all',
      importId: importNumber(importId),
      by,
      reason,
    } as const;
    await this.work((service) => service.reject(request));
    print(`已退回 ${importId}`);
  }

  @Option({ flags: '--as <user>', required: true, description: '复核人 / who decides' })
  as(user: string): string {
    return user;
  }

  @Option({ flags: '--reason <text>', required: true, description: '理由 / why' })
  reason(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'names',
  arguments: '<institution> <file>',
  argsDescription: {
    institution: '机构编号 / institution',
    file: '编码、名称（、单价）的 .xlsx 或 .csv',
  },
  description: '登记机构自己的编码名称，供对照建议使用 / names of local codes, for suggestions',
})
export class CrosswalkNamesCommand extends ChangingCrosswalk {
  override async run(
    [institution = '', file = '']: string[],
    { kind, json = false }: { kind: CodeKind; json?: boolean },
  ): Promise<void> {
    const member = this.member(institution);
    const { codes, problems } = parseNameSheet(await this.sheet(file), kind);
    if (problems.length > 0) throw new CrosswalkSheetError(problems);
    const { CatalogueModule } = await import('../catalogue/catalogue.module.js');
    const { SuggestionService } = await import('../catalogue/suggestion.service.js');
    const saved = await this.database.withModules([CatalogueModule], (app) =>
      app.get(SuggestionService).nameCodes({ ...member, codes }),
    );
    if (json) printJson({ institution, kind, saved });
    else print(`已登记 ${saved} 个${KIND_NAMES[kind]}编码的名称`);
  }

  @Option({ flags: '--kind <kind>', required: true, description: CODE_KINDS.join(' ') })
  kind(name: string): CodeKind {
    const known = CODE_KINDS.find((each) => each === name);
    if (known === undefined)
      throw new UsageError(`没有类别 ${name}；可用：${CODE_KINDS.join(' ')}`);
    return known;
  }
}

function importNumber(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new UsageError(`不是编号：${text}`);
  return text;
}

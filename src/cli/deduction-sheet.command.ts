import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, CommandRunner, Option } from 'nest-commander';
import { toReadableYuan, toYuan, ZERO_FEN } from '../kernel/money.js';
import { isMonth } from '../kernel/period.js';
import type { DeductionSheet } from '../statements/deduction-sheet.js';
import type { StatementFormat } from '../statements/printed.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printJson } from './output.js';
import { statementFormat } from './statement-choice.js';

interface SheetOptions {
  readonly for?: string;
  readonly format?: StatementFormat;
  readonly out?: string;
  readonly json?: boolean;
}

@Command({
  name: 'deduction-sheet',
  arguments: '<month>',
  argsDescription: { month: '扣款月份，例如 2024-03 / month the deductions are booked in' },
  description: '智能审核扣款表，PDF 或 xlsx / what smart audit takes from each member in a month',
})
export class DeductionSheetCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run([month = '']: string[], options: SheetOptions): Promise<void> {
    if (!isMonth(month)) throw new UsageError(`不是月份：${month}（写作 2024-03）`);
    const { format = 'pdf', out = '.', json = false, for: whose } = options;
    const { StatementsModule } = await import('../statements/statements.module.js');
    const { DeductionSheetService } = await import('../statements/deduction-sheet.service.js');
    await this.database.withModules([StatementsModule], async (app) => {
      const service = app.get(DeductionSheetService);
      await mkdir(out, { recursive: true });
      const parties = service.parties().filter(({ role }) => role !== 'clinic');
      for (const code of whose === undefined ? parties.map((party) => party.code) : [whose]) {
        const { bytes, name, sheet } = await service.print({ month, for: code }, format);
        const path = resolve(join(out, name));
        await writeFile(path, bytes);
        report(sheet, path, json);
      }
    });
  }

  @Option({
    flags: '--for <party>',
    description: 'agency、lead 或机构代码，缺省全部结算单位 / default: all but the clinics',
  })
  for(code: string): string {
    return code;
  }

  @Option({
    flags: '--format <format>',
    description:
      'pdf（缺省）或 xlsx（另有各阶段金额）/ pdf (default) or xlsx, with every stage’s amount',
  })
  format(text: string): StatementFormat {
    return statementFormat(text);
  }

  @Option({ flags: '--out <folder>', description: '写到哪个目录，缺省当前 / folder, default here' })
  out(folder: string): string {
    return folder;
  }

  @Option({ flags: '--json', description: '每份一个 JSON 对象 / one JSON object a sheet' })
  json(): boolean {
    return true;
  }
}

function report(
  { party, byPool, rows, digest }: DeductionSheet,
  path: string,
  json: boolean,
): void {
  const net = byPool.at(-1)?.net ?? ZERO_FEN;
  if (json) printJson({ path, party, rows: rows.length, net: toYuan(net), digest });
  else
    print(
      `${party.name}（${party.code}）：${rows.length} 行，净扣款 ${toReadableYuan(net)} 元，${path}`,
    );
}

import { fen, toReadableYuan, toYuan } from '../kernel/money.js';
import type { CorrectionPreview, EntryOutcome } from '../quarantine/correction.js';
import { EXIT } from './exit-code.js';
import { print, printJson, printRows, remark } from './output.js';

const EFFECTS = { new: '新增一条', changed: '变更已有记录', same: '与已有记录相同' } as const;

/** What a correction would do, before anybody agrees to it. */
export function printPreview(preview: CorrectionPreview, json: boolean): void {
  const { readFen, landedFen, ...rest } = preview;
  const [read, landed] = [readFen, landedFen].map((each) =>
    each === null ? null : fen(BigInt(each)),
  );
  if (json) {
    printJson({
      ...rest,
      readAmount: read == null ? null : toYuan(read),
      landedAmount: landed == null ? null : toYuan(landed),
    });
    return;
  }
  for (const refusal of preview.refusals) print(`仍不能落地：${refusal}`);
  if (preview.effect === null) return;
  print(
    `${EFFECTS[preview.effect]}，来源计 ${toReadableYuan(read ?? fen(0n))} 元，落地计 ${toReadableYuan(landed ?? fen(0n))} 元`,
  );
  printRows(preview.canonical, [
    { title: '字段', cell: ({ field }) => field },
    { title: '值', cell: ({ text }) => text },
  ]);
  for (const { column, before, after } of preview.changes)
    print(`${column}: ${before ?? '（空）'} → ${after ?? '（空）'}`);
}

/** What became of each entry of a command. */
export function printOutcomes(
  outcomes: readonly EntryOutcome[],
  done: string,
  json: boolean,
): void {
  if (json) for (const outcome of outcomes) printJson(outcome);
  else {
    printRows(outcomes, [
      { title: '编号', cell: ({ entry }) => entry, align: 'right' },
      { title: '结果', cell: ({ ok, code }) => (ok ? done : code) },
      { title: '说明', cell: ({ message }) => message },
    ]);
  }
  const failed = outcomes.filter(({ ok }) => !ok).length;
  remark(`${done} ${outcomes.length - failed} 条，未成 ${failed} 条`);
  if (failed > 0) process.exitCode = EXIT.failed;
}

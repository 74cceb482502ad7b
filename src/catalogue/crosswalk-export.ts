import { fen, toYuan } from '../kernel/money.js';
import type { SheetColumn } from '../tables/spreadsheet.js';
import type { CrosswalkRow } from './crosswalk.repository.js';
import { KIND_NAMES, SHEET_TITLES } from './crosswalk-sheet.js';
import type { Suggestion } from './suggest.js';

/** A line of the sheet that goes out: what holds or waits, with suggestions beside it for the eye. */
export interface ExportedRow extends CrosswalkRow {
  readonly nationalName: string | null;
  readonly suggestions: readonly Suggestion[];
}

const suggestion = (at: number): SheetColumn<ExportedRow> => ({
  title: `建议${at + 1}`,
  kind: 'text',
  cell: ({ suggestions }) => {
    const each = suggestions[at];
    return each === undefined
      ? null
      : `${each.nationalCode} ${each.nationalName}（${each.score}：${each.reasons.join('；')}）`;
  },
});

/** The five columns that an import reads come first. */
export const CROSSWALK_SHEET: readonly SheetColumn<ExportedRow>[] = [
  { title: SHEET_TITLES.kind, kind: 'text', cell: ({ kind }) => KIND_NAMES[kind] },
  { title: SHEET_TITLES.local, kind: 'text', cell: ({ localCode }) => localCode },
  { title: SHEET_TITLES.national, kind: 'text', cell: ({ nationalCode }) => nationalCode },
  { title: SHEET_TITLES.validFrom, kind: 'text', cell: ({ validFrom }) => validFrom },
  { title: SHEET_TITLES.validTo, kind: 'text', cell: ({ validTo }) => validTo },
  { title: '本地名称', kind: 'text', cell: ({ name }) => name },
  { title: '国家名称', kind: 'text', cell: ({ nationalName }) => nationalName },
  { title: '待对照行数', kind: 'number', cell: ({ rows }) => rows },
  {
    title: '涉及金额（元）',
    kind: 'number',
    cell: ({ amountFen }) => toYuan(fen(BigInt(amountFen))),
  },
  suggestion(0),
  suggestion(1),
  suggestion(2),
  { title: '提出人', kind: 'text', cell: ({ proposedBy }) => proposedBy },
  { title: '批准人', kind: 'text', cell: ({ approvedBy }) => approvedBy },
];

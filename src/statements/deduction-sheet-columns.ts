import type { SheetRow } from './deduction-sheet.js';

/** Columns of a deduction sheet in the order agencies print them. Widths in points. */
export interface PrintedColumn {
  readonly title: string;
  readonly field: keyof SheetRow;
  readonly width: number | '*';
  readonly amount?: true;
  /** Characters without a place to break a line at. */
  readonly code?: true;
}

/** @source 江苏某经办机构月度扣款表的列 */
export const PRINTED_COLUMNS: readonly PrintedColumn[] = [
  { title: '序号', field: 'number', width: 14 },
  { title: '机构编码', field: 'institution', width: 32, code: true },
  { title: '机构名称', field: 'institutionName', width: 34 },
  { title: '患者', field: 'patient', width: 32, code: true },
  { title: '性别', field: 'sex', width: 12 },
  { title: '险种', field: 'pool', width: 14 },
  { title: '结算日期', field: 'settledOn', width: 33 },
  { title: '目录名称', field: 'item', width: 52 },
  { title: '规则名称', field: 'rule', width: 44 },
  { title: '疑点内容', field: 'content', width: '*' },
  { title: '疑点金额', field: 'suspected', width: 36, amount: true },
  { title: '初审意见', field: 'firstOpinion', width: 40 },
  { title: '申诉意见', field: 'appealOpinion', width: 40 },
  { title: '复审意见', field: 'secondOpinion', width: 40 },
  { title: '终审结论', field: 'conclusion', width: 25 },
  { title: '终审意见', field: 'finalOpinion', width: 40 },
  { title: '扣款金额', field: 'deducted', width: 36, amount: true },
  { title: '终审时间', field: 'decidedAt', width: 33 },
  { title: '二次反馈', field: 'secondFeedback', width: 24 },
  { title: '备注', field: 'remark', width: 28 },
];

/** What the workbook has besides: the settlement's number and the amounts of each stage. */
export const WORKBOOK_COLUMNS: readonly PrintedColumn[] = [
  ...PRINTED_COLUMNS.slice(0, 7),
  { title: '结算号', field: 'claimNo', width: 60 },
  ...PRINTED_COLUMNS.slice(7, 11),
  { title: '初审金额', field: 'proposed', width: 36, amount: true },
  { title: '申诉金额', field: 'appealed', width: 36, amount: true },
  { title: '确认金额', field: 'confirmed', width: 36, amount: true },
  ...PRINTED_COLUMNS.slice(11),
];

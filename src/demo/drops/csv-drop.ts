import type { DemoClaim, DemoLine } from '../claims/model.js';
import { demoYear } from '../county/calendar.js';
import { localCodeOf } from '../items/catalogue.js';
import {
  CARE_CODES,
  INSURANCE_CODES,
  nameOf,
  priceText,
  settledAt,
  timestampOf,
  yuanText,
} from '../sources/source-table.js';
import { type Drop, totalsOf } from './drop.js';

const KINDS = { drug: '药品', 'tcm-piece': '饮片', service: '诊疗', material: '耗材' } as const;

export const CSV_COLUMNS = [
  '结算号',
  '结算时间',
  '人员编号',
  '证件号码',
  '性别',
  '出生日期',
  '险种',
  '医疗类别',
  '诊断编码',
  '总费用',
  '符合范围',
  '起付线',
  '统筹支付',
  '大病支付',
  '医疗救助',
  '基金合计',
  '账户支付',
  '现金支付',
  '明细序号',
  '费用时间',
  '项目编码',
  '项目名称',
  '类别',
  '数量',
  '单价',
  '金额',
  '范围内金额',
  '医师',
] as const;

/**
 * The village clinic's CSV: one row per fee line, the claim repeated on each, with a byte-order mark and a trailer
 * `#TOTAL,<lines>,<line amount>,<claims>,<claim amount>,<persons>`.
 *
 * @param without a column left out, for the planted file that lacks one
 */
export function csvText(drop: Drop, names: ReadonlyMap<string, string>, without?: string): string {
  const totals = totalsOf(drop.claims);
  const kept = CSV_COLUMNS.map((name, index) => ({ name, index })).filter(
    ({ name }) => name !== without,
  );
  const row = (cells: readonly string[]): string =>
    kept.map(({ index }) => quotedCell(cells[index] ?? '')).join(',');
  const rows = drop.claims.flatMap((claim) =>
    claim.lines.map((line, index) =>
      row([...claimCells(claim), ...lineCells(claim, { line, index, names })]),
    ),
  );
  const trailer = [
    '#TOTAL',
    String(totals.lines),
    yuanText(totals.lineFen),
    String(totals.claims),
    yuanText(totals.claimFen),
    String(totals.persons),
  ].join(',');
  return `\uFEFF${[row(CSV_COLUMNS), ...rows, trailer].join('\r\n')}\r\n`;
}

function claimCells(claim: DemoClaim): string[] {
  const { person, money } = claim;
  return [
    claim.claimNo,
    settledAt(claim),
    person.id,
    person.certificate,
    person.sex === 'male' ? '男' : '女',
    person.birthDate,
    INSURANCE_CODES[person.pool],
    CARE_CODES[claim.careType],
    claim.diagnoses[0] ?? '',
    ...[
      money.total,
      money.eligible,
      money.deductible,
      money.pooled,
      money.criticalIllness,
      money.medicalAid,
      money.fund,
      money.account,
      money.cash,
    ].map(yuanText),
  ];
}

function lineCells(
  { dirt }: DemoClaim,
  {
    line,
    index,
    names,
  }: {
    readonly line: DemoLine;
    readonly index: number;
    readonly names: ReadonlyMap<string, string>;
  },
): string[] {
  const impossible = dirt?.kind === 'no-such-charge-date' && dirt.line === index;
  return [
    line.lineNo,
    impossible ? `${demoYear()}-02-30 09:15:00` : timestampOf(line.day, line.minute),
    localCodeOf('clinic', line.item),
    nameOf(line, names),
    KINDS[line.item.kind],
    String(line.quantity),
    priceText(line.item.price),
    yuanText(line.amount),
    yuanText(line.eligible),
    line.doctor,
  ];
}

function quotedCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

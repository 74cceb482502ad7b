import { type Fen, parseYuan } from '../../kernel/money.js';
import { downloadContent } from '../content.js';
import { UnreadableFileError } from '../errors.js';
import { readRows, type TextRow, unzipText } from '../text-file.js';
import { defineTransaction, type UnbalancedRow } from '../transaction.js';

/** Columns of 3202's result file that are read: person, visit, claim, message, result, refund, memo, total fee, fund, account. */
const RESULT_COLUMNS = 10;
const MOST_TEXT_BYTES = 256 << 20;

/** Download of a file (文件下载): bytes when it went well, JSON when not. */
export const downloadFile = defineTransaction({
  code: '9102',
  title: '文件下载',
  content: downloadContent,
  input: (content) => ({
    fsDownloadIn: {
      file_qury_no: content.fileNumber,
      filename: content.fileName,
      fixmedins_code: content.institution,
    },
  }),
  result({ file }, { profile }) {
    if (file === null) return null;
    const rows = readRows(unzipText(file, MOST_TEXT_BYTES), RESULT_COLUMNS);
    const unbalanced = rows
      .filter((row) => !profile.balancedCodes.includes(row[4] ?? ''))
      .map((row) => unbalancedRow(row, profile.refundFlags.refund));
    return { kind: 'detail', rows: rows.length, unbalanced };
  },
});

function unbalancedRow(row: TextRow, refundFlag: string): UnbalancedRow {
  return {
    personId: row[0] ?? '',
    claimNo: row[2] ?? null,
    senderMessageId: row[3] ?? null,
    isRefund: row[5] === refundFlag,
    memo: row[6] ?? null,
    totalFeeFen: amount(row[7]),
    fundPaidFen: amount(row[8]),
    accountPaidFen: amount(row[9]),
  };
}

function amount(text: string | null | undefined): Fen | null {
  if (text === null || text === undefined) return null;
  const fen = parseYuan(text);
  if (fen === null) throw new UnreadableFileError('对账结果文件中的金额无法识别');
  return fen;
}

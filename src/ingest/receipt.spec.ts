import { describe, expect, it } from '@jest/globals';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { BatchResult } from './batch.js';
import { receiptXml } from './receipt.js';

const batch: BatchResult = {
  batchId: '7',
  stream: 'claims',
  unit: 'a<b>.xml',
  state: 'complete',
  sourceRows: 2,
  landedRows: 1,
  quarantinedRows: 1,
  sourceFen: '1005',
  landedFen: '1000',
  quarantinedFen: '5',
  newRows: 1,
  changedRows: 0,
  sameRows: 0,
  repeatedRows: 0,
  digest: 'd',
  message: null,
  remedy: null,
};
const refused = {
  batchId: '7',
  row: 2,
  field: 'settledAt',
  message: '日期不存在 & 无法读取',
  remedy: '请改正后重报。',
};

describe('receipt for a dropped file', () => {
  const xml = receiptXml('a<b>.xml', [batch], [refused, { ...refused, batchId: '8' }]);

  it('is well-formed whatever the file is called', () => {
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).not.toContain('a<b>');
  });

  it('says what landed, what did not, why, and what to do', () => {
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' });
    expect(parser.parse(xml).receipt).toEqual({
      '@file': 'a<b>.xml',
      stream: {
        '@name': 'claims',
        '@state': 'complete',
        '@landedRows': '1',
        '@landedYuan': '10.00',
        '@quarantinedRows': '1',
        '@quarantinedYuan': '0.05',
        refused: {
          '@row': '2',
          '@field': 'settledAt',
          message: '日期不存在 & 无法读取',
          remedy: '请改正后重报。',
        },
      },
    });
  });
});

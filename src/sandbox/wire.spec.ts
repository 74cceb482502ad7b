import { describe, expect, it } from '@jest/globals';
import { toFen } from './books.js';
import { compareRows, readUploadedRows } from './comparison.js';
import { FaultPlan, parseFaults } from './faults.js';
import { unzipOne, zipOne } from './zip.js';

const book = (setl_id: string, fund = '6.00', refd_setl_flag = '0') => ({
  setl_id,
  mdtrt_id: `V${setl_id}`,
  psn_no: 'P1',
  fixmedins_code: 'H46020000001',
  insutype: '390',
  clr_type: '11',
  setl_time: '2024-03-01 00:00:00',
  medfee_sumamt: '10.00',
  fund_pay_sumamt: fund,
  acct_pay: '0.00',
  refd_setl_flag,
  msgid: `M${setl_id}${refd_setl_flag}`,
});

const uploaded = (...ids: string[]) =>
  readUploadedRows(ids.map((id) => `${id}\t${id}\tP1\t10.00\t6.00\t0.00\t0\n`).join(''));

describe('the stand-in agency', () => {
  it.each([
    ['0.00', 0n],
    ['-0.05', -5n],
    ['1234567.8', 123456780n],
    ['7', 700n],
  ])('reads %s yuan exactly', (text, fen) => {
    expect(toFen(text)).toBe(fen);
  });

  it('reads nothing else as money', () => {
    expect(() => toFen('1e3')).toThrow('not an amount');
  });

  it('packs and unpacks', () => {
    const content = Buffer.from('甲\t乙\n'.repeat(1000));
    expect(unzipOne(zipOne('a.txt', content))).toEqual(content);
  });

  it('names what only one side has, and what differs', () => {
    const result = compareRows(uploaded('1', '2', '4', '4'), [
      book('1'),
      book('2', '7.00'),
      book('3'),
      book('4'),
    ]);
    const shown = result
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t').slice(2, 5).join(' '));
    expect(shown).toEqual(['1 M10 0', '2 M20 1', '4 M40 0', '4 null 1', 'null M30 1']);
  });

  it('keeps a refund apart from the claim it takes back', () => {
    const result = compareRows(uploaded('1'), [book('1'), book('1', '-6.00', '1')]);
    expect(result.split('\n').filter((line) => line.split('\t')[4] === '1')).toHaveLength(1);
  });

  it('meets the n-th message of a rule with its fault, each rule counting for itself', () => {
    const plan = new FaultPlan(
      parseFaults('[{"fault":"reject","infno":"3201","nth":2},{"fault":"timeout","infno":"9101"}]'),
    );
    const next = (infno: string) => plan.next({ infno, fixmedins_code: 'H' });
    expect([next('3201'), next('9101'), next('3201'), next('3201'), next('9001')]).toEqual([
      null,
      'timeout',
      'reject',
      null,
      null,
    ]);
    expect(() => parseFaults('[{"fault":"explode"}]')).toThrow('explode');
  });
});

import { describe, expect, it } from '@jest/globals';
import { batchOfFileName, readOfficialWorkbook, type Sheet } from './official-workbook.js';

const DRUG = 'XA01AAA001A001010100001';

function sheet(name: string, ...rows: string[][]): Sheet {
  return { name, rows };
}

describe('the batch in a file name', () => {
  it.each<[string, string | null]>([
    ['【第一批】药品规则库(限定年龄对象).xlsx', '1'],
    ['【第七批 】项目规则库（重复收费）.xlsx', '7'],
    ['【第八批-4】项目规则库（限定周期）.xlsx', '8'],
    ['第十批“超互联网医院药品支付范围”.xlsx', '10'],
    ['第十二批“药品限适应症”.xlsx', '12'],
    ['第二十一批.xlsx', '21'],
    ['更新.xlsx', null],
  ])('%s → %s', (name, batch) => expect(batchOfFileName(name)).toBe(batch));
});

describe('limits and codes on two sheets', () => {
  const limits = sheet(
    'Sheet1',
    ['药品通用名', '药品说明', '限定类型', '限定对象'],
    ['甲药', '用于⼉童\n发热', '限定年龄对象', '儿童'],
    ['乙药', '', '限定年龄对象', '新生儿'],
  );

  it('joins them by the generic name', () => {
    const codes = sheet(
      'Sheet2',
      ['药品通用名', '序号', '国标代码', '限定类型'],
      ['甲药', '1', DRUG, ''],
      ['乙药', '1', DRUG, ''],
      ['甲药', '2', `${DRUG.slice(0, -1)}2`, ''],
    );
    const { points, problems } = readOfficialWorkbook([limits, codes], '1', 'f.xlsx');
    expect(problems).toEqual([]);
    expect(points.map(({ set, name, codes, text }) => [set, name, codes.length, text])).toEqual([
      ['drug-age', '甲药', 2, '用于儿童 发热'],
      ['drug-age', '乙药', 1, '限定年龄对象：新生儿'],
    ]);
  });

  it('names what has no partner on the other sheet', () => {
    const codes = sheet(
      'Sheet2',
      ['药品通用名', '序号', '国标代码'],
      ['甲药', '1', DRUG],
      ['丙药', '1', DRUG],
    );
    const { problems } = readOfficialWorkbook([limits, codes], '1', 'f.xlsx');
    expect(problems).toEqual([
      'f.xlsx Sheet1 第 3 行：“乙药”没有编码',
      'f.xlsx Sheet2：“丙药”在第一张表中没有限定',
    ]);
  });
});

describe('everything on one sheet', () => {
  it('reads pairs, and leaves totals, remarks and blank rows out', () => {
    const { points, problems, remarks } = readOfficialWorkbook(
      [
        sheet(
          '明细',
          ['序号', '频度', '主项名称', '主项编码', '从项名称', '从项编码', '备注'],
          [
            '1',
            '6小时',
            '急诊监护费',
            '001103000010000',
            '急诊诊查费',
            '001102000030000',
            '含诊查',
          ],
          ['', '', '', '', '', '', ''],
          ['合计', '合计', '合计', '合计', '合计', '合计', '合计'],
        ),
      ],
      '7',
      'f.xlsx',
    );
    expect([problems, remarks]).toEqual([[], 1]);
    expect(points).toMatchObject([
      {
        set: 'duplicate-pairs',
        codes: ['001103000010000'],
        cells: { containedCode: '001102000030000', window: '6小时' },
      },
    ]);
  });

  it.each<[string, string[], string[], string]>([
    [
      'a value column',
      ['项目名称', '项目说明', '国标代码', '限定类型', '限定性别'],
      ['子宫造影', '', '002101030300000', '限定性别对象', '女'],
      'item-sex',
    ],
    [
      'a group column',
      ['项目名称', '项目说明', '国标代码', '限定类型', '限定值域'],
      ['食管再造术', '', '003310010180000', '限定主次操作', '胃肠手术组'],
      'incision-groups',
    ],
    [
      'a unit',
      ['序号', '项目名称', '限制数量', '数量单位', '项目编码'],
      ['1', '心电监测', '24', '小时', '003107010220000'],
      'daily-frequency',
    ],
    [
      'a cycle',
      ['序号', '项目名称', '频次上限', '疗程周期', '备注', '项目代码'],
      ['1', '平衡试验', '1', '14', '', '003104010220000'],
      'cycle-frequency',
    ],
    [
      'the title',
      ['序号', '项目名称', '备注', '项目代码'],
      ['1', '轮椅功能训练', '支付不超过30天。', '003402000220000'],
      'item-course-days',
    ],
  ])('is known by %s', (_name, columns, row, set) => {
    const { points, problems } = readOfficialWorkbook(
      [sheet('“医疗服务项目限支付疗程”规则', columns, row)],
      '8',
      'f.xlsx',
    );
    expect([problems, points.map((point) => point.set)]).toEqual([[], [set]]);
  });

  it('refuses a code that is no national code, by row', () => {
    const { points, problems } = readOfficialWorkbook(
      [
        sheet(
          'S',
          ['序号', '项目名称', '限制数量', '数量单位', '项目编码'],
          ['1', '心电监测', '24', '小时', '310701022'],
        ),
      ],
      '8',
      'f.xlsx',
    );
    expect([points, problems]).toEqual([[], ['f.xlsx S 第 2 行：“310701022”不是国家编码']]);
  });

  it('refuses a layout it does not know', () => {
    const { problems } = readOfficialWorkbook(
      [sheet('S', ['甲', '乙'], ['1', '2'])],
      '8',
      'f.xlsx',
    );
    expect(problems).toEqual(['f.xlsx：不认识的版式，列为 甲、乙']);
  });
});

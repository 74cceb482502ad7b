import { describe, expect, it } from '@jest/globals';
import { arrivedText, asAmount, asBound, asLiteral, asText } from './mssql-columns.js';

const of = (type: string, collation: string | null = null) => ({ name: 'c', type, collation });
const C = 'source.[c]';

describe('a column asked for as text', () => {
  it.each([
    ['bigint', `CONVERT(nvarchar(20), ${C})`],
    ['int', `CONVERT(nvarchar(20), ${C})`],
    ['smallint', `CONVERT(nvarchar(20), ${C})`],
    ['tinyint', `CONVERT(nvarchar(20), ${C})`],
    ['bit', `CONVERT(nvarchar(1), ${C})`],
    ['decimal(38,10)', `CONVERT(nvarchar(41), ${C})`],
    ['numeric(12,2)', `CONVERT(nvarchar(41), ${C})`],
    ['money', `CONVERT(nvarchar(24), ${C}, 2)`],
    ['smallmoney', `CONVERT(nvarchar(24), ${C}, 2)`],
    ['float', C],
    ['real', C],
    ['date', `CONVERT(nvarchar(10), ${C}, 23)`],
    ['datetime', `CONVERT(nvarchar(23), ${C}, 121)`],
    ['datetime2(3)', `CONVERT(nvarchar(27), ${C}, 121)`],
    ['datetimeoffset(7)', `CONVERT(nvarchar(27), CONVERT(datetime2(7), ${C}), 121)`],
    ['smalldatetime', `CONVERT(nvarchar(19), ${C}, 120)`],
    ['time(7)', `CONVERT(nvarchar(16), ${C}, 121)`],
    ['char(10)', `CONVERT(nvarchar(10), ${C})`],
    ['varchar(4000)', `CONVERT(nvarchar(4000), ${C})`],
    ['varchar(4001)', `CONVERT(nvarchar(max), ${C})`],
    ['varchar(max)', `CONVERT(nvarchar(max), ${C})`],
    ['text', `CONVERT(nvarchar(max), ${C})`],
    ['nchar(10)', C],
    ['nvarchar(max)', C],
    ['ntext', `CONVERT(nvarchar(max), ${C})`],
    ['xml', `CONVERT(nvarchar(max), ${C})`],
    ['uniqueidentifier', `CONVERT(nvarchar(36), ${C})`],
    ['varbinary(8)', `CONVERT(nvarchar(max), CONVERT(varbinary(max), ${C}), 1)`],
    ['binary(8)', `CONVERT(nvarchar(max), CONVERT(varbinary(max), ${C}), 1)`],
    ['timestamp', `CONVERT(nvarchar(max), CONVERT(varbinary(max), ${C}), 1)`],
    ['image', `CONVERT(nvarchar(max), CONVERT(varbinary(max), ${C}), 1)`],
    ['sql_variant', `CONVERT(nvarchar(4000), ${C})`],
  ])('of type %s', (type, expression) => {
    expect(asText(of(type), C)?.expression).toBe(expression);
  });

  it.each(['geography', 'hierarchyid', 'constructor', ''])('is refused for %s', (type) => {
    expect(asText(of(type), C)).toBeNull();
  });

  it('keeps the name of the column as it is', () => {
    expect(asText(of('money'), 'source.[$& @]')?.expression).toContain('source.[$& @], 2');
  });
});

describe('a text back as a value of the column’s type', () => {
  it.each([
    ['bigint', '9007199254740993', "CONVERT(bigint, N'9007199254740993')"],
    ['decimal(12,2)', '12.30', "CONVERT(decimal(12,2), N'12.30')"],
    ['datetime', '2024-01-02 08:00:00.997', "CONVERT(datetime, N'2024-01-02 08:00:00.997', 121)"],
    ['date', '2024-01-02', "CONVERT(date, N'2024-01-02', 23)"],
    ['smalldatetime', '2024-01-02 08:00:00', "CONVERT(smalldatetime, N'2024-01-02 08:00:00', 120)"],
    ['nvarchar(20)', "门'诊", "N'门''诊'"],
    ['timestamp', '0x0000000000000FA1', "CONVERT(binary(8), N'0x0000000000000FA1', 1)"],
  ])('%s', (type, text, literal) => {
    expect(asLiteral(of(type), text)).toBe(literal);
  });

  it('keeps the collation of a varchar, on which its code page depends', () => {
    expect(asLiteral(of('varchar(20)', 'Chinese_PRC_CI_AS'), '门诊')).toBe(
      "CONVERT(varchar(20), N'门诊' COLLATE Chinese_PRC_CI_AS)",
    );
    expect(() => asLiteral(of('varchar(20)', 'x; DROP'), 'a')).toThrow('not a collation');
  });

  it.each(['float', 'real', 'text', 'xml', 'datetimeoffset(7)', 'geography'])(
    'is refused for %s, which cannot name a row exactly',
    (type) => {
      expect(asLiteral(of(type), '1')).toBeNull();
    },
  );
});

describe('the end of a window', () => {
  it.each([
    ['datetime', '2024-01-01', "CONVERT(datetime, N'20240101', 112)"],
    ['datetime2(7)', '2024-01-01T08:00:00', "CONVERT(datetime2(7), N'2024-01-01 08:00:00', 121)"],
    ['char(8)', '20240101', "CONVERT(char(8), N'20240101')"],
    ['int', '20240101', "CONVERT(int, N'20240101')"],
  ])('in a cursor of type %s', (type, text, literal) => {
    expect(asBound(of(type), text)).toBe(literal);
  });
});

describe('an amount to add up', () => {
  it('counts a text that is no number as nothing, and every other type exactly', () => {
    expect(asAmount(of('varchar(20)'), C)).toBe(`TRY_CONVERT(decimal(38, 8), ${C})`);
    expect(asAmount(of('money'), C)).toBe(`CONVERT(decimal(38, 8), ${C})`);
  });
});

describe('what the driver hands over', () => {
  it.each([
    ['text', 'text', '12.30', '12.30'],
    ['null', 'text', null, null],
    ['a double', 'float', 12.3, '12.3'],
    ['a double with its noise', 'float', 0.1 + 0.2, '0.30000000000000004'],
    ['a single', 'real', Math.fround(12.3), '12.3'],
    ['a single with all its digits', 'real', Math.fround(16_777_217.5), '16777218'],
    ['a small single', 'real', Math.fround(0.001), '0.001'],
  ] as const)('%s', (_, arrival, value, text) => {
    expect(arrivedText(value, arrival)).toBe(text);
  });
});

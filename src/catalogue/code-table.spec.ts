import { describe, expect, it } from '@jest/globals';
import { parseCodeTable } from './code-table.js';

const table = (...rows: string[]): string =>
  ['local,national,valid_from,valid_to,proposed_by,approved_by', ...rows].join('\n');

describe('a code table', () => {
  it('is dated and seen by two people', () => {
    const { mappings, problems } = parseCodeTable(
      table('A,N1,2024-01-01,2024-07-01,王,李', 'A,N2,2024-07-01,,王,李'),
    );
    expect(problems).toEqual([]);
    expect(mappings[1]).toMatchObject({ validFrom: '2024-07-01', validTo: null });
  });

  it.each<[string, string]>([
    ['A,N1,2024-01-01,,王,王', '两个人'],
    ['A,N1,2024-01-01,,王,', '提出人和批准人'],
    ['A,N1,2024-02-30,,王,李', 'valid_from'],
    ['A,N1,2024-01-01,2024-01-01,王,李', 'valid_to'],
    [',N1,2024-01-01,,王,李', '为空'],
  ])('%s is refused', (row, message) => {
    expect(parseCodeTable(table(row)).problems).toEqual([
      { line: 2, message: expect.stringContaining(message) },
    ]);
  });

  it('may not give one code two meanings on one day', () => {
    const { problems } = parseCodeTable(table('A,N1,2024-01-01,,王,李', 'A,N2,2024-07-01,,王,李'));
    expect(problems).toEqual([{ line: 3, message: expect.stringContaining('第 2 行') }]);
  });

  it('says what the header should be', () => {
    expect(parseCodeTable('本地,国家\nA,B').problems[0]?.message).toContain('local,national');
  });
});

import { ITEMS, localCodeOf } from '../items/catalogue.js';
import { CLINICAL_TO_INSURED } from '../sources/clinical-codes.js';

const HEADER = 'local,national,valid_from,valid_to,proposed_by,approved_by';
const PROPOSED_BY = '目录管理员甲';
const APPROVED_BY = '医保办主任乙';
const FROM = '2023-01-01';
/** The day on which the hospitals' catalogues were gone through again: every third row was renewed. */
const RENEWED = '2024-07-01';

/** Local to national item codes of a hospital; items without a national code are left out and show up as unmapped. */
export function itemTable(source: 'lead' | 'tcm' | 'township'): string {
  const rows = ITEMS.flatMap((item, index) => {
    if (item.code === null) return [];
    const local = localCodeOf(source, item);
    return index % 3 === 0
      ? [row(local, item.code, FROM, RENEWED), row(local, item.code, RENEWED, '')]
      : [row(local, item.code, FROM, '')];
  });
  return table(rows);
}

/** The lead hospital's clinical-edition diagnoses; a code that is the same in both editions maps to itself. */
export function diagnosisTable(insuredCodes: Iterable<string>): string {
  const changed = new Map(CLINICAL_TO_INSURED.map(([clinical, insured]) => [insured, clinical]));
  const rows = [...new Set(insuredCodes)]
    .sort()
    .map((insured) => row(changed.get(insured) ?? insured, insured, FROM, ''));
  return table(rows);
}

function row(
  ...cells: readonly [local: string, national: string, from: string, to: string]
): string {
  return [...cells, PROPOSED_BY, APPROVED_BY].join(',');
}

function table(rows: readonly string[]): string {
  return `${[HEADER, ...rows].join('\n')}\n`;
}

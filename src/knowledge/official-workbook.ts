import type { SetId } from './knowledge.js';
import { isNationalCode, type LimitCells, type OfficialPoint, tidy } from './official-point.js';
import { usualClass } from './rule-classes.js';

/** A worksheet as text: the first row holds the column names, empty cells are ''. */
export interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

export interface OfficialList {
  readonly points: readonly OfficialPoint[];
  /** What stops the import, each with its place. */
  readonly problems: readonly string[];
  /** Rows left out on purpose: totals and remarks under the list. */
  readonly remarks: number;
}

/** 限定类型 of the lists that name it in a column, for drugs and for service items. */
const SETS_OF_KIND: ReadonlyMap<string, { readonly drug?: SetId; readonly item?: SetId }> = new Map(
  Object.entries({
    限定性别对象: { drug: 'drug-sex', item: 'item-sex' },
    限定年龄对象: { drug: 'drug-age', item: 'item-age' },
    限定保险类型: { drug: 'insurance-type' },
    限定就医方式: { drug: 'care-setting' },
    限定机构等级: { drug: 'institution-level' },
    限定支付疗程: { drug: 'drug-course-days' },
    限定主次操作: { item: 'incision-groups' },
  }),
);

/** Lists without 限定类型 are known by a column only they have, or by the title of the sheet. */
const SETS_OF_COLUMN: readonly (readonly [string, SetId])[] = [
  ['从项编码', 'duplicate-pairs'],
  ['数量单位', 'daily-frequency'],
  ['疗程周期', 'cycle-frequency'],
];
const SETS_OF_TITLE: readonly (readonly [string, SetId])[] = [
  ['限年龄', 'item-age'],
  ['限支付疗程', 'item-course-days'],
];

const NAME_COLUMNS = ['药品通用名', '项目名称', '主项名称'];
const CODE_COLUMNS = ['国标代码', '药品代码', '项目编码', '项目代码', '主项编码'];
const TEXT_COLUMNS = ['药品说明', '项目说明', '备注'];
const VALUE_COLUMNS = ['限定对象', '限定值域', '限定性别'];

/** Cells of one row by column name. */
class Table {
  readonly columns: readonly string[];

  constructor(readonly sheet: Sheet) {
    this.columns = (sheet.rows[0] ?? []).map(tidy);
  }

  has(column: string): boolean {
    return this.columns.includes(column);
  }

  /** Rows below the header with their number in the sheet. */
  *rows(): Generator<{ readonly number: number; readonly cell: CellOf }> {
    for (const [index, row] of this.sheet.rows.entries()) {
      if (index === 0 || row.every((text) => tidy(text) === '')) continue;
      yield { number: index + 1, cell: (names) => this.cell(row, names) };
    }
  }

  private cell(row: readonly string[], names: readonly string[]): string {
    const index = this.columns.findIndex((column) => names.includes(column));
    return index < 0 ? '' : tidy(row[index] ?? '');
  }
}

type CellOf = (names: readonly string[]) => string;

/**
 * Reads one official workbook. Two layouts exist: codes and limits on one sheet, or limits on the first sheet and codes on the
 * second, joined by the generic drug name.
 */
export function readOfficialWorkbook(
  sheets: readonly Sheet[],
  batch: string,
  file: string,
): OfficialList {
  const [limits, codes] = sheets.filter((sheet) => sheet.rows.length > 1).map((s) => new Table(s));
  if (limits === undefined) return refused(`${file}：没有数据`);
  const set = setOf(limits);
  if (set === null) return refused(`${file}：不认识的版式，列为 ${limits.columns.join('、')}`);
  const reading = new Reading({ batch, set, file });
  if (codes === undefined) reading.readSingle(limits);
  else reading.readJoined(limits, codes);
  return reading;
}

function refused(problem: string): OfficialList {
  return { points: [], problems: [problem], remarks: 0 };
}

function setOf(table: Table): SetId | null {
  const byColumn = SETS_OF_COLUMN.find(([column]) => table.has(column));
  if (byColumn !== undefined) return byColumn[1];
  for (const { cell } of table.rows()) {
    const kind = SETS_OF_KIND.get(cell(['限定类型']));
    const found = table.has('药品通用名') ? kind?.drug : kind?.item;
    if (found !== undefined) return found;
    break;
  }
  return SETS_OF_TITLE.find(([title]) => table.sheet.name.includes(title))?.[1] ?? null;
}

class Reading implements OfficialList {
  readonly points: OfficialPoint[] = [];
  readonly problems: string[] = [];
  remarks = 0;

  constructor(
    private readonly list: { readonly batch: string; readonly set: SetId; readonly file: string },
  ) {}

  readSingle(table: Table): void {
    for (const { number, cell } of table.rows()) {
      if (table.has('序号') && !/^\d+$/.test(cell(['序号']))) {
        this.remarks += 1;
        continue;
      }
      this.add(`${table.sheet.name} 第 ${number} 行`, cell, [cell(CODE_COLUMNS)]);
    }
  }

  readJoined(limits: Table, codes: Table): void {
    const codesOfName = new Map<string, string[]>();
    for (const { cell } of codes.rows()) {
      const name = cell(NAME_COLUMNS);
      codesOfName.set(name, [...(codesOfName.get(name) ?? []), cell(CODE_COLUMNS)]);
    }
    for (const { number, cell } of limits.rows()) {
      const name = cell(NAME_COLUMNS);
      this.add(`${limits.sheet.name} 第 ${number} 行`, cell, codesOfName.get(name) ?? []);
      codesOfName.delete(name);
    }
    for (const name of codesOfName.keys()) {
      this.problems.push(`${this.list.file} ${codes.sheet.name}：“${name}”在第一张表中没有限定`);
    }
  }

  private add(place: string, cell: CellOf, codes: readonly string[]): void {
    const name = cell(NAME_COLUMNS);
    const at = `${this.list.file} ${place}`;
    const invalid = codes.find((code) => !isNationalCode(code));
    if (name === '') this.problems.push(`${at}：没有名称`);
    else if (codes.length === 0) this.problems.push(`${at}：“${name}”没有编码`);
    else if (invalid !== undefined) this.problems.push(`${at}：“${invalid}”不是国家编码`);
    else this.points.push(this.pointOf(at, cell, codes));
  }

  private pointOf(place: string, cell: CellOf, codes: readonly string[]): OfficialPoint {
    const { batch, set } = this.list;
    const cells = limitCellsOf(cell);
    const text = cell(TEXT_COLUMNS);
    return {
      batch,
      set,
      ruleClass: classOf(set, text, cells.value),
      name: cell(NAME_COLUMNS),
      codes,
      text: text === '' ? wordingOf(cell(['限定类型']), cells) : text,
      cells,
      supersedes: null,
      place,
    };
  }
}

function limitCellsOf(cell: CellOf): LimitCells {
  return {
    value: cell(VALUE_COLUMNS),
    count: cell(['限制数量', '频次上限']),
    unit: cell(['数量单位']),
    days: cell(['疗程周期']),
    window: cell(['频度']),
    containedCode: cell(['从项编码']),
    containedName: cell(['从项名称']),
  };
}

/** A list without remarks still says something: its limit type and value. */
function wordingOf(kind: string, { value, count, unit }: LimitCells): string {
  return kind === '' ? `限制数量：${count}${unit}` : `${kind}：${value}`;
}

function classOf(set: SetId, text: string, value: string | undefined): string | null {
  if (set === 'insurance-type') return value === '生育' ? '药品限生育保险' : '药品限工伤保险';
  if (set === 'item-age') {
    return text.includes('法定就业年龄') ? '医疗服务项目限年龄' : '医疗服务项目儿童专用';
  }
  return usualClass(set);
}

const DIGITS = '零一二三四五六七八九';

/** The batch in a file name (`【第七批 】…`, `第十二批…`); null when there is none. */
export function batchOfFileName(name: string): string | null {
  const words = /第\s*([零一二三四五六七八九十]{1,3})\s*批/.exec(name)?.[1];
  if (words === undefined) return null;
  if (!words.includes('十')) return String(DIGITS.indexOf(words));
  const [tens = '', ones = ''] = words.split('十');
  return String(
    (tens === '' ? 1 : DIGITS.indexOf(tens)) * 10 + (ones === '' ? 0 : DIGITS.indexOf(ones)),
  );
}

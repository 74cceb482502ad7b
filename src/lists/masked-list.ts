import { maskIdentifier } from '../kernel/mask.js';
import { type CodeLists, type ListField, type ListSection, valueFault } from './field-table.js';
import type { ListRow, SettlementList } from './settlement-list.js';

export interface ListTables {
  readonly table: readonly ListField[];
  readonly codes: CodeLists;
}

/**
 * A list as it may be shown. Open are codes, numbers and dates that are such, and what the books fill in; the person's number keeps its
 * ends; any other text comes from the hospital and may name somebody: that it is there is all that is shown.
 */
export function maskedList(list: SettlementList, { table, codes }: ListTables): SettlementList {
  const section = (name: ListSection): readonly ListRow[] => {
    const fields = new Map(
      table.filter((each) => each.section === name).map((each) => [each.field, each]),
    );
    return list[name].map((row) => maskedRow(row, fields, codes));
  };
  return {
    setlinfo: section('setlinfo'),
    opspdiseinfo: section('opspdiseinfo'),
    diseinfo: section('diseinfo'),
    oprninfo: section('oprninfo'),
    icuinfo: section('icuinfo'),
    bldinfo: section('bldinfo'),
  };
}

function maskedRow(
  row: ListRow,
  fields: ReadonlyMap<string, ListField>,
  codes: CodeLists,
): ListRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, masked(value, fields.get(name), codes)]),
  );
}

function masked(value: string, field: ListField | undefined, codes: CodeLists): string {
  if (field === undefined) return HIDDEN;
  if (field.from === 'person') return maskIdentifier(value);
  const isFormal = field.codelist !== null || field.type !== 'text';
  if (isFormal) return valueFault(field, value, codes) === null ? value : HIDDEN;
  return field.from === null ? HIDDEN : value;
}

const HIDDEN = '***';

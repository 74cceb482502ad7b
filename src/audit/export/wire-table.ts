import { type FieldSize, formFault } from '../../tables/field-value.js';

/** A field of a national object (`config/agency/audit/*.csv`). */
export interface WireField {
  readonly node: string;
  readonly field: string;
  readonly label: string;
  /** `rows`: the name under which another node's rows hang; null otherwise. */
  readonly size: FieldSize | null;
  readonly required: boolean;
  readonly codelist: string | null;
}

/** A node's fields as text, rows of another node below them. */
export interface WireObject {
  readonly [field: string]: string | readonly WireObject[];
}

/** Code list → its codes. */
export type WireCodes = Readonly<Record<string, ReadonlySet<string>>>;

/** What the agency would refuse. Names the field, never its value: values may identify a person. */
export interface WireFault {
  /** `result[3].vola_cont`, rows from 1. */
  readonly at: string;
  readonly message: string;
}

export interface WireForm {
  readonly table: readonly WireField[];
  readonly codes: WireCodes;
}

/** Everything wrong with rows of a node and all below them: unknown fields, missing ones, form, length, code. */
export function wireFaults(
  node: string,
  rows: readonly WireObject[],
  form: WireForm,
): readonly WireFault[] {
  const fields = form.table.filter((each) => each.node === node);
  const known = new Set(fields.map(({ field }) => field));
  return rows.flatMap((row, index) => {
    const place = `${node}[${index + 1}]`;
    const unknown = Object.keys(row)
      .filter((name) => !known.has(name))
      .map((name) => ({ at: `${place}.${name}`, message: '字段表中没有这个字段' }));
    return [...unknown, ...fields.flatMap((field) => fieldFaults(field, row, { place, form }))];
  });
}

function fieldFaults(
  field: WireField,
  row: WireObject,
  { place, form }: { readonly place: string; readonly form: WireForm },
): readonly WireFault[] {
  const at = `${place}.${field.field}`;
  const value = row[field.field] ?? '';
  if (value.length === 0)
    return field.required ? [{ at, message: `${field.label}为必填，没有值` }] : [];
  if (typeof value !== 'string')
    return wireFaults(field.field, value, form).map((fault) => ({
      ...fault,
      at: `${place}.${fault.at}`,
    }));
  const wrong = valueFault(field, value, form.codes);
  return wrong === null ? [] : [{ at, message: `${field.label}${wrong}` }];
}

function valueFault({ size, codelist }: WireField, value: string, codes: WireCodes): string | null {
  if (size === null) return '应为下级明细';
  const wrong = formFault(size, value);
  if (wrong !== null || codelist === null) return wrong;
  return codes[codelist]?.has(value) === true ? null : `不在代码表 ${codelist} 中`;
}

/** A text cut to what a field holds, with a mark that it was; characters, not UTF-16 units. */
export function fitting(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

import type { IsoDate } from '../kernel/dates.js';
import { type Decimal, decimal } from '../kernel/decimal.js';
import { PolicyGapError } from './errors.js';
import type { FilingRecord, ParameterRecord, ParameterValue } from './policy-schema.js';

/** The reading (解读) a figure rests on where the words allow more than one sense. */
export interface ReadingUsed {
  readonly key: string;
  readonly label: string;
  readonly why: string;
}

/** One parameter with its value on a day and where it comes from. */
export interface Parameter {
  readonly id: string;
  readonly label: string;
  readonly unit: ParameterRecord['unit'];
  readonly by: 'grade' | 'pool' | null;
  readonly value: ParameterValue;
  readonly from: IsoDate;
  readonly clause: string;
  readonly rows: readonly string[];
  readonly reading: ReadingUsed | null;
  /** The overlay that gave the value; null when the region's own text did. */
  readonly overlay: string | null;
  readonly sample: boolean;
}

/** Something a computation needs and nobody has given: a parameter the text leaves open, or a cited record. */
export interface Gap {
  readonly id: string;
  readonly label: string;
  readonly reason: string;
  readonly clause: string;
  readonly rows: readonly string[];
}

export interface PolicyContent {
  readonly region: string;
  readonly on: IsoDate;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly gaps: ReadonlyMap<string, Gap>;
  /** What the region asks people to file. */
  readonly filings: ReadonlyMap<string, FilingRecord>;
}

/**
 * A region's parameters on one day. Reading an open parameter throws with the gap, so that nothing unspecified is ever taken
 * as zero; a plan asks for all its gaps before it starts.
 */
export class PolicyAt {
  readonly region: string;
  readonly on: IsoDate;

  constructor(readonly content: PolicyContent) {
    this.region = content.region;
    this.on = content.on;
  }

  get parameters(): ReadonlyMap<string, Parameter> {
    return this.content.parameters;
  }

  /** Every open parameter of the region, needed or not. */
  get gaps(): readonly Gap[] {
    return [...this.content.gaps.values()];
  }

  /** @throws PolicyGapError when it is unspecified; RangeError when the region does not know it */
  parameter(id: string): Parameter {
    const found = this.content.parameters.get(id);
    if (found !== undefined) return found;
    const gap = this.gapOf(id);
    if (gap !== null) throw new PolicyGapError(this.region, this.on, [gap]);
    throw new RangeError(`region ${this.region} has no parameter ${id}`);
  }

  /** The gap that a parameter leaves, or null when it has a value. */
  gapOf(id: string): Gap | null {
    if (this.content.parameters.has(id)) return null;
    return this.content.gaps.get(id) ?? unknownTo(this.region, id);
  }

  /** The same policy with one parameter open after all, for a reason its file could not know. */
  without(id: string, reason: string): PolicyAt {
    const { label, clause, rows } = this.parameter(id);
    const parameters = new Map(this.content.parameters);
    parameters.delete(id);
    const gaps = new Map(this.content.gaps).set(id, { id, label, clause, rows, reason });
    return new PolicyAt({ ...this.content, parameters, gaps });
  }

  /** A ratio, by grade or pool where the parameter is. */
  ratio(id: string, key?: string): Decimal {
    return decimal(this.text(id, key));
  }

  /** A choice, date or plain text, by grade or pool where the parameter is. */
  text(id: string, key?: string): string {
    const { value } = this.parameter(id);
    if (typeof value === 'string') return value;
    const found = Array.isArray(value) || key === undefined ? undefined : value[key];
    if (found === undefined)
      throw new RangeError(`${id} has no single value for ${key ?? '(no key)'}`);
    return found;
  }

  list(id: string): readonly string[] {
    const { value } = this.parameter(id);
    if (!isTextList(value)) throw new RangeError(`${id} is not a list`);
    return value;
  }

  /** The rows of a table, each by column. */
  table(id: string): readonly Readonly<Record<string, string>>[] {
    const { value } = this.parameter(id);
    if (!Array.isArray(value) || isTextList(value)) throw new RangeError(`${id} is not a table`);
    return value.filter((row) => typeof row !== 'string');
  }

  /** What the region says of a fact to be filed. @throws RangeError when it asks for none of that name */
  filing(name: string): FilingRecord {
    const found = this.content.filings.get(name);
    if (found === undefined) throw new RangeError(`region ${this.region} asks for no ${name}`);
    return found;
  }
}

function isTextList(value: ParameterValue): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function unknownTo(region: string, id: string): Gap {
  return { id, label: id, reason: `地区 ${region} 的政策文件没有这个参数`, clause: '', rows: [] };
}

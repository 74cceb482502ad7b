/** Columns that grow by doubling. */

export class IntColumn {
  values: Int32Array;
  length = 0;

  constructor(capacity = 1024) {
    this.values = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const values = new Int32Array(this.length * 2);
      values.set(this.values);
      this.values = values;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }

  add(index: number, value: number): void {
    this.values[index] = (this.values[index] ?? 0) + value;
  }
}

export class NumberColumn {
  values: Float64Array;
  length = 0;

  constructor(capacity = 1024) {
    this.values = new Float64Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const values = new Float64Array(this.length * 2);
      values.set(this.values);
      this.values = values;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }

  add(index: number, value: number): void {
    this.values[index] = (this.values[index] ?? 0) + value;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Texts by number, as bytes: a part cut out of a text would keep alive all that was read with it. */
export class TextColumn {
  length = 0;
  private bytes = new Uint8Array(1 << 12);
  private readonly ends = new NumberColumn();

  push(text: string): void {
    const start = this.startOf(this.length);
    if (this.bytes.length - start < text.length * 3) this.grow(start + text.length * 3);
    this.ends.push(start + encoder.encodeInto(text, this.bytes.subarray(start)).written);
    this.length += 1;
  }

  at(index: number): string {
    return decoder.decode(this.bytes.subarray(this.startOf(index), this.ends.at(index)));
  }

  private startOf(index: number): number {
    return index === 0 ? 0 : this.ends.at(index - 1);
  }

  private grow(least: number): void {
    const bytes = new Uint8Array(Math.max(least, this.bytes.length * 2));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}

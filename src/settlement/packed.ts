import { Decimal, decimal } from '../kernel/decimal.js';
import { type Fen, fen } from '../kernel/money.js';

/** JSON that gives amounts and decimals back as they were: `{"fen":"123"}`, `{"decimal":"0.06"}`. */
export type Packed =
  | string
  | number
  | boolean
  | null
  | readonly Packed[]
  | { readonly [key: string]: Packed };

/** A plain value of texts, amounts, decimals, lists and records, ready for a JSON column. Absent keys stay absent. */
export function pack(value: unknown): Packed {
  if (typeof value === 'bigint') return { fen: value.toString() };
  if (Decimal.isDecimal(value)) return { decimal: new Decimal(value).toFixed() };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return scalar(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, pack(each)]));
}

/** What `pack` was given. The caller knows its type. @throws RangeError for a decimal that is none */
export function unpack<Value>(packed: Packed): Value {
  return restored(packed) as Value;
}

function restored(packed: Packed): unknown {
  if (Array.isArray(packed)) return packed.map(restored);
  if (typeof packed !== 'object' || packed === null) return packed;
  const entries = Object.entries(packed);
  const [first] = entries;
  if (first !== undefined && entries.length === 1) {
    const tagged = amountOf(first[0], first[1]);
    if (tagged !== null) return tagged;
  }
  return Object.fromEntries(entries.map(([key, each]) => [key, restored(each)]));
}

function amountOf(tag: string, value: unknown): Fen | Decimal | null {
  if (typeof value !== 'string') return null;
  if (tag === 'fen') return fen(BigInt(value));
  return tag === 'decimal' ? decimal(value) : null;
}

function scalar(value: unknown): Packed {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (value === null) return null;
  throw new RangeError(`cannot be stored: ${typeof value}`);
}

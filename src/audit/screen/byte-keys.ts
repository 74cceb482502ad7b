/**
 * Numbers byte strings in the order they came: a hash table of offsets into one growing buffer, so that a key met in a chunk from the
 * wire is found without making a text of it.
 */
export class ByteKeys {
  private slots = new Int32Array(1 << 12);
  private hashes = new Int32Array(1 << 11);
  private starts = new Uint32Array((1 << 11) + 1);
  private bytes = new Uint8Array(1 << 16);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The number of a key, or -1. `hash` is that of `hashBytes` over the same bytes. */
  find(from: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const key = (this.slots[slot] ?? 0) - 1;
      if (key === -1) return -1;
      if (this.hashes[key] === hash && this.equals(key, from, start, end)) return key;
    }
  }

  /** The number of a key, given anew where it was not known. */
  add(from: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(from, start, end);
    const known = this.find(from, start, end, hash);
    if (known !== -1) return known;
    if ((this.count + 1) * 2 > this.slots.length) this.grow();
    const key = this.count;
    const at = this.starts[key] ?? 0;
    this.reserve(at + end - start);
    this.bytes.set(from.subarray(start, end), at);
    this.starts[key + 1] = at + end - start;
    this.hashes[key] = hash;
    this.count += 1;
    this.place(key);
    return key;
  }

  /** Whether the bytes are those of the key. */
  equals(key: number, from: Uint8Array, start: number, end: number): boolean {
    const at = this.starts[key] ?? 0;
    const length = (this.starts[key + 1] ?? 0) - at;
    if (length !== end - start) return false;
    for (let index = 0; index < length; index += 1)
      if (this.bytes[at + index] !== from[start + index]) return false;
    return true;
  }

  /** The bytes of a key, as they stand in the table. */
  bytesOf(key: number): Uint8Array {
    return this.bytes.subarray(this.starts[key] ?? 0, this.starts[key + 1] ?? 0);
  }

  private place(key: number): void {
    const mask = this.slots.length - 1;
    let slot = (this.hashes[key] ?? 0) & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = key + 1;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const capacity = this.slots.length / 2;
    const hashes = new Int32Array(capacity);
    hashes.set(this.hashes);
    this.hashes = hashes;
    const starts = new Uint32Array(capacity + 1);
    starts.set(this.starts);
    this.starts = starts;
    for (let key = 0; key < this.count; key += 1) this.place(key);
  }

  private reserve(length: number): void {
    if (length <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(length, this.bytes.length * 2));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}

const PRIME = 0x01000193;
export const HASH_BASIS = 0x811c9dc5 | 0;

/** FNV-1a, with its halves folded so that the low bits serve as a slot. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_BASIS;
  for (let index = start; index < end; index += 1)
    hash = Math.imul(hash ^ (bytes[index] ?? 0), PRIME);
  return hash ^ (hash >>> 15);
}

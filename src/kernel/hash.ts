import { createHash, createHmac } from 'node:crypto';

/** What a digest may be taken of. A bigint is written as its decimal text; `undefined` keys are left out. */
export type Canonical =
  | string
  | number
  | boolean
  | null
  | bigint
  | undefined
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

/** JSON with sorted keys and bigint as text: the same content always gives the same bytes. */
export function canonicalJson(content: Canonical): string {
  if (typeof content === 'bigint') return JSON.stringify(content.toString());
  if (Array.isArray(content))
    return `[${content.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof content !== 'object' || content === null) return JSON.stringify(content ?? null);
  const entries = Object.entries(content)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => `${JSON.stringify(key)}:${canonicalJson(value)}`);
  return `{${entries.join(',')}}`;
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 over canonical JSON: the digest of a result's business content. */
export function digest(content: Canonical): string {
  return sha256(canonicalJson(content));
}

/** Keyed hash for identifiers that must be matched but not kept, such as certificate numbers. */
export function keyedHash(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

import type { SourceUnit } from '../connectors/connector.js';

/** A file that landed before, and the window in which it did. */
export interface LandedFile {
  readonly name: string;
  readonly digest: string;
  readonly size: string;
  readonly modifiedMs: string;
  readonly from: string;
  readonly to: string;
}

export interface Window {
  readonly from: string;
  readonly to: string;
}

/** The digest of a file that looks as it did when it landed; null when its bytes must be read to know. */
export function rememberedDigest(unit: SourceUnit, known: readonly LandedFile[]): string | null {
  const seen = known.find(
    ({ name, size, modifiedMs }) =>
      name === unit.name && size === String(unit.size) && modifiedMs === String(unit.modifiedMs),
  );
  return seen?.digest ?? null;
}

/**
 * What to do with a file that lies there.
 * - `read`: it never landed; or it is about this window (reading it again changes nothing); or it came late and landed in this window.
 * - `duplicate`: its bytes landed under another name.
 * - `skip`: it is late and landed in another window already.
 */
export function fileChoice(
  file: SourceUnit & { readonly fingerprint: string },
  known: readonly LandedFile[],
  window: Window,
): 'read' | 'duplicate' | 'skip' {
  const same = known.filter(({ digest }) => digest === file.fingerprint);
  const own = same.find(({ name }) => name === file.name);
  if (own === undefined) return same.length === 0 ? 'read' : 'duplicate';
  if (file.day >= window.from && file.day < window.to) return 'read';
  return own.from === window.from && own.to === window.to ? 'read' : 'skip';
}

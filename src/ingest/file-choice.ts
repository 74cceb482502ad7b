import type { SourceUnit } from '../connectors/connector.js';

/** A file that was dealt with before, and the window in which it was first met. */
export interface KnownFile {
  readonly name: string;
  readonly digest: string;
  readonly size: string;
  readonly modifiedMs: string;
  /** An empty file is nobody's original: a quiet day looks like another quiet day. */
  readonly outcome: 'landed' | 'empty' | 'duplicate' | 'rejected';
  readonly from: string;
  readonly to: string;
}

export interface Window {
  readonly from: string;
  readonly to: string;
}

/** The digest of a file that looks as it did when it landed; null when its bytes must be read to know. */
export function rememberedDigest(unit: SourceUnit, known: readonly KnownFile[]): string | null {
  const seen = known.find(
    ({ name, size, modifiedMs }) =>
      name === unit.name && size === String(unit.size) && modifiedMs === String(unit.modifiedMs),
  );
  return seen?.digest ?? null;
}

/**
 * What to do with a file that lies there. It belongs to this window when it is about its days, or was first met in it; else, having
 * been dealt with, it is skipped. Of two files with the same bytes the later one is a duplicate.
 */
export function fileChoice(
  file: SourceUnit & { readonly fingerprint: string },
  known: readonly KnownFile[],
  window: Window,
): 'read' | 'duplicate' | 'skip' {
  const same = known.filter(({ digest }) => digest === file.fingerprint);
  const own = same.find(({ name }) => name === file.name);
  if (own === undefined) {
    return same.some(({ outcome }) => outcome === 'landed') ? 'duplicate' : 'read';
  }
  const isAboutWindow = file.day >= window.from && file.day < window.to;
  const wasMetInWindow = own.from === window.from && own.to === window.to;
  if (!isAboutWindow && !wasMetInWindow) return 'skip';
  return own.outcome === 'duplicate' ? 'duplicate' : 'read';
}

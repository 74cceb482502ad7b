/** File names of drops: a day or month token, `*` for anything, everything else as written. */
export interface FilePattern {
  /** First day the file is about, or null when the name does not match. */
  dayOf(name: string): string | null;
}

const TOKENS: Readonly<Record<string, string>> = {
  '{yyyyMMdd}': '(\\d{8})',
  '{yyyyMM}': '(\\d{6})',
  '{yyyyMMdd?}': '(\\d{8}|\\d{6})',
  '*': '.*',
};
const PIECES = /\{[^}]*\}|\*|[^{*]+/g;

/** @returns null unless the pattern holds exactly one date token and no unknown one */
export function filePattern(pattern: string): FilePattern | null {
  const pieces = pattern.match(PIECES) ?? [];
  const dates = pieces.filter((piece) => piece.startsWith('{'));
  if (dates.length !== 1 || TOKENS[dates[0] ?? ''] === undefined) return null;
  const source = pieces
    .map((piece) => TOKENS[piece] ?? piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
  const expression = new RegExp(`^${source}$`, 'u');
  return {
    dayOf(name) {
      const digits = expression.exec(name)?.[1];
      return digits === undefined
        ? null
        : `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8) || '01'}`;
    },
  };
}

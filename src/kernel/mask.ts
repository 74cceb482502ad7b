/** Keeps the ends of an identifier and hides the middle: `460200********1234` stays recognisable, not usable. */
export function maskIdentifier(text: string): string {
  if (text.length <= 4) return '*'.repeat(text.length);
  const edge = text.length >= 12 ? 4 : 2;
  return `${text.slice(0, edge)}${'*'.repeat(text.length - 2 * edge)}${text.slice(-edge)}`;
}

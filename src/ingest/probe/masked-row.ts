import { maskIdentifier } from '../../kernel/mask.js';
import type { CanonicalRow } from '../mapping/canonical-rows.js';

/** A canonical row as anybody may see it: who it is about is hidden, what was charged is not. */
export type MaskedRow = Readonly<Record<string, string>>;

const IDENTIFIERS = new Set(['personId', 'claimNo', 'refundOf', 'prescriptionNo']);
/** May hold a name where a code belongs. */
const PEOPLE = new Set(['doctor']);

export function maskedRow(row: CanonicalRow): MaskedRow {
  if ('refused' in row) return { 隔离: row.refused.join('；') };
  return Object.fromEntries(
    Object.entries(row.fields).map(([name, text]) => [name, maskedCell(name, text)]),
  );
}

function maskedCell(name: string, text: string): string {
  if (IDENTIFIERS.has(name)) return maskIdentifier(text);
  if (PEOPLE.has(name)) return '*';
  return name === 'birthDate' ? `${text.slice(0, 4)}-**-**` : text;
}

import type { RawRow } from '../../connectors/connector.js';
import { FIELDS, type Stream } from '../fields.js';
import type { StreamConfig } from '../institution-config.js';
import { compileMapping } from './compile-mapping.js';
import { faultMessage } from './faults.js';

/** A row as it would land, by canonical field; blanks are left out. Or why it would not. */
export type CanonicalRow =
  | { readonly fields: Readonly<Record<string, string>> }
  | { readonly refused: readonly string[] };

/** Any key does for looking at rows: certificate numbers are shown as present, not as hashes. */
const LOOKING = 'looking-at-rows-only';

/** Rows one by one through a stream's mapping, for people and golden files. Amounts in fen. */
export function canonicalRows(
  stream: Stream,
  config: StreamConfig,
  rows: readonly RawRow[],
): readonly CanonicalRow[] {
  const mapper = compileMapping(stream, config, { certificateKey: LOOKING, settledBefore: null });
  const specs = Object.entries(FIELDS[stream]);
  return rows.map((row) => {
    const { refused, copyBytes } = mapper.map({ rows: [row] }, 0);
    const faults = refused[0]?.faults;
    if (faults !== undefined) return { refused: faults.map(faultMessage) };
    const cells = new TextDecoder().decode(copyBytes).trimEnd().split('\t');
    const given = specs.flatMap(([name, { kind }], index) => {
      const cell = cells[index] ?? '\\N';
      if (cell === '\\N') return [];
      return [[name, kind === 'certificate' ? '（已散列）' : cell.replaceAll('\\\\', '\\')]];
    });
    return { fields: Object.fromEntries(given) as Record<string, string> };
  });
}

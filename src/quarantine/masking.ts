import { FIELDS, type Stream } from '../ingest/fields.js';
import type { StreamConfig } from '../ingest/institution-config.js';
import { columnsOf, mappingOf } from '../ingest/mapping/source-columns.js';
import { maskIdentifier } from '../kernel/mask.js';

/** What a raw cell says about a person. */
type Privacy = 'identifier' | 'birth-date';

const PERSONAL_FIELDS: Readonly<Record<string, Privacy>> = {
  personId: 'identifier',
  certificate: 'identifier',
  birthDate: 'birth-date',
};

/** A resident's 18-character certificate number, in whatever column it may stand. */
const CERTIFICATE =
  /(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/g;

/** Raw columns behind fields that identify a person. */
export function personalColumns(
  stream: Stream,
  config: StreamConfig,
): ReadonlyMap<string, Privacy> {
  const found = new Map<string, Privacy>();
  for (const name of Object.keys(FIELDS[stream])) {
    const privacy = PERSONAL_FIELDS[name];
    const mapping = privacy === undefined ? undefined : mappingOf(config, name);
    if (privacy === undefined || mapping === undefined) continue;
    for (const column of columnsOf(mapping)) found.set(column, privacy);
  }
  return found;
}

/** The cell as anybody may see it. Blank cells stay blank: that they are is often the fault. */
export function maskedCell(text: string | null, privacy: Privacy | undefined): string | null {
  if (text === null || text.trim() === '') return text;
  if (privacy === 'identifier') return maskIdentifier(text);
  if (privacy === 'birth-date')
    return text.slice(0, 4) + text.slice(4).replace(/[\p{L}\p{N}]/gu, '*');
  return withoutCertificates(text);
}

/** Certificate numbers hidden wherever they stand in a text. */
export function withoutCertificates(text: string): string {
  return text.replace(CERTIFICATE, maskIdentifier);
}

/** An entry, or a group of them, with nobody's number in it. */
export function maskedEntry<
  T extends {
    readonly stream: Stream;
    readonly message: string;
    readonly naturalKey?: string | null;
  },
>(entry: T): T {
  const { stream, naturalKey } = entry;
  const message = withoutCertificates(entry.message);
  if (naturalKey == null) return { ...entry, message };
  const shown =
    stream === 'persons' ? maskIdentifier(naturalKey) : naturalKey.replaceAll('\u001f', ' / ');
  return { ...entry, message, naturalKey: shown };
}

/** A canonical field's text as anybody may see it. */
export function maskedField(name: string, text: string | null): string | null {
  if (name === 'certificate' && text !== null) return '已提供';
  return maskedCell(text, PERSONAL_FIELDS[name]);
}

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/errors.js';
import type { Site } from '../config/site.js';
import { type Envelope, envelopeSchema, open, rewrap, seal } from './envelope.js';
import { KeyMissingError, SecretMissingError } from './errors.js';
import { type KeyRing, newKey, readKeys, readOrMakeKeys, writeKeys } from './key-file.loader.js';
import { replaceReferences } from './reference.js';

const fileSchema = z.strictObject({ secrets: z.record(z.string(), envelopeSchema) });
type Envelopes = Readonly<Record<string, Envelope>>;

/** What may be shown of a secret. */
export interface SecretSummary {
  readonly name: string;
  readonly version: number;
  readonly kekId: string;
  readonly setAt: string;
}

/** Where a site keeps its envelopes: with its other configuration, so that every host that has the one has the other. */
export function envelopesPathOf({ siteDir }: Site): string {
  return join(siteDir, 'secrets.json');
}

/**
 * A copy of configuration values with `${secret:name}` replaced, for the moment a connection opens. What has no reference needs no key.
 *
 * @throws SecretMissingError, KeyMissingError, EnvelopeBrokenError
 */
export function revealed<T>(value: T, site: Site): T {
  let known: { readonly envelopes: Envelopes; readonly keys: KeyRing } | null = null;
  return replaceReferences(value, (name) => {
    known ??= { envelopes: readEnvelopes(site), keys: readKeys(site) };
    const envelope = known.envelopes[name];
    if (envelope === undefined) throw missing(name);
    return open(name, envelope, keyFor(envelope, known.keys));
  });
}

export function listSecrets(site: Site): readonly SecretSummary[] {
  return Object.entries(readEnvelopes(site))
    .map(([name, { version, kekId, setAt }]) => ({ name, version, kekId, setAt }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Stores a secret, or its next version. @returns its summary, and whether the site's key was made on the way */
export function storeSecret(
  site: Site,
  { name, text, at }: { readonly name: string; readonly text: string; readonly at: Date },
): SecretSummary & { readonly keyPath: string; readonly madeKey: boolean } {
  const envelopes = readEnvelopes(site);
  const keys = readOrMakeKeys(site);
  const version = (envelopes[name]?.version ?? 0) + 1;
  const setAt = at.toISOString();
  const envelope = seal({ name, version, text, setAt }, keys.current, randomBytes);
  writeEnvelopes(site, { ...envelopes, [name]: envelope });
  return { name, version, kekId: keys.current.id, setAt, keyPath: keys.path, madeKey: keys.made };
}

/** @throws SecretMissingError */
export function removeSecret(site: Site, name: string): void {
  const { [name]: gone, ...kept } = readEnvelopes(site);
  if (gone === undefined) throw missing(name);
  writeEnvelopes(site, kept);
}

/** First half of a change of key: the new one stands first, the old ones still open. */
export function prepareKey(site: Site): KeyRing {
  const { path, all } = readKeys(site);
  writeKeys(path, [newKey(), ...all]);
  return readKeys(site);
}

/**
 * Second half: every envelope is wrapped by the first key, then the older keys leave the file. Killed at any point it can be run again.
 * @returns how many envelopes were wrapped anew
 */
export function finishKeyChange(site: Site): {
  readonly kekId: string;
  readonly rewrapped: number;
} {
  const keys = readKeys(site);
  const envelopes = readEnvelopes(site);
  let rewrapped = 0;
  const wrapped = Object.entries(envelopes).map(([name, envelope]) => {
    const from = keyFor(envelope, keys);
    if (from.id === keys.current.id) return [name, envelope] as const;
    rewrapped += 1;
    return [name, rewrap(name, envelope, { from, to: keys.current, random: randomBytes })] as const;
  });
  writeEnvelopes(site, Object.fromEntries(wrapped));
  writeKeys(keys.path, [keys.current]);
  return { kekId: keys.current.id, rewrapped };
}

function readEnvelopes(site: Site): Envelopes {
  const path = envelopesPathOf(site);
  if (!existsSync(path)) return {};
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).secrets;
  } catch {
    throw new ConfigError([{ path, line: 0, column: 0, message: '不是机密信封文件，或已损坏' }]);
  }
}

function writeEnvelopes(site: Site, envelopes: Envelopes): void {
  const path = envelopesPathOf(site);
  const secrets = Object.fromEntries(
    Object.entries(envelopes).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const unfinished = `${path}.unfinished`;
  writeFileSync(unfinished, `${JSON.stringify({ secrets }, null, 2)}\n`, { mode: 0o640 });
  renameSync(unfinished, path);
}

function keyFor({ kekId }: Envelope, { all, path }: KeyRing) {
  const key = all.find(({ id }) => id === kekId);
  if (key !== undefined) return key;
  throw new KeyMissingError(`主密钥文件 ${path} 中没有封装机密所用的密钥 ${kekId}`, {
    path,
    kekId,
  });
}

const missing = (name: string): SecretMissingError =>
  new SecretMissingError(`没有名为 ${name} 的机密`, { name });

import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { z } from 'zod';
import { EnvelopeBrokenError } from './errors.js';

/**
 * A secret as it lies on disk: encrypted by a key of its own (DEK), which is encrypted by the site's key (KEK). Both are AES-256-GCM and
 * bound to the secret's name and version, so that an envelope put under another name, or an older one put back, does not open.
 */
const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);
export const envelopeSchema = z.strictObject({
  version: z.int().min(1),
  algorithm: z.literal('AES-256-GCM'),
  /** Which key wraps it. */
  kekId: z.string().regex(/^[0-9a-f]{16}$/),
  wrappedKey: base64,
  sealed: base64,
  setAt: z.string(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** A key that wraps keys: 32 bytes and the name that is derived from them. */
export interface KeyEncryptionKey {
  readonly id: string;
  readonly bytes: Buffer;
}

export type RandomBytes = (count: number) => Buffer;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @returns null when the bytes are no key */
export function keyOf(bytes: Buffer): KeyEncryptionKey | null {
  if (bytes.length !== KEY_BYTES) return null;
  const id = createHash('sha256').update('heyi-kek\0').update(bytes).digest('hex').slice(0, 16);
  return { id, bytes };
}

export function seal(
  {
    name,
    version,
    text,
    setAt,
  }: Readonly<Record<'name' | 'text' | 'setAt', string>> & {
    readonly version: number;
  },
  kek: KeyEncryptionKey,
  random: RandomBytes,
): Envelope {
  const dek = random(KEY_BYTES);
  const bound = { name, version };
  return {
    version,
    algorithm: 'AES-256-GCM',
    kekId: kek.id,
    wrappedKey: encrypted(dek, kek.bytes, { aad: aad('key', bound), nonce: random(NONCE_BYTES) }),
    sealed: encrypted(Buffer.from(text), dek, {
      aad: aad('secret', bound),
      nonce: random(NONCE_BYTES),
    }),
    setAt,
  };
}

/** @throws EnvelopeBrokenError */
export function open(name: string, envelope: Envelope, kek: KeyEncryptionKey): string {
  const dek = unwrap(name, envelope, kek);
  return decrypted(name, envelope.sealed, {
    key: dek,
    aad: aad('secret', { name, ...envelope }),
  }).toString();
}

/** The same secret under another key; what is sealed is not touched. @throws EnvelopeBrokenError */
export function rewrap(
  name: string,
  envelope: Envelope,
  {
    from,
    to,
    random,
  }: {
    readonly from: KeyEncryptionKey;
    readonly to: KeyEncryptionKey;
    readonly random: RandomBytes;
  },
): Envelope {
  const dek = unwrap(name, envelope, from);
  const wrappedKey = encrypted(dek, to.bytes, {
    aad: aad('key', { name, ...envelope }),
    nonce: random(NONCE_BYTES),
  });
  return { ...envelope, kekId: to.id, wrappedKey };
}

function unwrap(name: string, envelope: Envelope, kek: KeyEncryptionKey): Buffer {
  return decrypted(name, envelope.wrappedKey, {
    key: kek.bytes,
    aad: aad('key', { name, ...envelope }),
  });
}

function aad(
  what: 'key' | 'secret',
  { name, version }: { readonly name: string; readonly version: number },
): Buffer {
  return Buffer.from(JSON.stringify(['heyi', what, name, version]));
}

function encrypted(
  plain: Buffer,
  key: Buffer,
  { aad: bound, nonce }: { readonly aad: Buffer; readonly nonce: Buffer },
): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

function decrypted(
  name: string,
  text: string,
  { key, aad: bound }: { readonly key: Buffer; readonly aad: Buffer },
): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(bound);
    decipher.setAuthTag(tag);
    const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw new EnvelopeBrokenError(`机密 ${name} 无法解开：内容被改动，或主密钥不对`, { name });
  }
}

import { randomBytes, randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** argon2id as OWASP advises it: 19 MiB, two passes, one lane; about 50 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), COST);
}

const nobodysHash = hashPassword(randomBytes(24).toString('base64'));

/** @param stored  null: there is no such account; it takes as long as if there were one, and is never right */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  const right = await verify(stored ?? (await nobodysHash), password.normalize('NFC'));
  return right && stored !== null;
}

/** Without characters that are mistaken for one another. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679';

/** Four groups of four characters, 89 bits: to be read from a screen once and changed. */
export function generatePassword(): string {
  const group = () =>
    Array.from({ length: 4 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');
  return [group(), group(), group(), group()].join('-');
}

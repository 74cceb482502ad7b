import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Envelope, keyOf, open, rewrap, seal } from './envelope.js';
import { EnvelopeBrokenError } from './errors.js';
import { referredSecret, replaceReferences } from './reference.js';

function key() {
  const made = keyOf(randomBytes(32));
  if (made === null) throw new Error('no key');
  return made;
}

const kek = key();
const sealed = (name = 'lead-his', version = 1): Envelope =>
  seal({ name, version, text: '口令 p@ss', setAt: '2024-03-01T00:00:00Z' }, kek, randomBytes);

describe('an envelope', () => {
  it('opens under its name, version and key', () => {
    expect(open('lead-his', sealed(), kek)).toBe('口令 p@ss');
  });

  it('shows nothing of what it holds and never looks the same twice', () => {
    const [one, two] = [sealed(), sealed()];
    expect(JSON.stringify(one)).not.toMatch(/p@ss|口令/);
    expect(one.sealed).not.toBe(two.sealed);
    expect(one.wrappedKey).not.toBe(two.wrappedKey);
  });

  it.each<[string, (envelope: Envelope) => readonly [string, Envelope]]>([
    ['another name', (envelope) => ['tcm-his', envelope]],
    ['another version', (envelope) => ['lead-his', { ...envelope, version: 2 }]],
    [
      'a changed content',
      (envelope) => ['lead-his', { ...envelope, sealed: flipped(envelope.sealed) }],
    ],
    [
      'a changed key',
      (envelope) => ['lead-his', { ...envelope, wrappedKey: flipped(envelope.wrappedKey) }],
    ],
    ['another one’s content', (envelope) => ['lead-his', { ...envelope, sealed: sealed().sealed }]],
    ['nothing', (envelope) => ['lead-his', { ...envelope, sealed: 'AAAA' }]],
  ])('does not open with %s', (_, change) => {
    const [name, envelope] = change(sealed());
    expect(() => open(name, envelope, kek)).toThrow(EnvelopeBrokenError);
  });

  it('does not open with another key, and does after it was wrapped by that one', () => {
    const other = key();
    const envelope = sealed();
    expect(() => open('lead-his', envelope, other)).toThrow(EnvelopeBrokenError);
    const wrapped = rewrap('lead-his', envelope, { from: kek, to: other, random: randomBytes });
    expect(open('lead-his', wrapped, other)).toBe('口令 p@ss');
    expect(wrapped).toMatchObject({ kekId: other.id, sealed: envelope.sealed });
  });

  it('knows a key by its length', () => {
    expect(keyOf(randomBytes(31))).toBeNull();
  });
});

function flipped(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes.toString('base64');
}

describe('a reference', () => {
  it.each([
    ['${secret:lead-his}', 'lead-his'],
    ['${secret:}', null],
    ['x${secret:a}', null],
    ['${SECRET}', null],
    [7, null],
  ])('%p names %p', (value, name) => {
    expect(referredSecret(value)).toBe(name);
  });

  it('is replaced wherever it stands', () => {
    const options = { user: 'u', password: '${secret:a}', list: ['${secret:b}', 1], none: null };
    expect(replaceReferences(options, (name) => name.toUpperCase())).toEqual({
      user: 'u',
      password: 'A',
      list: ['B', 1],
      none: null,
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { cleanMessage } from './clean-message.js';

describe('cleanMessage', () => {
  it.each([
    ['NUL', 'a\0b', 'a␀b'],
    ['a lone high surrogate', 'a\uD83Db', 'a\uFFFDb'],
    ['a lone low surrogate', 'a\uDE00b', 'a\uFFFDb'],
    ['a whole pair, kept', '𠮷', '𠮷'],
  ])('%s', (_, text, clean) => {
    expect(cleanMessage(new Error(text))).toBe(clean);
  });

  it('cuts a long message without splitting a character', () => {
    const cut = cleanMessage('𠮷'.repeat(2_000));
    expect(cut.endsWith('…')).toBe(true);
    expect(encodeURIComponent(cut)).toMatch(/%E2%80%A6$/); // throws on a split character
    expect(cut.length).toBeLessThanOrEqual(2_001);
  });

  it('takes what is not an error', () => {
    expect(cleanMessage(7)).toBe('7');
  });
});

import { describe, expect, it } from '@jest/globals';
import { passwordFault } from './password-rules.js';

const RULES = { leastCharacters: 12, mostCharacters: 256 };

describe('passwordFault', () => {
  it.each([
    '椰林镇卫生院窗口三号机柜',
    'correct horse battery staple',
    'Xk9-mmw2-Lq7t',
    'password-xv81mq', // a common word, and enough besides
    'x1x1x1abCD92',
  ])('takes %s', (password) => {
    expect(passwordFault(password, 'finance', RULES)).toBeNull();
  });

  it.each([
    ['eleven char', 'Xk9-mmw2-Lq'],
    ['257 characters', 'ab1!9'.repeat(52)],
    ['the user name in it', 'my-FINANCE-key-77'],
    ['one character', 'aaaaaaaaaaaaaaaa'],
    ['a row', 'abcdefghijklmn'],
    ['a row backwards', 'zyxwvutsrqponm'],
    ['common words', 'password123456'],
    ['common words together', 'Admin-Hospital1'],
  ])('refuses %s', (_, password) => {
    expect(passwordFault(password, 'finance', RULES)).not.toBeNull();
  });
});

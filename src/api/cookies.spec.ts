import { describe, expect, it } from '@jest/globals';
import { sessionCookie, sessionTokenOf } from './cookies.js';

const TOKEN = 'a'.repeat(43);

describe('the session cookie', () => {
  it('is out of reach of scripts, other sites and, over TLS, plain text and subdomains', () => {
    expect(sessionCookie(TOKEN, false)).toBe(
      `heyi_session=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`,
    );
    expect(sessionCookie(TOKEN, true)).toBe(
      `__Host-heyi_session=${TOKEN}; Path=/; HttpOnly; SameSite=Strict; Secure`,
    );
    expect(sessionCookie(null, false)).toContain('Max-Age=0');
  });

  it.each([
    ['alone', `heyi_session=${TOKEN}`, TOKEN],
    ['among others', `a=1; heyi_session=${TOKEN}; b=2`, TOKEN],
    ['none', undefined, null],
    ['another name', `xheyi_session=${TOKEN}`, null],
    ['two that differ', `heyi_session=${TOKEN}; heyi_session=${'b'.repeat(43)}`, null],
    ['not one of ours', 'heyi_session=1', null],
  ])('is read: %s', (_, header, expected) => {
    expect(sessionTokenOf(header, false)).toBe(expected);
  });

  it('has another name over TLS', () => {
    expect(sessionTokenOf(`heyi_session=${TOKEN}`, true)).toBeNull();
    expect(sessionTokenOf(`__Host-heyi_session=${TOKEN}`, true)).toBe(TOKEN);
  });
});

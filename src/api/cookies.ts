/** The session cookie: a browser gives one with the `__Host-` prefix only to this very host, over TLS, and no subdomain can set it. */
export function sessionCookieName(secure: boolean): string {
  return secure ? '__Host-heyi_session' : 'heyi_session';
}

/** @param token  null takes the cookie back */
export function sessionCookie(token: string | null, secure: boolean): string {
  const parts = [
    `${sessionCookieName(secure)}=${token ?? ''}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
  ];
  if (secure) parts.push('Secure');
  if (token === null) parts.push('Max-Age=0');
  return parts.join('; ');
}

/** What we hand out as a session token; anything else is not looked up. */
const TOKEN = /^[\w-]{43}$/;

/** The session token among the cookies of a request; null when there is none, or two that differ. */
export function sessionTokenOf(header: string | undefined, secure: boolean): string | null {
  const name = `${sessionCookieName(secure)}=`;
  const values = new Set(
    (header ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(name))
      .map((part) => part.slice(name.length)),
  );
  const [token] = values;
  return values.size === 1 && token !== undefined && TOKEN.test(token) ? token : null;
}

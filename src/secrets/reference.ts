/** `${secret:lead-his}` in a configuration file: the whole value is the secret of that name. */
const REFERENCE = /^\$\{secret:([a-z0-9][a-z0-9-]{0,62})\}$/;
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const isSecretName = (text: string): boolean => NAME.test(text);

/** The name a value refers to, or null when it refers to none. */
export function referredSecret(value: unknown): string | null {
  return typeof value === 'string' ? (REFERENCE.exec(value)?.[1] ?? null) : null;
}

/** A copy of a plain value in which every reference has been replaced. */
export function replaceReferences<T>(value: T, reveal: (name: string) => string): T {
  const replaced = (each: unknown): unknown => {
    const name = referredSecret(each);
    if (name !== null) return reveal(name);
    if (Array.isArray(each)) return each.map(replaced);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, replaced(inner)]));
  };
  return replaced(value) as T;
}

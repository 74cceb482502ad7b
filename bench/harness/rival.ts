/** Rival engines live in bench/node_modules, which a clone need not have: they are named at run time. */
export async function rival<Engine>(name: string): Promise<Engine> {
  return (await import(name)) as Engine;
}

/** @returns why the engine cannot be loaded, or null */
export async function rivalMissing(name: string): Promise<string | null> {
  try {
    await rival(name);
    return null;
  } catch {
    return `${name} is not installed (npm ci --prefix bench)`;
  }
}

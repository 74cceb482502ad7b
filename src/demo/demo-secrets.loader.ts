import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const secretsSchema = z.strictObject({
  /** Password of the read-only login of the three hospital databases. */
  sourcePassword: z.string().min(16),
  /** Key of the certificate hashes. Another key would make every person a stranger. */
  certificateKey: z.string().min(16),
});
export type DemoSecrets = z.infer<typeof secretsSchema>;

/** The demo's secrets: made at random once, kept beside its data, readable by their owner alone. */
export function demoSecrets(path: string): DemoSecrets {
  if (existsSync(path)) return secretsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const secrets = { sourcePassword: random(), certificateKey: random() };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

const random = (): string => randomBytes(24).toString('base64url');

import { z } from 'zod';
import { type Canonical, digest } from '../../kernel/hash.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);
/** A path below the folder of the backup. */
const filePath = z
  .string()
  .refine((path) => !path.split('/').includes('..') && !path.startsWith('/'));

const file = z.strictObject({ path: filePath, bytes: z.int().min(0), sha256 });

const table = z.strictObject({
  name: identifier,
  columns: z.array(identifier).min(1),
  rows: z.string().regex(/^\d+$/),
  /** Of the rows, in no order: compared after a restore. */
  digest: z.string(),
  file,
});

/** A partition as it hangs in the tree; its bounds are PostgreSQL's own words. */
const partition = z.strictObject({
  name: identifier,
  parent: identifier,
  bound: z.string().regex(/^(DEFAULT|FOR VALUES (FROM|IN|WITH) \([^;]*\))$/),
  /** `LIST (institution)` of one that is divided further; null of one that holds rows. */
  dividedBy: z
    .string()
    .regex(/^(LIST|RANGE|HASH) \([a-z_, ]+\)$/)
    .nullable(),
});

const sequence = z.strictObject({
  table: identifier,
  column: identifier,
  last: z.string().regex(/^\d+$/),
  called: z.boolean(),
});

const journal = z.strictObject({
  consortium: z.string(),
  seq: z.string().regex(/^\d+$/),
  hash: z.string(),
});

/** What a backup holds. Written last: a folder without it is an unfinished backup. */
export const manifestSchema = z.strictObject({
  format: z.literal('heyi-backup-1'),
  takenAt: z.string(),
  migrations: z.array(z.string()),
  partitions: z.array(partition),
  tables: z.array(table),
  sequences: z.array(sequence),
  journal: z.array(journal),
  /** Files of the site folder, envelopes of secrets included, their key not. */
  site: z.array(file),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type BackupFile = z.infer<typeof file>;
export type BackupTable = z.infer<typeof table>;
export type Partition = z.infer<typeof partition>;
export type SequenceState = z.infer<typeof sequence>;

/** Stands beside the manifest's content in its file, and is worth noting down elsewhere. */
export const manifestDigest = (manifest: Manifest): string => digest(manifest as Canonical);

const fileSchema = z.strictObject({ digest: sha256, manifest: manifestSchema });

/** Null when the text is no manifest, or was changed after it was written. */
export function parseManifest(text: string): { manifest: Manifest; digest: string } | null {
  try {
    const parsed = fileSchema.parse(JSON.parse(text));
    return manifestDigest(parsed.manifest) === parsed.digest ? parsed : null;
  } catch {
    return null;
  }
}

/** @throws ZodError when the manifest could not be read back */
export function manifestText(manifest: Manifest): string {
  manifestSchema.parse(manifest);
  return `${JSON.stringify({ digest: manifestDigest(manifest), manifest }, null, 1)}\n`;
}

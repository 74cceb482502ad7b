import type { z } from 'zod';
import type { Site } from '../config/site.js';
import type { Environment } from '../ingest/institution-layers.loader.js';

export interface CheckContext {
  readonly site: Site;
  /** Null: `${NAME}` stays as it stands. */
  readonly environment: Environment;
}

/** One kind of configuration file: `heyi check-config` checks every file it names, `heyi schemas` writes its JSON Schema. */
export interface ConfigKind {
  /** Name of the JSON Schema below `schemas/`: `<name>.schema.json`. */
  readonly name: string;
  /** Where such files lie: below `config/`, or below each site folder (the one chosen, and those shipped in `config/`). */
  readonly below: 'config' | 'site';
  /** Path below that folder; `*` stands for any file or folder name. */
  readonly pattern: string;
  /** File names that the pattern would catch and another kind describes. */
  readonly except?: readonly string[];
  readonly schema: z.ZodType;
  /** What the file is for, in Chinese. */
  readonly describe: string;
  /** Top-level keys below which `${NAME}` may stand. */
  readonly secretsUnder?: readonly string[];
  /** A part of a whole that only `check` can judge: the schema is for editors. */
  readonly layered?: true;
  /** Checks beyond the schema, given the absolute path of a file; throws a GatewayError. */
  readonly check?: (path: string, against: CheckContext) => void | Promise<void>;
}

import type { z } from 'zod';
import { agencyProfileSchema, agencySiteSchema } from '../agency/profile.js';
import { limitsSchema } from '../config/limits.js';

/** One kind of configuration file: `heyi check-config` checks every file it names, `heyi schemas` writes its JSON Schema. */
export interface ConfigKind {
  /** Name of the JSON Schema below `schemas/`: `<name>.schema.json`. */
  readonly name: string;
  /** Where such files lie: below `config/`, or below each site folder (the one chosen, and those shipped in `config/`). */
  readonly below: 'config' | 'site';
  /** Path below that folder; `*` stands for any file or folder name. */
  readonly pattern: string;
  readonly schema: z.ZodType;
  /** What the file is for, in Chinese. */
  readonly describe: string;
  /** Top-level keys below which `${NAME}` may stand. */
  readonly secretsUnder?: readonly string[];
  /** Checks beyond the schema, given the absolute path of a file; throws a GatewayError. */
  readonly check?: (path: string) => void | Promise<void>;
}

/** Sorted by name. Whoever reads a new kind of file adds a line. */
export const CONFIG_KINDS: readonly ConfigKind[] = [
  {
    name: 'agency',
    below: 'site',
    pattern: 'agency.yaml',
    schema: agencySiteSchema,
    describe: '对接的经办机构 / the agency spoken to',
    secretsUnder: ['connection'],
  },
  {
    name: 'agency-profile',
    below: 'config',
    pattern: 'agency/*.yaml',
    schema: agencyProfileSchema,
    describe: '经办机构接口方式 / how a province’s agency is spoken to',
  },
  {
    name: 'limits',
    below: 'config',
    pattern: 'limits.yaml',
    schema: limitsSchema,
    describe: '各项上限 / bounds of everything',
  },
];

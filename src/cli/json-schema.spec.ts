import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONFIG_KINDS } from './config-registry.js';
import { jsonSchemaOf } from './json-schema.js';

const folder = join(import.meta.dirname, '../../schemas');

describe('the JSON Schemas in schemas/', () => {
  it.each(CONFIG_KINDS.map((kind) => [kind.name, kind] as const))(
    '%s is what the configuration is read by: run npx heyi schemas',
    (name, kind) => {
      const written = JSON.parse(readFileSync(join(folder, `${name}.schema.json`), 'utf8'));
      expect(written).toEqual(JSON.parse(JSON.stringify(jsonSchemaOf(kind))));
    },
  );

  it('are no more than there are kinds', () => {
    const names = CONFIG_KINDS.map(({ name }) => `${name}.schema.json`);
    expect(readdirSync(folder).filter((name) => !names.includes(name))).toEqual([]);
  });
});

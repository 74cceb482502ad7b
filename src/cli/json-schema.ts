import { z } from 'zod';
import type { ConfigKind } from './config-kind.js';

/** The JSON Schema that gives an editor completion and checks for one kind of configuration file. */
export function jsonSchemaOf({ name, schema, describe }: ConfigKind): object {
  const body = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // We read every scalar as text; an editor reads `0.10` and `5` as numbers and would complain.
      if (jsonSchema.type === 'string') {
        Object.assign(jsonSchema, { type: ['string', 'number', 'boolean'] });
      }
    },
  });
  return { ...body, title: name, description: describe };
}

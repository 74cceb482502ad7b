import { z } from 'zod';
import { defineConnector } from '../connector.js';
import { dropOptions, dropStream } from '../files/drop-options.js';
import { DropSession } from '../files/drop-session.client.js';
import { parseCsvDrop } from './parse-csv-drop.js';

const options = dropOptions.extend({
  delimiter: z.string().length(1).default(','),
});

const stream = dropStream.extend({ distinct: z.array(z.string()).min(1).optional() });

/** Flat CSV drops: a header, one row per fee line, and a trailer that tells how many rows and how much money. */
export const csvConnector = defineConnector({
  kind: 'csv',
  options,
  stream,
  open: async ({ delimiter, ...folder }, context) =>
    new DropSession(folder, context, (input) => parseCsvDrop({ ...input, delimiter })),
});

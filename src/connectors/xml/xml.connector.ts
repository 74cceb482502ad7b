import { z } from 'zod';
import { defineConnector } from '../connector.js';
import { dropOptions, dropStream } from '../files/drop-options.js';
import { DropSession } from '../files/drop-session.client.js';
import { parseXmlDrop } from './parse-xml-drop.js';

const stream = dropStream.extend({
  record: z
    .string({ error: 'xml 数据流须有 record' })
    .regex(/^[^/]+(\/[^/]+)+$/, '应为从根元素起的路径，如 drop/claim'),
});

/** XML drops: a repeating element a row, nested ones reached by relative paths, totals as attributes of the root. */
export const xmlConnector = defineConnector({
  kind: 'xml',
  options: dropOptions,
  stream,
  open: async (options, context) => new DropSession(options, context, parseXmlDrop),
});

import { z } from 'zod';
import { refusedSelect } from './single-select.js';

/** What every SQL source needs to know of a stream: a plain SELECT, and which of its columns window, order and name the rows. */
export function sqlStream(kind: string) {
  return z.object({
    query: z.string({ error: `${kind} 数据流须有 query` }).superRefine((query, context) => {
      const message = refusedSelect(query);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }),
    cursor: z.string({ error: `${kind} 数据流须有 cursor` }),
    cursorFormat: z.enum(['iso', 'yyyyMMdd', 'yyyyMMddHHmmss']),
    key: z.array(z.string(), { error: `${kind} 数据流须有 key` }).min(1),
    columns: z.array(z.string()),
    amount: z.string().optional(),
  });
}

export type SqlStream = z.output<ReturnType<typeof sqlStream>>;

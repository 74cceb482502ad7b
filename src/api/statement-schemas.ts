import { z } from 'zod';
import { parseRunChoice } from '../statements/run-choice.js';
import { reason } from './requests.js';

/** Shapes of statements and of what is said to them. */

/** In a path: `2024`, `2024-03`, `start:2025`, `release:2025-03`, `run:17`. */
export const runPath = z
  .string()
  .max(40)
  .transform((text, context) => {
    const choice = parseRunChoice(text);
    if (choice !== null) return choice;
    context.addIssue({
      code: 'custom',
      message: '应写 2024、2024-03、start:2025、release:2025-03 或 run:<编号>',
    });
    return z.NEVER;
  });

export const institutionCode = z.string().regex(/^[\w-]{1,64}$/);

export const response = z
  .object({
    responseId: z.string(),
    runId: z.string(),
    period: z.string(),
    version: z.number(),
    current: z.boolean().describe('false：该运行已被取代 / its run is superseded'),
    institution: z.string(),
    kind: z.enum(['acknowledgement', 'dispute', 'answer']),
    figureId: z.string().nullable(),
    label: z.string().nullable(),
    answers: z.string().nullable(),
    outcome: z.enum(['accepted', 'refused']).nullable(),
    reason: z.string().nullable(),
    by: z.string(),
    at: z.string(),
  })
  .meta({
    example: {
      ...{ responseId: '4', runId: '13', period: '2024', version: 1, current: true },
      ...{ institution: 'H46029900002', kind: 'dispute' },
      ...{ figureId: 'sanya.2024.resident.member.H46029900002.prepaid', label: '已预付' },
      ...{ answers: null, outcome: null, reason: '三月预付少计一笔' },
      ...{ by: 'zhang', at: '2025-05-20 02:11:09+00' },
    },
  });

export const acknowledgement = z
  .strictObject({ remark: reason.optional() })
  .meta({ example: { remark: '核对无误' } });

export const dispute = z
  .strictObject({
    line: z
      .string()
      .regex(/^[\w.-]{1,200}$/)
      .describe('结算单上的序号或数字编号 / number of the line, or figure id'),
    reason,
  })
  .meta({ example: { line: '5', reason: '三月预付少计一笔' } });

export const answer = z
  .strictObject({ outcome: z.enum(['accepted', 'refused']), reason })
  .meta({ example: { outcome: 'refused', reason: '该笔四月才到账，计入四月' } });

export const recorded = z.object({ responseId: z.string() }).meta({ example: { responseId: '5' } });

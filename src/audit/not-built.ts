import { z } from 'zod';

/** `config/audit/not-built.yaml`: rules of the national framework that are not built, by id, and the data each is short of. */
export const notBuiltSchema = z.record(
  z.string().regex(/^[A-Z]{2,3}-\d{2}$/, '规则编号形如 CAT-06'),
  z.strictObject({
    title: z.string().min(2),
    titleEn: z.string().min(2),
    official: z
      .string()
      .regex(/^(GZ|ZB)\d{14}$/)
      .optional(),
    missing: z.string().min(6),
  }),
);
export type NotBuilt = z.infer<typeof notBuiltSchema>;

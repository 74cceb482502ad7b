import { z } from 'zod';

/**
 * The register of what each policy document demands and what of it the software does (`config/policies/coverage.yaml`), clause by
 * clause, so that a compliance officer also sees what the system does not do.
 */
export const COVERAGE_STATES = ['implemented', 'planned', 'not computable'] as const;

const entry = z
  .strictObject({
    clause: z.string().min(1),
    duty: z.string().min(1).max(300),
    state: z.enum(COVERAGE_STATES),
    /** The source or configuration file that carries it out. */
    file: z.string().optional(),
    reason: z.string().max(300).optional(),
  })
  .refine(({ state, file }) => (state === 'implemented') === (file !== undefined), {
    message: 'implemented 须写 file，其他状态不写',
  })
  .refine(({ state, reason }) => state === 'implemented' || reason !== undefined, {
    message: '未实现的条款须写 reason',
  });

export const coverageSchema = z.record(
  z.string().regex(/^[a-z]+$/),
  z.record(z.string().regex(/^[A-Z]{2}-\d{2}$/), entry),
);
export type CoverageEntry = z.infer<typeof entry>;
export type Coverage = z.infer<typeof coverageSchema>;

import { z } from 'zod';

/** Schemas for scalars of the configuration, which arrive as text (see yaml-text.ts). */

/** A whole number within bounds, in plain digits. */
export function whole(least: number, most: number) {
  return z
    .string()
    .regex(/^-?(0|[1-9]\d{0,15})$/, { error: '应为整数' })
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}

/** `true` or `false`. */
export const yesNo = z
  .enum(['true', 'false'], { error: '应为 true 或 false' })
  .transform((text) => text === 'true');

/** What a process does: answer the read API, carry out jobs, keep the schedule and sweep, or all of it. */
export const ROLES = ['all', 'api', 'scheduler', 'worker'] as const;
export type Role = (typeof ROLES)[number];

export const serves = (role: Role): boolean => role === 'api' || role === 'all';
export const works = (role: Role): boolean => role === 'worker' || role === 'all';
export const schedules = (role: Role): boolean => role === 'scheduler' || role === 'all';

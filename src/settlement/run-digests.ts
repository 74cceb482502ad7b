import { ClosedPeriodError } from './errors.js';
import type { RunKey } from './run-key.js';

/** What a run was computed from and what came out; equal digests mean an equal run. */
export interface RunDigests {
  readonly inputs: string;
  readonly policy: string;
  readonly knowledge: string;
  readonly result: string;
}

/** The run that stands for a period, as far as it decides what becomes of the next. */
export interface Standing {
  readonly version: number;
  readonly closed: boolean;
  readonly digests: RunDigests;
}

/** A closed run stands as long as the result is the same; an open one is stored again when anything behind it changed. */
export function isSame({ closed, digests: before }: Standing, now: RunDigests): boolean {
  return before.result === now.result && (closed || differences(before, now).length === 0);
}

const PARTS = { inputs: '输入', policy: '政策参数', knowledge: 'DIP 规则包' } as const;

function differences(before: RunDigests, now: RunDigests): readonly (keyof typeof PARTS)[] {
  return (['inputs', 'policy', 'knowledge'] as const).filter((part) => before[part] !== now[part]);
}

/** A closed period that would come out differently now. */
export function closedError(
  { kind, period }: RunKey,
  { version, digests }: Standing,
  now: RunDigests,
): ClosedPeriodError {
  const parts = differences(digests, now).map((part) => PARTS[part]);
  return new ClosedPeriodError(
    `${period} 已关账（第 ${version} 版），现在重算结果不同（变化：${parts.join('、') || '计算步骤'}），未作任何改动`,
    { kind, period, version },
  );
}

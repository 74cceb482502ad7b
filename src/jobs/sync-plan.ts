import type { Stream } from '../ingest/fields.js';
import { addDays, type IsoDate } from '../kernel/dates.js';
import { type PlannedWork, planned } from './job.js';
import { syncBackfill, syncCompare } from './job-kinds.js';
import type { RunPlan } from './plan.js';

/** Somebody's word: who and why. */
export interface Word {
  readonly by: string;
  readonly reason: string;
}

/** Days of one member that are looked at again, as a run. */
export interface StretchRequest {
  readonly institution: string;
  readonly from: IsoDate;
  /** Exclusive. */
  readonly to: IsoDate;
  /** Absent: all that are configured. */
  readonly streams?: readonly Stream[];
  readonly outsideHours?: Word;
}

export interface CompareRequest extends StretchRequest {
  /** False: look only. */
  readonly repair: boolean;
  readonly withdrawal?: Word;
}

/** Days of one piece of work: few, so that it is seen how far the run has come and a crash costs little. */
const DAYS_AT_ONCE = 7;

/** Compares a stretch with its source (全量比对), a piece for some days each, in any order. */
export function planCompare(consortium: string, request: CompareRequest): RunPlan {
  return planOf(consortium, 'sync-compare', request, (part, scope) =>
    planned(syncCompare, { ...copied(request), part }, scope),
  );
}

/** Reads a stretch anew (补读). */
export function planStretch(consortium: string, request: StretchRequest): RunPlan {
  return planOf(consortium, 'sync-backfill', request, (part, scope) =>
    planned(syncBackfill, { ...copied(request), part }, scope),
  );
}

export type SyncKind = 'sync-compare' | 'sync-backfill';

/** What a run over a stretch is called. */
export function stretchSubject({ institution, from, to, streams }: StretchRequest): string {
  const days = `${institution}.${from}_${to}`;
  return streams === undefined ? days : `${days}.${streams.join('-')}`;
}

interface Part {
  readonly from: IsoDate;
  readonly to: IsoDate;
}

function planOf(
  consortium: string,
  kind: SyncKind,
  request: StretchRequest,
  work: (part: Part, scope: string) => PlannedWork,
): RunPlan {
  const subject = stretchSubject(request);
  const scope = `${consortium}.${subject}`;
  return { consortium, kind, subject, stages: [partsOf(request).map((part) => work(part, scope))] };
}

function partsOf({ from, to }: Part): readonly Part[] {
  const parts: Part[] = [];
  for (let day = from; day < to; day = addDays(day, DAYS_AT_ONCE)) {
    const end = addDays(day, DAYS_AT_ONCE);
    parts.push({ from: day, to: end < to ? end : to });
  }
  return parts;
}

function copied<Request extends StretchRequest>({ streams, ...request }: Request) {
  return { ...request, ...(streams === undefined ? {} : { streams: [...streams] }) };
}

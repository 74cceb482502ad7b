import { readdirSync, readFileSync } from 'node:fs';

/** Processor time from /proc, in seconds. Elsewhere than on Linux everything is 0, and the report says nothing of CPU. */

const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  readonly parent: number;
  readonly own: number;
  /** Of children that ended and were waited for. */
  readonly ended: number;
}

/** CPU of a process and all that it started, living or gone. */
export function treeSeconds(root: number): number {
  const all = new Map<number, ProcessTimes>();
  for (const name of entries('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(Number(name)) : null;
    if (times !== null) all.set(Number(name), times);
  }
  let ticks = 0;
  for (const [pid, { own, ended }] of all) if (isBelow(pid, root, all)) ticks += own + ended;
  return ticks / TICKS_PER_SECOND;
}

/** CPU that the whole machine has used, by whomever. */
export function machineSeconds(): number {
  const [first = ''] = text('/proc/stat').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = first
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
}

function isBelow(pid: number, root: number, all: ReadonlyMap<number, ProcessTimes>): boolean {
  for (let each = pid; ; ) {
    if (each === root) return true;
    const parent = all.get(each)?.parent;
    if (parent === undefined) return false;
    each = parent;
  }
}

function timesOf(pid: number): ProcessTimes | null {
  const stat = text(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 16) return null;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), own: user + system, ended: endedUser + endedSystem };
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process left meanwhile
  }
}

import { cpus } from 'node:os';
import type { Bench, BenchContext, Measurement, RoundContext, Variant } from './bench.js';
import { machineSeconds, treeSeconds } from './cpu.js';

/** What the harness asks of a process of its own: prepare a benchmark, or run one variant once. */
export interface Task {
  readonly file: string;
  readonly variant: string | null;
  readonly round: number;
  readonly context: BenchContext;
  /** Servers whose CPU counts. */
  readonly serverPids: readonly number[];
}

export interface Answer {
  readonly measurement: Measurement | null;
  readonly error: string | null;
}

async function answer(task: Task): Promise<Answer> {
  const { bench } = (await import(task.file)) as { readonly bench: Bench };
  if (task.variant === null) {
    const missing = (await bench.missing?.()) ?? null;
    if (missing !== null) return { measurement: null, error: missing };
    await bench.prepare(task.context);
    return { measurement: null, error: null };
  }
  const variant = bench.variants[task.variant];
  if (variant === undefined) throw new Error(`no variant ${task.variant}`);
  return { measurement: await measured(task, variant), error: null };
}

async function measured(task: Task, variant: Variant): Promise<Measurement> {
  const pieces: Spent[] = [];
  const context: RoundContext = {
    ...task.context,
    round: task.round,
    async measure(work) {
      const before = snapshot(task.serverPids);
      const worked = await work();
      pieces.push(spent(before, snapshot(task.serverPids)));
      return worked;
    },
  };
  const outcome = await variant.run(context);
  if (pieces.length === 0) throw new Error('nothing was measured');
  return { ...outcome, ...addedUp(pieces) };
}

type Spent = ReturnType<typeof spent>;

function addedUp(pieces: readonly Spent[]) {
  const sum = (of: (piece: Spent) => number) => pieces.reduce((all, piece) => all + of(piece), 0);
  const wallSeconds = sum((piece) => piece.wallSeconds);
  return {
    wallSeconds,
    nodeCpuSeconds: sum((piece) => piece.nodeCpuSeconds),
    serverCpuSeconds: sum((piece) => piece.serverCpuSeconds),
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    foreignShare: sum((piece) => piece.foreignSeconds) / (wallSeconds * cpus().length),
  };
}

function snapshot(serverPids: readonly number[]) {
  return {
    node: treeSeconds(process.pid),
    server: serverPids.reduce((sum, pid) => sum + treeSeconds(pid), 0),
    machine: machineSeconds(),
    wall: performance.now(),
  };
}

type Snapshot = ReturnType<typeof snapshot>;

function spent(before: Snapshot, after: Snapshot) {
  const wallSeconds = (after.wall - before.wall) / 1000;
  const nodeCpuSeconds = after.node - before.node;
  const serverCpuSeconds = after.server - before.server;
  const foreign = after.machine - before.machine - nodeCpuSeconds - serverCpuSeconds;
  return { wallSeconds, nodeCpuSeconds, serverCpuSeconds, foreignSeconds: Math.max(0, foreign) };
}

async function main(task: Task): Promise<void> {
  const given = await answer(task).catch((error: unknown): Answer => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { measurement: null, error: message };
  });
  process.send?.(given, undefined, {}, () => process.exit(0));
}

process.once('message', (task) => void main(task as Task));

import type { ChildProcess } from 'node:child_process';

/**
 * What has to be undone however this process ends: children killed, folders removed. A laboratory that is interrupted leaves nothing
 * behind; one that is itself killed by SIGKILL takes its children along only where they watch their standard input.
 */
const children = new Set<ChildProcess>();
const undoings = new Set<() => void>();
let dying = false;

/** Killed with us. */
export function bequeath(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** Done when we end before it was taken back. @returns takes it back */
export function atTheEnd(undo: () => void): () => void {
  undoings.add(undo);
  return () => undoings.delete(undo);
}

/** From now on an interruption, or the end of whoever started us, ends everything at once. */
export function watchForTheEnd(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, die);
  process.stdin.once('end', die).once('error', die).resume();
}

function die(): void {
  if (dying) return;
  dying = true;
  for (const child of children) child.kill('SIGKILL');
  for (const undo of [...undoings].reverse()) attempt(undo);
  process.exit(130);
}

/** One that fails must not keep the others from being tried. */
function attempt(undo: () => void): void {
  try {
    undo();
  } catch (error) {
    process.stderr.write(`not cleared up: ${String(error)}\n`);
  }
}

import type { Report } from './experiment.js';

/** One line a report, as it comes in; what went wrong below it, with how to repeat it. */
export function line(report: Report): string {
  const { number, backend, seed, state, note, recoverySeconds, seconds } = report;
  const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' }[state];
  const recovery = recoverySeconds === null ? '' : `  recovered in ${recoverySeconds.toFixed(1)} s`;
  const head = `${mark} ${String(number).padStart(2)} ${backend.padEnd(5)} seed ${seed}  ${seconds.toFixed(1)} s${recovery}  ${note}\n`;
  if (state === 'passed') return head;
  const what = [...problems(report)].map((problem) => `       ${problem}\n`).join('');
  const again =
    state === 'failed'
      ? `       again: npm run faults -- --only ${number} --seed ${seed} --backend ${backend}\n`
      : '';
  return `${head}${what}${again}`;
}

const MOST_SHOWN = 12;

function problems({ verdict, complaints }: Report): readonly string[] {
  const { lost = [], double = [], unknown = [], broken = [] } = verdict ?? {};
  const all = [
    ...complaints,
    ...lost.map((each) => `lost: ${each}`),
    ...double.map((each) => `double: ${each}`),
    ...unknown.map((each) => `unknown: ${each}`),
    ...broken,
  ];
  return all.length > MOST_SHOWN
    ? [...all.slice(0, MOST_SHOWN), `… and ${all.length - MOST_SHOWN} more`]
    : all;
}

export function summary(
  reports: readonly Report[],
  { seeds, seconds }: { readonly seeds: readonly number[]; readonly seconds: number },
): string {
  const count = (state: Report['state']): number =>
    reports.filter((report) => report.state === state).length;
  const failed = reports.filter(({ state }) => state === 'failed');
  const names = failed.map(({ number, backend, seed }) => `${number}/${backend}/${seed}`);
  return [
    `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped; ${seeds.length} seed(s), ${seconds.toFixed(0)} s`,
    ...(names.length === 0 ? [] : [`failed: ${names.join(' ')}`]),
    '',
  ].join('\n');
}

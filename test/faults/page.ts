import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment, Report } from './experiment.js';
import { EXPERIMENTS } from './experiments/index.js';
import { BACKENDS, type Backend } from './lab/lab.js';
import { ROOT } from './lab/product.js';

const PAGE = join(ROOT, 'docs/reliability.md');
const BEGIN = '<!-- faults:begin (由 npm run faults 写入 / written by npm run faults) -->';
const END = '<!-- faults:end -->';

export interface PageFacts {
  readonly seeds: readonly number[];
  readonly seconds: number;
}

/** Puts what was measured between the markers of docs/reliability.md. @throws when the page has lost them */
export function writePage(reports: readonly Report[], facts: PageFacts): void {
  const text = readFileSync(PAGE, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`${PAGE} has no place for the table`);
  const section = [BEGIN, '', ...sectionOf(reports, facts), ''].join('\n');
  writeFileSync(PAGE, text.slice(0, from) + section + text.slice(to));
}

function sectionOf(reports: readonly Report[], { seeds, seconds }: PageFacts): readonly string[] {
  const bytes = Math.max(0, ...reports.map(({ peakBytes }) => peakBytes));
  const day = new Date().toISOString().slice(0, 10);
  return [
    `${day}，种子 ${seeds[0]}–${seeds.at(-1)}，共 ${reports.length} 次试验，${Math.round(seconds / 60)} 分钟，Node ${process.versions.node}；单个进程最大常驻内存 ${megabytes(bytes)} MB。`,
    '',
    '“通过”一栏为 通过次数／试验次数；“丢失／重复／不明”为全部种子之和；恢复时间单位为秒，为中位数／95 分位／最大。',
    '',
    '| # | 试验 experiment | 做了什么 fault | 期望 expected | 队列 backend | 通过 passed | 丢失／重复／不明 lost/double/unknown | 恢复 recovery |',
    '|---|---|---|---|---|---|---|---|',
    ...EXPERIMENTS.flatMap((experiment) =>
      BACKENDS.filter((backend) => experiment.backends.includes(backend)).map((backend) =>
        row(experiment, backend, reports),
      ),
    ),
    ...skipped(reports),
    ...failed(reports),
  ];
}

function row(experiment: Experiment, backend: Backend, all: readonly Report[]): string {
  const reports = all.filter(
    (report) => report.number === experiment.number && report.backend === backend,
  );
  const run = reports.filter(({ state }) => state !== 'skipped');
  const passed = run.filter(({ state }) => state === 'passed').length;
  const sum = (part: 'lost' | 'double' | 'unknown'): number =>
    run.reduce((total, { verdict }) => total + (verdict?.[part].length ?? 0), 0);
  const cells = [
    String(experiment.number),
    experiment.title,
    experiment.fault,
    experiment.expected,
    backend === 'pg' ? 'PostgreSQL' : 'Redis',
    run.length === 0 ? '跳过' : `${passed}／${run.length}`,
    run.length === 0 ? '—' : `${sum('lost')}／${sum('double')}／${sum('unknown')}`,
    recovery(run),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function recovery(reports: readonly Report[]): string {
  const seconds = reports
    .flatMap(({ recoverySeconds }) => (recoverySeconds === null ? [] : [recoverySeconds]))
    .sort((a, b) => a - b);
  if (seconds.length === 0) return '—';
  return [0.5, 0.95, 1].map((part) => quantile(seconds, part).toFixed(1)).join('／');
}

/** Nearest rank. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
}

function skipped(reports: readonly Report[]): readonly string[] {
  const reasons = new Set(
    reports
      .filter(({ state }) => state === 'skipped')
      .map(({ number, complaints }) => `- 试验 ${number} 跳过：${complaints.join('；')}`),
  );
  return reasons.size === 0 ? [] : ['', ...reasons];
}

function failed(reports: readonly Report[]): readonly string[] {
  const lines = reports
    .filter(({ state }) => state === 'failed')
    .map(
      ({ number, backend, seed, note }) =>
        `- **未通过**：试验 ${number}，${backend}，种子 ${seed}${note === '' ? '' : `（${note}）`}；重现：\`npm run faults -- --only ${number} --seed ${seed} --backend ${backend}\``,
    );
  return lines.length === 0 ? [] : ['', ...lines];
}

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** `npm run demo`: builds the demo county, takes it through its year, shows what came of it, and serves the API until Ctrl-C. */
import 'reflect-metadata';
import { once } from 'node:events';
import { GatewayError } from '../kernel/errors.js';
import { type DemoCounty, openCounty } from './demo-county.launcher.js';
import { type DemoOptions, demoOptions } from './options.js';
import { Progress } from './progress.js';
import { DemoRunner } from './runner.service.js';
import { concludeYear } from './year-end.service.js';

const progress = new Progress(
  (text) => process.stdout.write(text),
  () => performance.now(),
);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort(new Error(signal)));
}

try {
  await demo(demoOptions(process.argv.slice(2)));
} catch (error) {
  process.exitCode = stopping.signal.aborted ? 130 : 1;
  if (stopping.signal.aborted) progress.line('\n已按要求停止；下次启动从这里继续');
  else if (error instanceof GatewayError) {
    process.stderr.write(`错误 [${error.code}] ${error.message}\n办法 ${error.remedy}\n`);
  } else throw error;
}

async function demo(options: DemoOptions): Promise<void> {
  const { seed, claims, setting } = options;
  progress.line(
    `合医示范县 ${setting.year} 年，适用 ${setting.region} 的政策（种子 ${seed}，约 ${claims} 人次）`,
  );
  const county = await openCounty(options, progress);
  try {
    const runner = new DemoRunner(county, progress, setting.year);
    const year = await runner.runYear(stopping.signal);
    const isTrue = await concludeYear({ ...county, setting }, year, progress);
    if (!isTrue) process.exitCode = 1;
    if (!options.once) await serve(county);
  } finally {
    await county.close();
  }
}

async function serve({ api, accounts, environmentFile }: DemoCounty): Promise<void> {
  if (api !== null) progress.line(`\n接口 ${api.url}    接口说明 ${api.docsUrl}`);
  for (const line of accounts) progress.line(line);
  progress.line(`另开一个终端：. ${environmentFile} && npx heyi status`);
  progress.line('按 Ctrl-C 停止');
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
}

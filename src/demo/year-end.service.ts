import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { CoverageService } from '../audit/coverage.service.js';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { JournalService } from '../journal/journal.service.js';
import { monthsOf } from '../kernel/period.js';
import type { DemoCounty } from './demo-county.launcher.js';
import { readTruth } from './generate-demo.service.js';
import { observe } from './observed.repository.js';
import type { Progress } from './progress.js';
import { type DemoSetting, isShipped } from './regions.js';
import type { YearRun } from './runner.service.js';
import { checkSettlement } from './settlement-checks.repository.js';
import {
  checkSection,
  coverageSection,
  resultDigests,
  ruleSection,
  type Section,
  SHIPPED_WORDS,
  type SummaryWords,
  truthSection,
  yearSections,
} from './summary.js';
import { readYear, type YearFacts } from './summary.repository.js';
import { compareWithTruth, scoreRules } from './truth/compare.js';

/** What one complete year came to, for comparing the next with it. */
interface Outcome {
  readonly claims: number;
  readonly totalFen: string;
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * Shows the year, says whether it is the same as the year before it, and compares it with the truth.
 *
 * @returns false when something differs from the truth, or a repeated year from the first
 */
export async function concludeYear(
  county: ConcludedCounty,
  year: YearRun,
  progress: Progress,
): Promise<boolean> {
  const { consortium } = loadConsortium(county.site.siteDir);
  const shipped = isShipped(county.setting);
  const facts = await readYear(county.pool, consortium, county.setting.year);
  const words = shipped ? SHIPPED_WORDS : wordsOf(county);
  for (const one of yearSections(facts, words)) say(one, progress);
  await sayJournal(county, consortium, progress);
  const repeated = compareWithLast(county.outcomeFile, { year, facts, progress });
  const truth = await readTruth(county.truthFile);
  const observed = await observe(county.pool, consortium);
  const differences = compareWithTruth(truth, observed);
  say(ruleSection(scoreRules(truth, observed.findings), facts), progress);
  const coverage = county.app.get(CoverageService, { strict: false });
  const { report } = await coverage.of(monthsOf(county.setting.year));
  say(coverageSection(report), progress);
  say(truthSection(differences), progress);
  const checks = shipped ? [] : await checkSettlement(county.pool, consortium);
  if (!shipped) say(checkSection(checks, county.setting.region), progress);
  progress.line(`\n用时 ${progress.seconds()} 秒`);
  return repeated && differences.length === 0 && checks.every(({ broken }) => broken === 0);
}

/** A county with the setting it was settled in. */
type ConcludedCounty = DemoCounty & { readonly setting: DemoSetting };

function wordsOf({ environmentFile }: DemoCounty): SummaryWords {
  return {
    payments: '月度拨付牵头医疗机构（元）',
    explain: `. ${environmentFile} && npx heyi explain`,
  };
}

function say({ title, lines }: Section, progress: Progress): void {
  progress.heading(title);
  for (const line of lines) progress.line(`  ${line}`);
}

async function sayJournal(
  { app }: DemoCounty,
  consortium: string,
  progress: Progress,
): Promise<void> {
  const { seq, hash } = await app.get(JournalService, { strict: false }).head(consortium);
  progress.heading('存证链');
  progress.line(`  ${seq} 条，链头 ${hash}`);
}

/** Keeps what a first year came to, and holds a later one against it. */
function compareWithLast(
  path: string,
  {
    year,
    facts,
    progress,
  }: { readonly year: YearRun; readonly facts: YearFacts; readonly progress: Progress },
): boolean {
  const outcome = outcomeOf(facts);
  progress.heading('结果摘要');
  for (const [kind, value] of Object.entries(outcome.digests)) {
    progress.line(`  ${kind.padEnd(13)} ${value}`);
  }
  const last = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Outcome) : null;
  if (last === null) {
    writeFileSync(path, JSON.stringify(outcome));
    return true;
  }
  const same = JSON.stringify(last) === JSON.stringify(outcome);
  const rows = `新增 ${year.newRows} 行，变更 ${year.changedRows} 行`;
  progress.line(
    same
      ? `  第 ${year.round} 轮与此前一致：${rows}，总额相同，结果摘要相同 / same totals, same digests`
      : `  第 ${year.round} 轮与此前不同：${rows}；此前的摘要在 ${path}`,
  );
  return same;
}

function outcomeOf({ institutions, digests }: YearFacts): Outcome {
  return {
    claims: institutions.reduce((total, { claims }) => total + claims, 0),
    totalFen: institutions.reduce((total, row) => total + BigInt(row.totalFen), 0n).toString(),
    digests: resultDigests(digests),
  };
}

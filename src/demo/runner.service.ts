import type pg from 'pg';
import { DeadlineService } from '../calendar/deadline.service.js';
import type { DueRun } from '../calendar/due-runs.js';
import { DATABASE_POOL } from '../database/tokens.js';
import {
  type PlanInput,
  planBackfill,
  planDue,
  planNight,
  planYear,
  type RunPlan,
} from '../jobs/plan.js';
import { RunService, type RunSummary } from '../jobs/run.service.js';
import { SitePlan } from '../jobs/site-plan.service.js';
import { SweepService } from '../jobs/sweep.service.js';
import { addDays } from '../kernel/dates.js';
import { firstDay, lastDay, type Month, monthsOf, type Year } from '../kernel/period.js';
import type { DemoCounty } from './demo-county.launcher.js';
import { DueSettlements } from './due-settlements.service.js';
import type { Progress } from './progress.js';

export interface YearRun {
  /** How often the whole year has been run, this time included. */
  readonly round: number;
  readonly newRows: number;
  readonly changedRows: number;
  readonly sameRows: number;
}

interface RowCounts {
  readonly newRows: number;
  readonly changedRows: number;
  readonly sameRows: number;
  readonly quarantinedRows: number;
  readonly incomplete: number;
}

/** Takes the demo county through its year by the same queue, runs and schedule a real site has. */
export class DemoRunner {
  private readonly runs: RunService;
  private readonly pool: pg.Pool;
  private readonly input: PlanInput;
  private readonly due: DueSettlements;

  constructor(
    private readonly county: Pick<DemoCounty, 'app' | 'releaseNight'>,
    private readonly progress: Progress,
    private readonly year: Year,
  ) {
    const { app } = county;
    this.runs = app.get(RunService, { strict: false });
    this.pool = app.get<pg.Pool>(DATABASE_POOL, { strict: false });
    const sitePlan = app.get(SitePlan, { strict: false });
    this.input = sitePlan.input();
    const { consortium } = this.input;
    const deadlines = app.get(DeadlineService, { strict: false });
    this.due = new DueSettlements({ deadlines, schedule: sitePlan.schedule(), consortium, year });
  }

  /** Goes on where an earlier process was cut off; a year that is done is done once more from the start. */
  async runYear(signal: AbortSignal): Promise<YearRun> {
    const round = await this.roundToRun();
    await this.county.app.get(SweepService, { strict: false }).sweep({
      graceSeconds: 0,
      othersAreGone: true, // this process started the database server: nobody else can be working on it
    });
    this.progress.heading(`一至十一月：每月一次回填，审核、关账、申报、对账（第 ${round} 轮）`);
    // The last month arrives night by night; the eleven before it come as one backfill each.
    const nightly: Month = `${this.year}-12`;
    for (const month of monthsOf(this.year).filter((each) => each < nightly)) {
      await this.carryOutDue(await this.due.before(month), round, signal);
      await this.carryOut(planBackfill(this.input, month), round, signal);
    }
    this.progress.heading('十二月：逐夜采集与审核，月末关账');
    await this.carryOutDue(await this.due.before(nightly), round, signal);
    for (let day = firstDay(nightly); day <= lastDay(nightly); day = addDays(day, 1)) {
      await this.county.releaseNight(day);
      await this.carryOut(planNight(this.input, day), round, signal);
    }
    await this.carryOutDue(await this.due.after(nightly), round, signal);
    this.progress.heading('年度清算与存证核对');
    await this.carryOut(planYear(this.input.consortium, this.year), round, signal);
    return { round, ...(await this.counts()) };
  }

  private async carryOutDue(
    due: readonly DueRun[],
    round: number,
    signal: AbortSignal,
  ): Promise<void> {
    for (const run of due) await this.carryOut(planDue(this.input.consortium, run), round, signal);
  }

  private async carryOut(plan: RunPlan, round: number, signal: AbortSignal): Promise<void> {
    const said = async (): Promise<RunSummary> => {
      const runId = await this.runs.start(plan, round);
      return this.runs.ended(runId, signal);
    };
    const summary = await this.progress.timed(async () => {
      const ended = await said();
      return { ended, counts: await this.counts(ended.runId) };
    }, describe);
    for (const failure of await this.failures(summary.ended)) {
      this.progress.line(`             ${failure.message}  办法：${failure.remedy}`);
    }
  }

  /** The latest round, unless its year is closed already. */
  private async roundToRun(): Promise<number> {
    const { rows } = await this.pool.query<{ latest: number; closed: number }>(
      `SELECT coalesce(max(round), 1)::integer AS latest,
              coalesce(max(round) FILTER (WHERE kind = 'year' AND state <> 'running'), 0)::integer AS closed
         FROM work_run_state WHERE consortium = $1`,
      [this.input.consortium],
    );
    const { latest, closed } = rows[0] ?? { latest: 1, closed: 0 };
    return closed === latest ? latest + 1 : latest;
  }

  private async counts(runId: string | null = null): Promise<RowCounts> {
    const { rows } = await this.pool.query<RowCounts>(COUNTS, [runId, this.input.consortium]);
    return (
      rows[0] ?? { newRows: 0, changedRows: 0, sameRows: 0, quarantinedRows: 0, incomplete: 0 }
    );
  }

  private async failures({ runId }: RunSummary): Promise<readonly Failure[]> {
    const { rows } = await this.pool.query<{ last_error: Failure }>(
      `SELECT last_error FROM work_item WHERE run_id = $1 AND state = 'failed' ORDER BY id`,
      [runId],
    );
    return rows.map(({ last_error }) => last_error);
  }
}

interface Failure {
  readonly message: string;
  readonly remedy: string;
}

const STATES = {
  complete: '完整',
  incomplete: '不完整',
  failed: '有失败',
  running: '进行中',
} as const;

/** Runs that read no source, with what they settle. */
const WITHOUT_ROWS: Readonly<Record<string, string>> = {
  start: '  年初预付',
  release: '  月度考核金发放',
  year: '',
};

function describe({ ended, counts }: { ended: RunSummary; counts: RowCounts }): string {
  const rows =
    ended.kind in WITHOUT_ROWS
      ? WITHOUT_ROWS[ended.kind]
      : `  新增 ${counts.newRows} 行  变更 ${counts.changedRows}  相同 ${counts.sameRows}  隔离 ${counts.quarantinedRows}`;
  const held = counts.incomplete > 0 ? `（${counts.incomplete} 个来源未能对平）` : '';
  return `${ended.subject.padEnd(10)} ${STATES[ended.state]}${held}${rows}`;
}

const COUNTS = `
  SELECT coalesce(sum((result ->> 'newRows')::integer), 0)::integer AS "newRows",
         coalesce(sum((result ->> 'changedRows')::integer), 0)::integer AS "changedRows",
         coalesce(sum((result ->> 'sameRows')::integer), 0)::integer AS "sameRows",
         coalesce(sum((result ->> 'quarantinedRows')::integer), 0)::integer AS "quarantinedRows",
         (count(*) FILTER (WHERE (result ->> 'incomplete')::boolean))::integer AS incomplete
    FROM work_item
   WHERE consortium = $2 AND kind = 'pull' AND ($1::bigint IS NULL OR run_id = $1)`;

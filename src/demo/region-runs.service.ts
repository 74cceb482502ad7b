import type { Site } from '../config/site.js';
import { GatewayError } from '../kernel/errors.js';
import { type Month, monthsOf, yearOf } from '../kernel/period.js';
import type { RegionChain } from '../policy/resolve.js';
import { isInForce } from '../settlement/compute.js';
import type { RunKey } from '../settlement/run-key.js';
import type { SettlementService } from '../settlement/settlement.service.js';
import { loadSitePolicy } from '../settlement/site-policy.loader.js';
import type { Progress } from './progress.js';

/** What these runs are made with. */
interface RegionRunsParts {
  readonly settlement: SettlementService;
  readonly site: Site;
  readonly consortium: string;
  readonly progress: Progress;
}

/**
 * The runs that only some regions have, and that people ask for: the start of the year (年初预付) before its first month under the text, the
 * release of what a month held back (月度考核金) after its assessment.
 */
export class RegionRuns {
  private readonly plans: ReadonlySet<string>;
  private readonly chain: RegionChain;

  constructor(private readonly parts: RegionRunsParts) {
    const { chain } = loadSitePolicy(parts.site, parts.consortium);
    this.chain = chain;
    this.plans = new Set(chain.flatMap(({ plans }) => Object.keys(plans)));
  }

  /** Before a month is settled. */
  async before(month: Month): Promise<void> {
    const first = monthsOf(yearOf(month)).find((each) => isInForce(this.chain, each));
    if (month === first) await this.settle('start', yearOf(month), '年初预付');
  }

  /** After a month is closed. */
  async after(month: Month): Promise<void> {
    if (isInForce(this.chain, month)) await this.settle('release', month, '月度考核金拨付');
  }

  /** What is missing is said; the year goes on, as it would in an office. */
  private async settle(kind: RunKey['kind'], period: string, label: string): Promise<void> {
    const { settlement, consortium, progress } = this.parts;
    if (!this.plans.has(kind)) return;
    try {
      await progress.timed(
        () => settlement.settle({ consortium, kind, period, close: true }),
        ({ changed }) => `${period.padEnd(10)} ${label}${changed ? '' : '（未变）'}`,
      );
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      progress.line(`             ${label}：${error.message}  办法：${error.remedy}`);
    }
  }
}

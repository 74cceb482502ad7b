import { Injectable } from '@nestjs/common';
import { CommandRunner, Option, SubCommand } from 'nest-commander';
import {
  type AdjustmentRow,
  REFUND_STATES,
  type RefundRow,
  type RefundState,
  type WithdrawnRow,
} from '../ingest/landing/sync.repository.js';
import type { SyncService } from '../ingest/sync.service.js';
import { fen, toReadableYuan } from '../kernel/money.js';
import { isMonth } from '../kernel/period.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { type Column, printRows } from './output.js';

/** Most rows a command lists; the API pages. */
const MOST_ROWS = 10_000;

interface ListOptions {
  readonly institution?: string;
  readonly problems?: boolean;
  readonly json?: boolean;
}

const yuan = (text: string | null): string =>
  text === null ? '' : toReadableYuan(fen(BigInt(text)));
const right = 'right' as const;

const REASONS = { changed: '变动', deleted: '来源删除', late: '迟到' } as const;
const ADJUSTMENTS: readonly Column<AdjustmentRow>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '结算号', cell: ({ claimNo }) => claimNo },
  { title: '次', cell: ({ adjustment }) => (adjustment === 0 ? '' : adjustment), align: right },
  { title: '原因', cell: ({ reason }) => REASONS[reason] },
  { title: '结算日', cell: ({ settledOn }) => settledOn },
  { title: '原计入', cell: ({ formerPeriod }) => formerPeriod },
  { title: '现计入', cell: ({ period }) => period },
  { title: '总费用', cell: ({ totalFeeFen }) => yuan(totalFeeFen), align: right },
  { title: '统筹', cell: ({ pooledFundPaidFen }) => yuan(pooledFundPaidFen), align: right },
  {
    title: '大病',
    cell: ({ criticalIllnessPaidFen }) => yuan(criticalIllnessPaidFen),
    align: right,
  },
  { title: '大额', cell: ({ largeExpensePaidFen }) => yuan(largeExpensePaidFen), align: right },
  { title: '救助', cell: ({ medicalAidPaidFen }) => yuan(medicalAidPaidFen), align: right },
  { title: '基金合计', cell: ({ fundPaidFen }) => yuan(fundPaidFen), align: right },
];

const STATES: Readonly<Record<RefundState, string>> = {
  full: '全额退',
  partial: '部分退',
  unpaired: '无原单',
  'over-refund': '超额退',
  'other-person': '非同一人',
  'other-pool': '险种不同',
};
const REFUNDS: readonly Column<RefundRow>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '退费结算号', cell: ({ claimNo }) => claimNo },
  { title: '原结算号', cell: ({ refundOf }) => refundOf },
  { title: '状态', cell: ({ state }) => STATES[state] },
  { title: '退费日', cell: ({ settledOn }) => settledOn },
  { title: '退费金额', cell: ({ totalFeeFen }) => yuan(totalFeeFen), align: right },
  { title: '原金额', cell: ({ originalFeeFen }) => yuan(originalFeeFen), align: right },
  { title: '累计退', cell: ({ refundedFen }) => yuan(refundedFen), align: right },
  { title: '原计入', cell: ({ originalPeriod }) => originalPeriod },
];

const WITHDRAWN: readonly Column<WithdrawnRow>[] = [
  { title: '机构', cell: ({ institution }) => institution },
  { title: '数据流', cell: ({ stream }) => stream },
  { title: '主键', cell: ({ naturalKey }) => naturalKey },
  { title: '结算日', cell: ({ settledOn }) => settledOn },
  { title: '金额', cell: ({ amountFen }) => yuan(amountFen), align: right },
  { title: '落地批次', cell: ({ landedBatchId }) => landedBatchId, align: right },
  { title: '撤销批次', cell: ({ batchId }) => batchId, align: right },
];

interface ListRequest {
  readonly consortium: string;
  readonly month: string;
  readonly institutions: 'all' | readonly string[];
  readonly limit: number;
}

@Injectable()
abstract class SyncListCommand<Row> extends CommandRunner {
  protected abstract readonly columns: readonly Column<Row>[];

  constructor(private readonly database: CliDatabase) {
    super();
  }

  protected abstract rows(
    sync: SyncService,
    request: ListRequest,
    options: ListOptions,
  ): Promise<readonly Row[]>;

  override async run([month = '']: string[], options: ListOptions): Promise<void> {
    if (!isMonth(month)) throw new UsageError(`不是月份：${month}`);
    const { IngestModule } = await import('../ingest/ingest.module.js');
    const { SyncService } = await import('../ingest/sync.service.js');
    const { loadConsortium } = await import('../ingest/consortium.loader.js');
    const { consortium } = loadConsortium(this.database.site.siteDir);
    const institutions = options.institution === undefined ? 'all' : [options.institution];
    await this.database.withModules([IngestModule], async (app) => {
      const request = { consortium, month, institutions, limit: MOST_ROWS } as const;
      const rows = await this.rows(app.get(SyncService), request, options);
      printRows(rows, this.columns, { json: options.json });
    });
  }

  @Option({ flags: '--institution <code>', description: '只看一个机构 / one institution' })
  institution(text: string): string {
    return text;
  }

  @Option({ flags: '--json', description: '每行一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'adjustments',
  arguments: '<month>',
  description:
    '一个月所承接的调整：已关账月的变动、删除与迟到 / what a month carries for closed ones',
})
export class SyncAdjustmentsCommand extends SyncListCommand<AdjustmentRow> {
  protected readonly columns = ADJUSTMENTS;

  protected rows(sync: SyncService, request: ListRequest): Promise<readonly AdjustmentRow[]> {
    return sync.adjustments(request);
  }
}

@SubCommand({
  name: 'refunds',
  arguments: '<month>',
  description: '一个月的退费与原单 / refunds of a month beside their originals',
})
export class SyncRefundsCommand extends SyncListCommand<RefundRow> {
  protected readonly columns = REFUNDS;

  protected rows(
    sync: SyncService,
    request: ListRequest,
    { problems }: ListOptions,
  ): Promise<readonly RefundRow[]> {
    const states = REFUND_STATES.filter((each) => each !== 'full' && each !== 'partial');
    return sync.refunds(problems === true ? { ...request, states } : request);
  }

  @Option({ flags: '--problems', description: '只列配不上原单的 / only those that do not fit' })
  problems(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'withdrawn',
  arguments: '<month>',
  description: '一个月里来源删除、已撤销的记录 / rows of a month that their source deleted',
})
export class SyncWithdrawnCommand extends SyncListCommand<WithdrawnRow> {
  protected readonly columns = WITHDRAWN;

  protected rows(sync: SyncService, request: ListRequest): Promise<readonly WithdrawnRow[]> {
    return sync.withdrawn(request);
  }
}

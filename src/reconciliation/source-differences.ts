import { subtract, sum, toYuan, ZERO_FEN } from '../kernel/money.js';
import type { Difference, DifferenceKind } from './difference.js';
import type {
  AdjustmentFacts,
  BatchFacts,
  MonthFacts,
  RefundFacts,
  StandingFacts,
} from './facts.js';

/** Source ↔ gateway: reads that are not whole, rows that did not stay, rows set aside, claims accounted later or changed, refunds. */
export function sourceDifferences(facts: MonthFacts): Difference[] {
  return [
    ...facts.batches.flatMap(unreadDifference),
    ...standingDifferences(facts),
    ...facts.quarantined.map(
      (row): Difference => ({
        key: `quarantined|${row.institution}|${row.stream}|${row.rowHash}`,
        kind: 'quarantined',
        between: 'source-gateway',
        institution: row.institution,
        pool: null,
        claimNo: null,
        amountFen: row.amountFen,
        evidence: {
          stream: row.stream,
          rule: row.rule,
          message: row.message,
          ...(row.naturalKey === null ? {} : { naturalKey: row.naturalKey }),
        },
      }),
    ),
    ...facts.late.map(
      (claim): Difference => ({
        key: `late|${claim.institution}|${claim.claimNo}`,
        kind: 'late',
        between: 'gateway-agency',
        institution: claim.settledBy,
        pool: claim.pool,
        claimNo: claim.claimNo,
        amountFen: claim.fundPaidFen,
        evidence: { accountedIn: claim.period, performedAt: claim.institution },
      }),
    ),
    ...facts.adjusted.map(adjustedDifference),
    ...facts.refunds.map(refundDifference),
  ];
}

/** A closed month keeps its figures; whoever compares it with its source must see why they differ. */
function adjustedDifference(change: AdjustmentFacts): Difference {
  const { institution, claimNo, adjustment, pool, period, reason } = change;
  return {
    key: `adjusted|${institution}|${claimNo}|${adjustment}`,
    kind: 'adjusted',
    between: 'source-gateway',
    ...{ institution, pool, claimNo },
    amountFen: change.fundPaidFen,
    evidence: { accountedIn: period, reason, settledBy: change.settledBy },
  };
}

function refundDifference({
  institution,
  claimNo,
  refundOf,
  pool,
  state,
  totalFeeFen,
}: RefundFacts): Difference {
  return {
    key: `refund|${institution}|${claimNo}`,
    kind: REFUND_KINDS[state],
    between: 'source-gateway',
    ...{ institution, pool, claimNo, amountFen: totalFeeFen },
    evidence: { refundOf, state },
  };
}

const REFUND_KINDS = {
  unpaired: 'refund-unpaired',
  'over-refund': 'over-refund',
  'other-person': 'refund-mismatch',
  'other-pool': 'refund-mismatch',
} as const satisfies Record<RefundFacts['state'], DifferenceKind>;

/** A read whose rows or money are not all accounted for, by the source's own word. */
function unreadDifference(batch: BatchFacts): Difference[] {
  const rows = batch.landedRows + batch.quarantinedRows;
  const amount = sum([batch.landedFen, batch.quarantinedFen]);
  const sourceFen = batch.sourceFen ?? amount;
  const settled = batch.state === 'complete' || batch.state === 'empty';
  if (settled && batch.sourceRows === rows && sourceFen === amount) return [];
  if (batch.state === 'empty' && rows === 0) return [];
  return [
    {
      key: `unread|${batch.institution}|${batch.unit}`,
      kind: 'source-extra',
      between: 'source-gateway',
      institution: batch.institution,
      pool: null,
      claimNo: null,
      amountFen: subtract(sourceFen, amount),
      evidence: {
        unit: batch.unit,
        state: batch.state,
        sourceRows: batch.sourceRows === null ? '来源未给出' : String(batch.sourceRows),
        gatewayRows: String(rows),
        sourceAmount: batch.sourceFen === null ? '来源未给出' : toYuan(batch.sourceFen),
        gatewayAmount: toYuan(amount),
      },
    },
  ];
}

/** What landed must stand in the books. Money is compared only where no row came twice. */
function standingDifferences({ batches, standing }: MonthFacts): Difference[] {
  const institutions = new Set([...batches, ...standing].map(({ institution }) => institution));
  return [...institutions].flatMap((institution) => {
    const own = batches.filter((batch) => batch.institution === institution);
    const landed = own.reduce((rows, each) => rows + each.landedRows - each.repeatedRows, 0);
    const landedFen = sum(own.map((each) => each.landedFen));
    const here: StandingFacts = standing.find((each) => each.institution === institution) ?? {
      ...{ institution, claims: 0 },
      totalFeeFen: ZERO_FEN,
    };
    const repeated = own.some(({ repeatedRows }) => repeatedRows > 0);
    const lackingFen = repeated ? ZERO_FEN : subtract(landedFen, here.totalFeeFen);
    if (landed === here.claims && lackingFen === 0n) return [];
    return [
      {
        key: `standing|${institution}`,
        kind: landed >= here.claims ? 'source-extra' : 'gateway-extra',
        between: 'source-gateway',
        institution,
        pool: null,
        claimNo: null,
        amountFen: lackingFen,
        evidence: { landedRows: String(landed), standingClaims: String(here.claims) },
      },
    ];
  });
}

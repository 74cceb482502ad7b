import type { Pool } from '../claims/claim.js';
import { type Fen, subtract, sum, toYuan, ZERO_FEN } from '../kernel/money.js';
import type { Difference } from './difference.js';
import type {
  ClaimFacts,
  MonthFacts,
  QuarantineFacts,
  UnbalancedFacts,
  UnsettledMessage,
} from './facts.js';

/** Gateway ↔ agency: claims only one side has, amounts that differ, messages whose end is not known or not good. */
export function agencyDifferences(facts: MonthFacts): Difference[] {
  const unmatched = facts.quarantined.filter(({ stream }) => stream === 'claims');
  return [
    ...facts.unbalanced.flatMap((row) => rowDifference(row, { facts, unmatched })),
    ...facts.unsettled.map(messageDifference),
    ...staleDeclarations(facts),
  ];
}

/** Books that changed after they were declared: what the agency compared is not what stands there now. */
function staleDeclarations({ books, declarations }: MonthFacts): Difference[] {
  if (declarations.length === 0) return [];
  return books.flatMap((book) => {
    const own = declarations.filter(
      ({ institution, pool }) => institution === book.institution && pool === book.pool,
    );
    const declared = own.reduce((claims, each) => claims + each.claims, 0);
    const declaredFen = sum(own.map(({ totalFeeFen }) => totalFeeFen));
    const fundFen = sum(own.map(({ fundPaidFen }) => fundPaidFen));
    const same =
      declared === book.claims && declaredFen === book.totalFeeFen && fundFen === book.fundPaidFen;
    if (same) return [];
    return [
      {
        key: `stale|${book.institution}|${book.pool}`,
        kind: 'stale-declaration',
        between: 'gateway-agency',
        institution: book.institution,
        pool: book.pool,
        claimNo: null,
        amountFen: subtract(book.fundPaidFen, fundFen),
        evidence: { claims: String(book.claims), declaredClaims: String(declared) },
      },
    ];
  });
}

interface Matching {
  readonly facts: MonthFacts;
  /** Quarantined claims no agency row has been explained by yet. */
  readonly unmatched: QuarantineFacts[];
}

function rowDifference(row: UnbalancedFacts, { facts, unmatched }: Matching): Difference[] {
  if (row.claimNo === null) return [agencyExtra(row, { facts, unmatched })];
  const claim = facts.disputed.find((each) => isSame(each, row));
  if (claim === undefined) return []; // withdrawn from our books since: the next declaration settles it
  if (row.senderMessageId === null) return [gatewayExtra(row, claim)];
  const agrees =
    row.totalFeeFen === claim.totalFeeFen &&
    row.fundPaidFen === claim.fundPaidFen &&
    row.accountPaidFen === claim.accountPaidFen;
  return agrees ? [] : [amountDiffers(row, claim)];
}

/** Whether a row of the agency's result speaks of that claim. */
export function isSame(claim: ClaimFacts, row: UnbalancedFacts): boolean {
  return (
    claim.settledBy === row.institution &&
    claim.claimNo === row.claimNo &&
    claim.isRefund === row.isRefund
  );
}

function gatewayExtra(row: UnbalancedFacts, claim: ClaimFacts): Difference {
  return {
    key: `claim|${row.institution}|${claim.claimNo}`,
    kind: 'gateway-extra',
    ...claimPart(claim),
    amountFen: claim.fundPaidFen,
    evidence: { performedAt: claim.institution },
  };
}

function amountDiffers(row: UnbalancedFacts, claim: ClaimFacts): Difference {
  return {
    key: `claim|${row.institution}|${claim.claimNo}`,
    kind: 'amount-differs',
    ...claimPart(claim),
    amountFen: subtract(row.fundPaidFen ?? ZERO_FEN, claim.fundPaidFen),
    evidence: {
      performedAt: claim.institution,
      ...both('totalFee', claim.totalFeeFen, row.totalFeeFen),
      ...both('fundPaid', claim.fundPaidFen, row.fundPaidFen),
      ...both('accountPaid', claim.accountPaidFen, row.accountPaidFen),
    },
  };
}

/** The agency gives no claim number, only the message that brought it; a quarantined row of the same amount is its likely cause. */
function agencyExtra(row: UnbalancedFacts, { facts, unmatched }: Matching): Difference {
  const index = unmatched.findIndex(
    ({ settledBy, amountFen }) => settledBy === row.institution && amountFen === row.totalFeeFen,
  );
  const [quarantined] = index < 0 ? [] : unmatched.splice(index, 1);
  return {
    key: `agency|${row.institution}|${row.senderMessageId ?? ''}`,
    kind: 'agency-extra',
    between: 'gateway-agency',
    institution: row.institution,
    pool: onlyUnbalancedPool(facts, row),
    claimNo: null,
    amountFen: row.fundPaidFen ?? ZERO_FEN,
    evidence: {
      senderMessageId: row.senderMessageId ?? '',
      totalFee: toYuan(row.totalFeeFen ?? ZERO_FEN),
      ...(quarantined?.naturalKey ? { likelyQuarantined: quarantined.naturalKey } : {}),
    },
  };
}

/** The result file names no pool; it is known where only one pool of the clearing type is out of balance. */
export function onlyUnbalancedPool(
  { declarations }: Pick<MonthFacts, 'declarations'>,
  { institution, clearingType }: Pick<UnbalancedFacts, 'institution' | 'clearingType'>,
): Pool | null {
  const pools = declarations
    .filter(
      (each) =>
        each.institution === institution &&
        each.clearingType === clearingType &&
        each.balanced === false,
    )
    .map(({ pool }) => pool);
  return pools.length === 1 ? (pools[0] ?? null) : null;
}

function messageDifference(message: UnsettledMessage): Difference {
  const { institution, transactionCode, state } = message;
  return {
    key: `message|${message.businessKey}`,
    kind: message.outcome === 'rejected' ? 'rejected' : 'unknown-outcome',
    between: 'gateway-agency',
    institution,
    pool: null,
    claimNo: null,
    amountFen: ZERO_FEN,
    evidence: { transactionCode, state },
  };
}

function claimPart(claim: ClaimFacts) {
  return {
    between: 'gateway-agency',
    institution: claim.settledBy,
    pool: claim.pool,
    claimNo: claim.claimNo,
  } as const;
}

function both(name: string, ours: Fen, theirs: Fen | null): Readonly<Record<string, string>> {
  if (theirs === null || ours === theirs) return {};
  return { [`${name}Gateway`]: toYuan(ours), [`${name}Agency`]: toYuan(theirs) };
}

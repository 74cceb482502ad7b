import { POOLS, type Pool } from '../claims/claim.js';
import { type Fen, sum } from '../kernel/money.js';
import type { PlanName } from '../policy/policy-schema.js';
import type { LedgerAmount, SettledPayment } from './decided.repository.js';
import type { Facts, PoolFacts, Prepaid } from './facts.js';

/** What earlier runs left over: owed, held back, and taken for violations. */
export interface LedgerFacts {
  readonly carried: readonly LedgerAmount[];
  readonly held: readonly LedgerAmount[];
  readonly auditTaken: readonly LedgerAmount[];
}

/** What earlier runs paid, by the month it stands for. */
export function paidTo(
  payments: readonly SettledPayment[],
  pool: Pool,
  institution: string | null,
): readonly Prepaid[] {
  return payments
    .filter((each) => each.pool === pool && each.institution === institution)
    .map(({ kind, period, amount }) =>
      kind === 'start' ? { month: null, amount, label: '年初预付' } : { month: period, amount },
    );
}

/** What earlier runs left over for a plan: owed in all, held back for a release, taken by the months for a year. */
export function ledgerOf(
  { ledger, plan }: { readonly ledger: LedgerFacts; readonly plan: PlanName },
  pool: Pool,
  institution: string | null,
): Pick<PoolFacts, 'carried' | 'held' | 'auditTaken'> {
  const amountOf = (amounts: readonly LedgerAmount[]): Fen =>
    sum(
      amounts
        .filter((each) => each.pool === pool && each.institution === institution)
        .map(({ amount }) => amount),
    );
  const carried = amountOf(ledger.carried);
  const held = institution === null ? heldIn(ledger, pool) : amountOf(ledger.held);
  return {
    ...(carried === 0n ? {} : { carried }),
    ...(plan === 'release' ? { held } : {}),
    ...(plan === 'year' ? { auditTaken: amountOf(ledger.auditTaken) } : {}),
  };
}

/** All that was held back in a pool, whether of members or of the group. */
function heldIn({ held }: LedgerFacts, pool: Pool): Fen {
  return sum(held.filter((each) => each.pool === pool).map(({ amount }) => amount));
}

/** A closed run stands on what was owed when it was closed: debts settled since then are not its own any more. */
export function withLedgerOf(before: Facts, now: Facts): Facts {
  const pools = POOLS.map((pool) => {
    const [own, then] = [now.pools[pool], before.pools[pool]];
    if (own === undefined) return {};
    const members = own.members.map((member) => {
      const found = then?.members.find(({ institution }) => institution === member.institution);
      return carriedAs(member, found?.carried);
    });
    return { [pool]: { ...carriedAs(own, then?.carried), members } };
  });
  return { ...now, pools: Object.assign({}, ...pools) as Facts['pools'] };
}

function carriedAs<Holder extends { readonly carried?: Fen }>(
  { carried: _, ...holder }: Holder,
  carried: Fen | undefined,
): Omit<Holder, 'carried'> & { readonly carried?: Fen } {
  return carried === undefined ? holder : { ...holder, carried };
}

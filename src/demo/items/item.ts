/** One billable thing of the county: its national code and what the generator needs to charge it plausibly. */
export interface Item {
  readonly key: string;
  /** National code; null for a local item that has no national counterpart yet (planted for the mapping backlog). */
  readonly code: string | null;
  /** Chinese name when the knowledge tables hold none. */
  readonly name: string | null;
  readonly kind: 'drug' | 'tcm-piece' | 'service' | 'material';
  /** Unit price in ten-thousandths of a yuan. */
  readonly price: bigint;
  /** Part of each 1000 fen that the insured person pays before the fund counts (先行自付). */
  readonly selfPaidPermille: number;
}

/** `[key, national code, price in yuan, self-paid permille]` */
export type ItemRow = readonly [key: string, code: string, price: string, selfPaidPermille: number];

export function itemsOf(kind: Item['kind'], rows: readonly ItemRow[]): Item[] {
  return rows.map(([key, code, price, selfPaidPermille]) => ({
    key,
    code,
    name: null,
    kind,
    price: tenThousandths(price),
    selfPaidPermille,
  }));
}

/** `12.5` → 125000. */
export function tenThousandths(yuanText: string): bigint {
  const [whole = '0', fraction = ''] = yuanText.split('.');
  return BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0').slice(0, 4));
}

/** Price × quantity in fen, rounded half-up. */
export function amountOf(price: bigint, quantity: number): bigint {
  const exact = price * BigInt(quantity < 0 ? -quantity : quantity);
  const magnitude = (exact + 50n) / 100n;
  return quantity < 0 ? -magnitude : magnitude;
}

/** The part of an amount that counts for the fund, rounded half-up. */
export function eligibleOf(amount: bigint, selfPaidPermille: number): bigint {
  const magnitude = amount < 0n ? -amount : amount;
  const eligible = (magnitude * BigInt(1000 - selfPaidPermille) + 500n) / 1000n;
  return amount < 0n ? -eligible : eligible;
}

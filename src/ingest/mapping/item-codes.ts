/** A member's local item codes and what they mean nationally, as the database holds them. */
export interface ItemCodeRow {
  readonly localCode: string;
  /** Half-open days of validity; null: until further notice. */
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly nationalCode: string;
}

interface Spell {
  readonly from: string;
  /** Later than any day when open. */
  readonly to: string;
  readonly code: string;
}

const FOREVER = '9999-99-99';

/** The national code of a local one on a day, looked up without asking the database row by row. */
export class ItemCodes {
  private readonly spells = new Map<string, readonly Spell[]>();

  /** @param isNational  the member's local codes are national ones where the table has nothing */
  constructor(
    rows: readonly ItemCodeRow[],
    private readonly isNational: boolean,
  ) {
    for (const { localCode, validFrom, validTo, nationalCode } of rows) {
      const spell = { from: validFrom, to: validTo ?? FOREVER, code: nationalCode };
      this.spells.set(localCode, [...(this.spells.get(localCode) ?? []), spell]);
    }
  }

  /** @param day  `YYYY-MM-DD`, alone or at the start of a moment */
  national(localCode: string, day: string): string | null {
    const spells = this.spells.get(localCode);
    if (spells !== undefined) {
      for (const { from, to, code } of spells) {
        if (day >= from && day.slice(0, 10) < to) return code;
      }
    }
    return this.isNational ? localCode : null;
  }
}

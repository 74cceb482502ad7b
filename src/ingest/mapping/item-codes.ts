/** A member's local item codes and what they mean nationally, as the database holds them. */
export interface ItemCodeRow {
  readonly localCode: string;
  /** Half-open days of validity; null: until further notice. */
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly nationalCode: string;
}

interface Spell {
  /** Days as numbers, `20240105`. */
  readonly from: number;
  readonly to: number;
  readonly code: string;
  readonly earlier: Spell | undefined;
}

const FOREVER = 99_999_999;

/** The national code of a local one on a day, looked up without asking the database row by row. */
export class ItemCodes {
  /** Spells of each code, latest first. */
  private readonly spells = new Map<string, Spell>();

  /** @param isNational  the member's local codes are national ones where the table has nothing */
  constructor(
    rows: readonly ItemCodeRow[],
    private readonly isNational: boolean,
  ) {
    for (const { localCode, validFrom, validTo, nationalCode } of rows) {
      this.spells.set(localCode, {
        from: dayNumber(validFrom),
        to: validTo === null ? FOREVER : dayNumber(validTo),
        code: nationalCode,
        earlier: this.spells.get(localCode),
      });
    }
  }

  /** @param day  `YYYY-MM-DD`, alone or at the start of a moment */
  national(localCode: string, day: string): string | null {
    return this.nationalOn(localCode, dayNumber(day));
  }

  /** @param day  as a number, `20240105` */
  nationalOn(localCode: string, day: number): string | null {
    for (let spell = this.spells.get(localCode); spell !== undefined; spell = spell.earlier) {
      if (day >= spell.from && day < spell.to) return spell.code;
    }
    return this.isNational ? localCode : null;
  }
}

/** `2024-01-05` → 20240105. The eight digits are known to be there. */
function dayNumber(day: string): number {
  let number = 0;
  for (let index = 0; index < 10; index += 1) {
    if (index !== 4 && index !== 7) number = number * 10 + day.charCodeAt(index) - 48;
  }
  return number;
}

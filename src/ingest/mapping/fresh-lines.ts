import { FIELDS } from '../fields.js';
import type { ItemCodes } from './item-codes.js';
import type { LineScreen } from './line-screen.js';
import { LineWatch } from './line-watch.js';
import type { RowScratch } from './row-scratch.js';

/** What a table being filled needs to know of its rows. */
export interface FreshTarget {
  /** `YYYY-MM`: lines settled in another month do not belong. */
  readonly month: string;
  readonly codes: ItemCodes;
  /** Natural keys that stand open in the quarantine: a good row with one of them resolves it. */
  readonly openKeys: ReadonlySet<string>;
  readonly screen: LineScreen | null;
}

/**
 * Columns of `claim_line` in the order in which a line of COPY carries them: the canonical fields in theirs, moments standing for their
 * days, then the time of the charge. The others are the table's defaults.
 */
export const FRESH_COLUMNS = [
  'claim_no',
  'settled_on',
  'line_no',
  'charged_on',
  'institution_item_code',
  'item_code',
  'item_name',
  'item_kind',
  'quantity',
  'unit_price',
  'line_amount_fen',
  'line_eligible_fen',
  'prescription_no',
  'department',
  'doctor',
  'fee_class',
  'days_supply',
  'trace_codes',
  'charged_time',
  'content_hash',
  'raw_row',
] as const;

const NAMES = Object.keys(FIELDS.lines);
const at = (name: string): number => NAMES.indexOf(name);
const CLAIM = at('claimNo');
const SETTLED = at('settledAt');
const LINE = at('lineNo');
const CHARGED = at('chargedAt');
const LOCAL_CODE = at('institutionItemCode');
const CODE = at('itemCode');
const DAY_LENGTH = 10;
const MONTH_LENGTH = 7;

/**
 * What lines for a fresh table need beyond staging, and a watch that they are ordinary: all of the month, no natural key twice in the slice, none that
 * waits in the quarantine. Only of ordinary lines does the order of landing leave no trace, so that nothing need be compared. A slice
 * that is not ordinary takes the merge instead.
 */
export class FreshLines {
  private ordinary = true;
  private readonly lines = new LineWatch();
  private readonly openClaims: ReadonlySet<string>;
  /** A moment known to lie in the month: the rows of a claim share theirs. */
  private within: string | null = null;

  constructor(private readonly target: FreshTarget) {
    this.openClaims = new Set([...target.openKeys].map((key) => key.split('\u001f')[0] ?? ''));
  }

  get isOrdinary(): boolean {
    return this.ordinary;
  }

  /** The national code of a line for which the source gave none; null: it has none yet. */
  nationalCode(texts: readonly (string | null)[]): string | null {
    return this.target.codes.national(texts[LOCAL_CODE] ?? '', texts[CHARGED] ?? '');
  }

  /** The same, with days by field position as numbers. */
  nationalCodeOn(texts: readonly (string | null)[], days: Int32Array): string | null {
    return this.target.codes.nationalOn(texts[LOCAL_CODE] ?? '', days[CHARGED] ?? 0);
  }

  /** Whether the lines are shown to somebody, who may look at every text. */
  get isShown(): boolean {
    return this.target.screen !== null;
  }

  /** Shows a line that was written to the rules, with its national code. */
  show({ texts, numbers }: Pick<RowScratch, 'texts' | 'numbers'>): void {
    if (this.target.screen === null) return;
    texts[CODE] ??= this.nationalCode(texts);
    this.target.screen.look(texts, numbers);
  }

  /** Null where the source gives no hour. */
  chargedTime(texts: readonly (string | null)[]): string | null {
    const charged = texts[CHARGED] ?? '';
    return charged.length > DAY_LENGTH ? charged.slice(DAY_LENGTH + 1) : null;
  }

  watch(texts: readonly (string | null)[]): void {
    const claim = texts[CLAIM] ?? '';
    const line = texts[LINE] ?? '';
    if (this.lines.isRepeat(claim, line) || !this.isOfMonth(texts[SETTLED] ?? '')) {
      this.ordinary = false;
    }
    if (this.openClaims.size > 0 && this.openClaims.has(claim)) {
      if (this.target.openKeys.has(`${claim}\u001f${line}`)) this.ordinary = false;
    }
  }

  private isOfMonth(moment: string): boolean {
    if (moment === this.within) return true;
    const { month } = this.target;
    for (let index = MONTH_LENGTH - 1; index >= 0; index -= 1) {
      if (moment.charCodeAt(index) !== month.charCodeAt(index)) return false;
    }
    this.within = moment;
    return true;
  }
}

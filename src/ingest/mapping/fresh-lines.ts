import { FIELDS } from '../fields.js';
import { cellText } from './copy-text.js';
import type { ItemCodes } from './item-codes.js';

/** What a table being filled needs to know of its rows. */
export interface FreshTarget {
  /** `YYYY-MM`: lines settled in another month do not belong. */
  readonly month: string;
  readonly codes: ItemCodes;
  /** Natural keys that stand open in the quarantine: a good row with one of them resolves it. */
  readonly openKeys: ReadonlySet<string>;
}

/** Columns of `claim_line` in the order in which a line of COPY carries them; the others are the table's defaults. */
export const FRESH_COLUMNS = [
  'claim_no',
  'settled_on',
  'line_no',
  'charged_on',
  'charged_time',
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
const DAY = 10;

/**
 * Writes lines for a fresh table and watches that they are ordinary: all of the month, no natural key twice in the slice, none that
 * waits in the quarantine. Only of ordinary lines does the order of landing leave no trace, so that nothing need be compared. A slice
 * that is not ordinary takes the merge instead.
 */
export class FreshLines {
  private ordinary = true;
  /** Line numbers met in the slice, by claim. */
  private readonly claims = new Map<string, Set<string>>();
  private readonly openClaims: ReadonlySet<string>;
  private claim: string | null = null;
  private lines = new Set<string>();

  constructor(private readonly target: FreshTarget) {
    this.openClaims = new Set([...target.openKeys].map((key) => key.split('\u001f')[0] ?? ''));
  }

  get isOrdinary(): boolean {
    return this.ordinary;
  }

  /** A line of COPY, without the hash, the row's number and the line end. */
  write(texts: readonly (string | null)[], mayHoldBackslash: boolean): string {
    const claim = texts[CLAIM] ?? '';
    const line = texts[LINE] ?? '';
    const settled = texts[SETTLED] ?? '';
    const charged = texts[CHARGED] ?? '';
    const local = texts[LOCAL_CODE] ?? '';
    this.watch(claim, line, settled);
    const code = texts[CODE] ?? this.target.codes.national(local, charged);
    const time = charged.length > DAY ? charged.slice(DAY + 1) : '\\N';
    let text = `${settled.slice(0, DAY)}\t${cellText(line, mayHoldBackslash)}\t${charged.slice(0, DAY)}\t${time}`;
    text = `${cellText(claim, mayHoldBackslash)}\t${text}\t${cellText(local, mayHoldBackslash)}\t${cellText(code, mayHoldBackslash)}`;
    for (let index = CODE + 1; index < texts.length; index += 1) {
      text += `\t${cellText(texts[index], mayHoldBackslash)}`;
    }
    return text;
  }

  private watch(claim: string, line: string, settled: string): void {
    if (claim !== this.claim) this.turnTo(claim); // as a rule the lines of a claim come together
    const before = this.lines.size;
    this.lines.add(line);
    if (this.lines.size === before || !settled.startsWith(this.target.month)) this.ordinary = false;
    if (this.openClaims.size > 0 && this.openClaims.has(claim)) {
      if (this.target.openKeys.has(`${claim}\u001f${line}`)) this.ordinary = false;
    }
  }

  private turnTo(claim: string): void {
    this.claim = claim;
    this.lines = this.claims.get(claim) ?? new Set();
    this.claims.set(claim, this.lines);
  }
}

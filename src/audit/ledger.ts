import { Decimal } from '../kernel/decimal.js';
import { allocate, type Fen, fen, greatest, least, sum, ZERO_FEN } from '../kernel/money.js';
import { type ClaimFacts, FUNDS, type Fund, type LineFacts } from './facts.js';
import { type CasePart, type UnitRange, WHOLE_PART } from './template.js';

/** What a finding got out of a ledger: money by fund, and who holds what it did not get. */
export interface Taken {
  /** In the order of FUNDS. */
  readonly fundsFen: readonly Fen[];
  readonly heldBy: string | null;
}

interface Segment {
  readonly from: number;
  readonly to: number;
  /** Part of each unit's value already claimed, of WHOLE_PART. */
  readonly part: number;
  readonly owner: string | null;
}

/**
 * The unit ledger of one line: which part of which unit is already claimed, and by whom. A unit claimed again yields only what the new
 * claim asks beyond the old one: two findings on the same unit are a union, never a sum.
 */
export class LineLedger {
  private segments: readonly Segment[];

  constructor(private readonly quantity: number) {
    this.segments = [{ from: 0, to: quantity, part: 0, owner: null }];
  }

  /** All units at full value, in units × parts. */
  get whole(): bigint {
    return BigInt(this.quantity) * BigInt(WHOLE_PART);
  }

  /** Claimed so far, in units × parts. */
  get claimed(): bigint {
    return this.segments.reduce(
      (measure, { from, to, part }) => measure + BigInt(to - from) * BigInt(part),
      0n,
    );
  }

  /** Raises what is claimed of the range to `part`; returns an earlier owner met on the way. */
  raise({ from, to, part }: UnitRange, owner: string): string | null {
    let heldBy: string | null = null;
    this.segments = this.segments.flatMap((segment) => {
      const start = Math.max(from, segment.from);
      const end = Math.min(to, segment.to);
      if (start >= end) return [segment];
      heldBy ??= segment.owner;
      if (segment.part >= part) return [segment];
      return [
        { ...segment, to: start },
        { from: start, to: end, part, owner: segment.owner ?? owner },
        { ...segment, from: end },
      ].filter((piece) => piece.from < piece.to);
    });
    return heldBy;
  }
}

/**
 * The ledger of one case: what each fund paid, each line's share of it (largest remainder over the eligible amounts), and what
 * findings already claim. Invariants: per fund, Σ claimed ≤ paid; per line, Σ claimed ≤ its share.
 */
export class CaseLedger {
  private readonly paid: readonly Fen[];
  private readonly free: Fen[];
  private readonly lines = new Map<LineFacts, { ledger: LineLedger; sharesFen: readonly Fen[] }>();
  private readonly positions: ReadonlyMap<LineFacts, number>;
  private readonly shares: readonly (readonly Fen[])[];
  private caseOwner: string | null = null;
  /** By fund: what findings on days of the case asked for together. */
  private daysClaimed: readonly Fen[];

  constructor(claim: ClaimFacts, counted: readonly Fund[]) {
    this.paid = FUNDS.map((fund, index) => {
      const paid = claim.fundsFen[index] ?? ZERO_FEN;
      return counted.includes(fund) && paid > 0n ? paid : ZERO_FEN;
    });
    this.free = [...this.paid];
    this.positions = new Map(claim.lines.map((line, position) => [line, position]));
    this.shares = this.paid.map((paid) => sharesOf(paid, claim.lines));
    this.daysClaimed = this.paid.map(() => ZERO_FEN);
  }

  /** The money a range of units stands for when nobody else claims it. */
  worthOf(range: UnitRange): Fen {
    const measure = BigInt(range.to - range.from) * BigInt(range.part);
    const whole = BigInt(range.line.quantity) * BigInt(WHOLE_PART);
    return sum(this.sharesOfLine(range.line).map((share) => proportion(share, measure, whole)));
  }

  worthOfCase(part: CasePart): Fen {
    return sum(this.partOf(part));
  }

  takeUnits(range: UnitRange, owner: string): Taken {
    const { ledger, sharesFen } = this.lineOf(range.line);
    const before = ledger.claimed;
    const heldBy = ledger.raise(range, owner);
    const after = ledger.claimed;
    const fundsFen = sharesFen.map((share, fund) =>
      this.take(
        fund,
        fen(proportion(share, after, ledger.whole) - proportion(share, before, ledger.whole)),
      ),
    );
    return { fundsFen, heldBy: heldBy ?? this.caseOwner };
  }

  /**
   * Case-level money comes out of what no line finding claims. Days of a case that two findings blame may be the same days: like units of
   * a line they are a union, of which the larger part is sure.
   */
  takeCase(part: CasePart, owner: string): Taken {
    const heldBy = this.caseOwner;
    this.caseOwner ??= owner;
    const wanted = this.partOf(part);
    const fundsFen =
      part.amountFen === undefined
        ? this.takeDays(wanted)
        : wanted.map((amount, fund) => this.take(fund, amount));
    return { fundsFen, heldBy };
  }

  private takeDays(wanted: readonly Fen[]): Fen[] {
    const before = this.daysClaimed;
    this.daysClaimed = wanted.map((amount, fund) => greatest(amount, before[fund] ?? ZERO_FEN));
    return this.daysClaimed.map((amount, fund) =>
      this.take(fund, fen(amount - (before[fund] ?? ZERO_FEN))),
    );
  }

  /** A part of the case by fund: by days, or an amount spread as the funds paid. */
  private partOf({ days, ofDays, amountFen }: CasePart): Fen[] {
    if (amountFen === undefined)
      return this.paid.map((paid) => proportion(paid, BigInt(days), BigInt(ofDays)));
    const amount = least(amountFen, sum(this.paid));
    if (amount <= 0n) return this.paid.map(() => ZERO_FEN);
    return [
      ...allocate(
        amount,
        this.paid.map((paid) => new Decimal(paid.toString())),
      ),
    ];
  }

  private take(fund: number, wanted: Fen): Fen {
    const taken = least(wanted, this.free[fund] ?? ZERO_FEN);
    this.free[fund] = fen((this.free[fund] ?? 0n) - taken);
    return taken;
  }

  private lineOf(line: LineFacts): { ledger: LineLedger; sharesFen: readonly Fen[] } {
    const known = this.lines.get(line);
    if (known !== undefined) return known;
    const opened = { ledger: new LineLedger(line.quantity), sharesFen: this.sharesOfLine(line) };
    this.lines.set(line, opened);
    return opened;
  }

  private sharesOfLine(line: LineFacts): readonly Fen[] {
    const position = this.positions.get(line) ?? -1;
    return this.shares.map((shares) => shares[position] ?? ZERO_FEN);
  }
}

/** Each line's share of what a fund paid; nothing when no line is within scope. */
function sharesOf(paid: Fen, lines: readonly LineFacts[]): readonly Fen[] {
  const weights = lines.map(({ eligibleFen }) => (eligibleFen > 0n ? eligibleFen : 0n));
  if (paid === 0n || weights.every((weight) => weight === 0n)) return lines.map(() => ZERO_FEN);
  return allocate(
    paid,
    weights.map((weight) => new Decimal(weight.toString())),
  );
}

/** amount × part ÷ whole, half up; 0 for an empty whole. */
function proportion(amount: Fen, part: bigint, whole: bigint): Fen {
  return whole === 0n ? ZERO_FEN : fen((2n * amount * part + whole) / (2n * whole));
}

import type { KnowledgeBase } from '../knowledge/knowledge.js';
import { type AuditBook, type CompiledAudit, compileAudit } from './compile.js';
import { ruleVersion } from './rule.js';
import { familyNumber } from './screen/item-table.js';
import { dayNumber, ROW, ROW_WIDTH } from './screen/positional-row.js';
import type { FilteredClaim } from './screen/profile.js';
import { Verdict } from './screen/verdict.js';

/** Where a reader's rows hold what rules look at: positions of texts, and of scaled integers (quantity 10^-4, price 10^-6, amounts in fen). */
export interface RowColumns {
  /** Texts. */
  readonly claimNo: number;
  readonly lineNo: number;
  readonly itemCode: number;
  readonly chargedAt: number;
  /** Numbers. */
  readonly quantity: number;
  readonly unitPrice: number;
  readonly lineAmount: number;
  readonly eligibleAmount: number;
}

/** A claim as lines of it are judged. */
export type ScreenedClaim = FilteredClaim & {
  readonly birthDate: string | null;
  /** Absent: not known. */
  readonly admittedAt?: string | null;
  readonly dischargedAt?: string | null;
};

/** A line that a rule finds in violation on its own. */
export interface RowHit {
  /** Rule and version. */
  readonly rule: string;
  readonly claimNo: string;
  readonly lineNo: string;
}

interface ClaimNumbers {
  readonly profile: number;
  readonly birth: number;
  readonly admitted: number;
  readonly discharged: number;
}

type Texts = readonly (string | null)[];

/**
 * The compiled function for whoever has lines as rows of texts and numbers: the same that the audit of the books calls. Claims of one
 * institution come first, then their lines, best claim by claim. A line whose claim is not known is not judged.
 */
export class RowScreen {
  private readonly verdict: Verdict;
  private readonly row = new Float64Array(ROW_WIDTH);
  private readonly claims = new Map<string, ClaimNumbers>();
  private readonly hits: RowHit[] = [];
  private lastClaim: string | null = null;
  /** Lines judged, and lines that could not be because their claim was not known. */
  judged = 0;
  unknownClaims = 0;

  constructor(
    private readonly audit: Pick<CompiledAudit, 'screen' | 'rules'>,
    private readonly columns: RowColumns,
  ) {
    this.verdict = new Verdict(audit.screen);
  }

  addClaim(claimNo: string, claim: ScreenedClaim): void {
    this.claims.set(claimNo, {
      profile: this.audit.screen.profiles.indexOf(claim),
      birth: dayNumber(claim.birthDate),
      admitted: dayNumber(claim.admittedAt ?? null),
      discharged: dayNumber(claim.dischargedAt ?? null),
    });
  }

  forgetClaims(): void {
    this.claims.clear();
    this.lastClaim = null;
  }

  /** Judges one row; what hits it is kept until `takeHits`. */
  look(texts: Texts, numbers: ArrayLike<number>): void {
    const { columns, row, audit } = this;
    if (!this.moveTo(texts[columns.claimNo] ?? '')) return;
    this.judged += 1;
    const code = texts[columns.itemCode] ?? null;
    row[ROW.code] = audit.screen.codeOf(code);
    row[ROW.family] = familyNumber(code);
    row[ROW.chargedOn] = dayNumber(texts[columns.chargedAt] ?? null);
    row[ROW.quantity] = numbers[columns.quantity] ?? 0;
    row[ROW.unitPrice] = numbers[columns.unitPrice] ?? 0;
    row[ROW.amount] = numbers[columns.lineAmount] ?? 0;
    row[ROW.eligible] = numbers[columns.eligibleAmount] ?? 0;
    const flags = audit.screen.judge(row, 0);
    if (flags !== 0 && this.anyHit()) this.keep(flags, texts);
  }

  /** The hits since the last call, in the order of the rows. */
  takeHits(): RowHit[] {
    return this.hits.splice(0);
  }

  /** Lines of a claim come together: its numbers stay in the row. */
  private moveTo(claimNo: string): boolean {
    if (claimNo === this.lastClaim) return true;
    const claim = this.claims.get(claimNo);
    if (claim === undefined) {
      this.unknownClaims += 1;
      return false;
    }
    this.lastClaim = claimNo;
    this.row[ROW.profile] = claim.profile;
    this.row[ROW.birthDate] = claim.birth;
    this.row[ROW.admittedOn] = claim.admitted;
    this.row[ROW.dischargedOn] = claim.discharged;
    return true;
  }

  private anyHit(): boolean {
    const { words, checkWords } = this.audit.screen;
    for (let word = 0; word < checkWords; word += 1) if (words[word] !== 0) return true;
    return false;
  }

  private keep(flags: number, texts: Texts): void {
    this.verdict.read(flags);
    for (const position of this.verdict.hits) {
      const compiled = this.audit.rules[position];
      if (compiled === undefined) continue;
      this.hits.push({
        rule: ruleVersion(compiled.rule),
        claimNo: texts[this.columns.claimNo] ?? '',
        lineNo: texts[this.columns.lineNo] ?? '',
      });
    }
  }
}

/** Compiles the rules of a book that a line and its claim alone decide. */
export function compileRowScreen(
  book: AuditBook,
  knowledge: KnowledgeBase,
  columns: RowColumns,
): RowScreen {
  const decided = new Set(
    compileAudit(book, knowledge)
      .rules.filter(({ bound }) => (bound.rowChecks ?? []).length > 0)
      .map(({ rule }) => rule.id),
  );
  return new RowScreen(compileAudit(book, knowledge, decided), columns);
}

import type { IsoDate } from '../kernel/dates.js';
import type { Decimal } from '../kernel/decimal.js';
import { type Fen, ZERO_FEN } from '../kernel/money.js';

/** What the payment methods count of one member in one pool, besides its booked amounts and points. */
export interface MethodFacts {
  /** Discharged inpatient cases (出院人次): what a cap on applications is measured by; null: nobody counted. */
  readonly discharges: number | null;
  /** Cost of the cases that points or weights stand for, whoever paid it; null: not given. */
  readonly inpatientCost: Fen | null;
  /** Σ weight × institution coefficient of the cases a DRG rate pays; null: weigh `drgCases`. */
  readonly drgWeight: Decimal | null;
  readonly drgCases: readonly DrgCaseFacts[];
  readonly specialCases: readonly SpecialCaseFacts[];
  readonly tcmCases: readonly TcmCaseFacts[];
  readonly bedDays: readonly BedDayStays[];
  /** Cost of the bed-day stays, whoever paid it; null: not given. */
  readonly bedDayCost: Fen | null;
  readonly roster: readonly RosterSpan[];
  /** What the fund paid by service, elsewhere, for persons of the roster. */
  readonly outOfNetwork: Fen;
  readonly signed: SignedPersons | null;
  /** What the counts and decisions rest on; null: the giver cites nothing. */
  readonly clause: string | null;
}

/** An inpatient case with its DRG, as the price list values it. */
export interface DrgCaseFacts {
  readonly caseNo: string;
  /** Weight of its group (权重), and the group's mean cost at institutions of the level. */
  readonly weight: Decimal;
  readonly mean: Fen;
  readonly cost: Fen;
  readonly booked: Fen;
  /** Days of stay. */
  readonly days: number;
}

/** What the review of a special case (特例单议) came to. */
export const SPECIAL_OUTCOMES = ['keep', 'score', 'by-item'] as const;

export interface SpecialCaseFacts {
  readonly caseNo: string;
  /** Points or weight that the member's total holds for the case. */
  readonly counted: Decimal;
  readonly outcome: (typeof SPECIAL_OUTCOMES)[number];
  /** The score the experts gave; null unless the outcome is `score`. */
  readonly decided: Decimal | null;
  /** What the fund pays for the case by item; null unless the outcome is `by-item`. */
  readonly byItem: Fen | null;
  /** Who signed, by code. */
  readonly reviewers: readonly string[];
}

/** A case that was valued as a TCM disease (中医优势病种). */
export interface TcmCaseFacts {
  readonly caseNo: string;
  /** Group of the list, by which the shortest stay goes. */
  readonly group: string;
  readonly days: number;
  /** Classes of the group's operations that were done, of four. */
  readonly classes: number;
  /** Points or weight that the member's total holds for it; and what it has as an ordinary case. */
  readonly counted: Decimal;
  readonly otherwise: Decimal;
  readonly fees: TcmFees;
}

/** Fees of a case by kind. */
export interface TcmFees {
  readonly tcmTreatment: Fen;
  readonly patentTcm: Fen;
  readonly pieces: Fen;
  readonly westernTreatment: Fen;
  readonly westernDrugs: Fen;
  readonly surgery: Fen;
  readonly consumables: Fen;
}

/** So many stays of one length. */
export interface BedDayStays {
  /** Class of disease that the rates know, e.g. `psychiatric`. */
  readonly class: string;
  /** Nights: day of discharge less day of admission. */
  readonly nights: number;
  readonly stays: number;
}

/** So many persons on a roster (人头名册) from one day to another, both counted. */
export interface RosterSpan {
  /** Group that the weights know, e.g. `age-60-up`. */
  readonly group: string;
  readonly persons: number;
  readonly from: IsoDate;
  readonly to: IsoDate;
}

export interface SignedPersons {
  readonly persons: number;
  /** Those of them that were served. */
  readonly served: number;
}

export const NO_METHODS: MethodFacts = {
  discharges: null,
  inpatientCost: null,
  drgWeight: null,
  drgCases: [],
  specialCases: [],
  tcmCases: [],
  bedDays: [],
  bedDayCost: null,
  roster: [],
  outOfNetwork: ZERO_FEN,
  signed: null,
  clause: null,
};

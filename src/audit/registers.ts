import type { IsoDate, IsoDateTime } from '../kernel/dates.js';

/**
 * Registers (登记): facts beside the claims that some rules need: who was insured when, who died, what was ordered. A
 * site keeps the ones it can; a rule that needs another is not applicable, and the coverage report says so.
 */
export const REGISTERS = [
  'coverage', // 参保期间
  'deaths', // 死亡登记
  'doctor-rights', // 医师医保支付资格
  'chronic-approvals', // 门诊慢特病认定
  'orders', // 医嘱
] as const;
export type RegisterName = (typeof REGISTERS)[number];

/** `until` is the first day no longer covered; null = still. */
export interface Span {
  readonly from: IsoDate;
  readonly until: IsoDate | null;
}

export function isWithin({ from, until }: Span, day: IsoDate): boolean {
  return day >= from && (until === null || day < until);
}

/** A person's recognised chronic or special outpatient disease, by its local code. */
export interface ChronicApproval extends Span {
  readonly disease: string;
}

/** An order of a stay; what it asked for, as units of the item. */
export interface Order {
  readonly institution: string;
  readonly claimNo: string;
  readonly itemCode: string;
  readonly on: IsoDate;
  /** Ten-thousandths of a unit. */
  readonly quantity: number;
}

/** A trace code of a drug that an earlier settlement, perhaps another person's, had used up already. */
export interface TraceReuse {
  readonly code: string;
  readonly institution: string;
  readonly claimNo: string;
  readonly first: {
    readonly institution: string;
    readonly claimNo: string;
    readonly settledOn: IsoDate;
  };
}

/** What the registers, and the books of others, say of one person. */
export interface PersonRegister {
  readonly coverage: readonly Span[];
  readonly diedAt: IsoDate | IsoDateTime | null;
  readonly chronicApprovals: readonly ChronicApproval[];
  readonly orders: readonly Order[];
  /** Found in the books themselves: no register is needed. */
  readonly reusedTraceCodes: readonly TraceReuse[];
}

export const NOTHING_REGISTERED: PersonRegister = {
  coverage: [],
  diedAt: null,
  chronicApprovals: [],
  orders: [],
  reusedTraceCodes: [],
};

/** A time in which a doctor's work is not paid by the fund (暂停或终止医保支付资格). */
export interface SuspendedRight extends Span {
  readonly doctor: string;
  /** Document of the decision. */
  readonly document: string;
}

/** What is known of a site's registers as a whole. */
export interface SiteRegisters {
  readonly held: ReadonlySet<RegisterName>;
  /** By doctor; small enough to be held whole. */
  readonly suspendedRights: ReadonlyMap<string, readonly SuspendedRight[]>;
  /** Of everything held; null: nothing is. */
  readonly digest: string | null;
}

export const NO_REGISTERS: SiteRegisters = {
  ...{ held: new Set<RegisterName>(), suspendedRights: new Map(), digest: null },
};

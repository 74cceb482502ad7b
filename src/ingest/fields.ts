import {
  CARE_TYPES,
  CAUSES,
  CHANNELS,
  DISCHARGE_MODES,
  FEE_CLASSES,
  ITEM_KINDS,
  POOLS,
  SEXES,
  TREATMENT_AREAS,
} from '../claims/claim.js';

/** The streams in the order in which they are read: people first, then claims, then what hangs on a claim. */
export const STREAMS = ['persons', 'claims', 'lines', 'diagnoses', 'procedures'] as const;
export type Stream = (typeof STREAMS)[number];

/** What a canonical field holds; decides how a cell is decoded and how it is written to PostgreSQL. */
export type FieldKind =
  | 'code' // an identifier, at most 64 characters
  | 'name' // a text, at most 200 characters
  | 'certificate' // a certificate number: only its keyed hash is ever written
  | 'money' // fen
  | 'quantity' // decimal, 4 places, signed
  | 'price' // decimal, 6 places, ≥ 0
  | 'sequence' // 1 … 99
  | 'days' // 1 … 366
  | 'codes' // several codes of one row, with a comma between two
  | 'flag' // true | false
  | 'date' // a day
  | 'moment' // a day and a time
  | 'day-or-moment' // as precise as the source
  | 'enum';

export interface FieldSpec {
  readonly kind: FieldKind;
  /** The source must give it; a blank cell is a fault. */
  readonly required?: boolean;
  /** Canonical text when the mapping does not name the field or the cell is blank. */
  readonly fallback?: string;
  readonly values?: readonly string[];
}

const code: FieldSpec = { kind: 'code' };
const codeRequired: FieldSpec = { kind: 'code', required: true };
const money: FieldSpec = { kind: 'money', required: true };
const moneyOrZero: FieldSpec = { kind: 'money', fallback: '0' };
const settledAt: FieldSpec = { kind: 'moment', required: true };
const sex: FieldSpec = { kind: 'enum', values: SEXES, fallback: 'unknown' };

const coded = {
  claimNo: codeRequired,
  settledAt,
  sequence: { kind: 'sequence', required: true },
  code: codeRequired,
  isPrincipal: { kind: 'flag', required: true },
} as const satisfies Record<string, FieldSpec>;

/** Canonical fields by stream, in the order in which a landed row carries them. */
export const FIELDS: Readonly<Record<Stream, Readonly<Record<string, FieldSpec>>>> = {
  persons: {
    personId: codeRequired,
    certificate: { kind: 'certificate' },
    sex,
    birthDate: { kind: 'date' },
  },
  claims: {
    claimNo: codeRequired,
    refundOf: code,
    personId: code,
    certificate: { kind: 'certificate' },
    sex,
    birthDate: { kind: 'date' },
    pool: { kind: 'enum', values: POOLS, required: true },
    careType: { kind: 'enum', values: CARE_TYPES, required: true },
    treatmentArea: { kind: 'enum', values: TREATMENT_AREAS, fallback: 'local' },
    channel: { kind: 'enum', values: CHANNELS, fallback: 'direct' },
    cause: { kind: 'enum', values: CAUSES, fallback: 'ordinary' },
    settledAt,
    admittedAt: { kind: 'day-or-moment' },
    dischargedAt: { kind: 'day-or-moment' },
    dischargeMode: { kind: 'enum', values: DISCHARGE_MODES },
    department: code,
    totalFee: money,
    eligible: money,
    deductible: money,
    pooledFundPaid: money,
    criticalIllnessPaid: moneyOrZero,
    largeExpensePaid: moneyOrZero,
    medicalAidPaid: moneyOrZero,
    fundPaid: money,
    accountPaid: money,
    cashPaid: money,
    agencyGroupCode: code,
    groupStandard: moneyOrZero,
  },
  lines: {
    claimNo: codeRequired,
    settledAt,
    lineNo: codeRequired,
    chargedAt: { kind: 'day-or-moment', required: true },
    institutionItemCode: codeRequired,
    itemCode: code,
    itemName: { kind: 'name', required: true },
    itemKind: { kind: 'enum', values: ITEM_KINDS, required: true },
    quantity: { kind: 'quantity', required: true },
    unitPrice: { kind: 'price', required: true },
    lineAmount: money,
    eligibleAmount: money,
    prescriptionNo: code,
    department: code,
    doctor: code,
    feeClass: { kind: 'enum', values: FEE_CLASSES },
    daysSupply: { kind: 'days' },
    traceCodes: { kind: 'codes' },
  },
  diagnoses: coded,
  procedures: { ...coded, performedOn: { kind: 'date' } },
};

/** Fields that make a row unique within its institution. */
export const NATURAL_KEYS: Readonly<Record<Stream, readonly string[]>> = {
  persons: ['personId'],
  claims: ['claimNo'],
  lines: ['claimNo', 'lineNo'],
  diagnoses: ['claimNo', 'sequence'],
  procedures: ['claimNo', 'sequence'],
};

/** The field whose sum is compared with the source; the other streams are counted only. */
export const AMOUNT_FIELDS: Readonly<Partial<Record<Stream, string>>> = {
  claims: 'totalFee',
  lines: 'lineAmount',
};

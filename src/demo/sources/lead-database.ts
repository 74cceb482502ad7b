import type { DemoClaim } from '../claims/model.js';
import { dateOfDay } from '../county/calendar.js';
import { patientsOf } from '../county/county.js';
import { localCodeOf } from '../items/catalogue.js';
import { clinicalCodeOf } from './clinical-codes.js';
import {
  CARE_CODES,
  type Cell,
  INSURANCE_CODES,
  nameOf,
  priceText,
  type SourceContext,
  type SourceDatabase,
  type SourceTable,
  settledAt,
  timestampOf,
  yuanText,
} from './source-table.js';

const DISCHARGE = { ordered: '1', transfer: '2', 'against-advice': '4' } as const;
const KINDS = {
  drug: 'DRUG',
  'tcm-piece': 'HERB',
  service: 'SERVICE',
  material: 'MATERIAL',
} as const;

/** The lead hospital: English tables, 19-digit ids, numeric money, timestamps; diagnoses in the clinical edition. */
export function leadDatabase(
  claims: readonly DemoClaim[],
  { names }: SourceContext,
): SourceDatabase {
  return {
    database: 'lead_his',
    schemas: ['public'],
    tables: [patients(claims), settlements(claims), feeLines(claims, names), ...coded(claims)],
  };
}

function patients(claims: readonly DemoClaim[]): SourceTable {
  return {
    name: 'public.patient',
    definitions: [
      'insured_no text NOT NULL',
      'id_card text NOT NULL',
      'gender text NOT NULL',
      'birth_date date NOT NULL',
      'registered_at timestamp NOT NULL',
    ],
    primaryKey: ['insured_no'],
    indexed: ['registered_at'],
    rows: [...patientsOf(claims).values()].map(({ person, day }) => [
      person.id,
      person.certificate,
      person.sex === 'male' ? 'M' : 'F',
      person.birthDate,
      timestampOf(day, 7 * 60 + 30),
    ]),
  };
}

function settlements(claims: readonly DemoClaim[]): SourceTable {
  const money = (name: string): string => `${name} numeric(16,2) NOT NULL`;
  return {
    name: 'public.settlement',
    definitions: [
      'settlement_id bigint NOT NULL',
      'refund_of bigint',
      'insured_no text NOT NULL',
      'gender text NOT NULL',
      'birth_date date NOT NULL',
      'insurance_type text NOT NULL',
      'visit_type text NOT NULL',
      'pay_channel text NOT NULL',
      'emergency_event text NOT NULL',
      'department text',
      'admitted_at timestamp',
      'discharged_at timestamp',
      'discharge_way text',
      'settled_at timestamp NOT NULL',
      ...MONEY_COLUMNS.map(money),
    ],
    primaryKey: ['settlement_id'],
    indexed: ['settled_at'],
    rows: claims.map((claim) => [...headOf(claim), ...moneyOf(claim)]),
  };
}

const MONEY_COLUMNS = [
  'total_fee',
  'eligible_fee',
  'deductible',
  'pooled_fund',
  'critical_illness',
  'large_expense',
  'medical_aid',
  'fund_total',
  'account_paid',
  'cash_paid',
];

function headOf(claim: DemoClaim): Cell[] {
  const { person, stay } = claim;
  return [
    claim.claimNo,
    claim.refunds?.claimNo ?? null,
    person.id,
    person.sex === 'male' ? 'M' : 'F',
    person.birthDate,
    INSURANCE_CODES[person.pool],
    CARE_CODES[claim.careType],
    claim.channel === 'manual' ? 'MANUAL' : 'DIRECT',
    claim.cause === 'ordinary' ? 'N' : 'Y',
    claim.department,
    stay === null ? null : timestampOf(stay.admittedDay, stay.admittedMinute),
    stay === null ? null : timestampOf(stay.dischargedDay, stay.dischargedMinute),
    stay === null ? null : DISCHARGE[stay.mode],
    settledAt(claim),
  ];
}

export function moneyOf({ money }: DemoClaim): string[] {
  return [
    money.total,
    money.eligible,
    money.deductible,
    money.pooled,
    money.criticalIllness,
    money.largeExpense,
    money.medicalAid,
    money.fund,
    money.account,
    money.cash,
  ].map(yuanText);
}

function feeLines(claims: readonly DemoClaim[], names: ReadonlyMap<string, string>): SourceTable {
  return {
    name: 'public.fee_line',
    definitions: [
      'line_id bigint NOT NULL',
      'settlement_id bigint NOT NULL',
      'settled_at timestamp NOT NULL',
      'charged_at timestamp NOT NULL',
      'item_code text NOT NULL',
      'item_name text NOT NULL',
      'item_class text NOT NULL',
      'quantity numeric(16,4) NOT NULL',
      'unit_price numeric(16,6) NOT NULL',
      'amount numeric(16,2) NOT NULL',
      'eligible_amount numeric(16,2) NOT NULL',
      'prescription_no text',
      'department text',
      'doctor text',
    ],
    primaryKey: ['line_id'],
    indexed: ['settled_at'],
    rows: claims.flatMap((claim) =>
      claim.lines.map((line) => [
        line.lineNo,
        claim.claimNo,
        settledAt(claim),
        timestampOf(line.day, line.minute),
        localCodeOf('lead', line.item),
        nameOf(line, names),
        KINDS[line.item.kind],
        String(line.quantity),
        priceText(line.item.price),
        yuanText(line.amount),
        yuanText(line.eligible),
        line.prescription,
        claim.department,
        line.doctor,
      ]),
    ),
  };
}

function coded(claims: readonly DemoClaim[]): SourceTable[] {
  const shared = [
    'settlement_id bigint NOT NULL',
    'settled_at timestamp NOT NULL',
    'seq integer NOT NULL',
    'code text NOT NULL',
    'main_flag text NOT NULL',
  ];
  const rows = (codes: (claim: DemoClaim) => readonly Cell[][]): Cell[][] =>
    claims.flatMap((claim) =>
      codes(claim).map((cells) => [claim.claimNo, settledAt(claim), ...cells]),
    );
  return [
    {
      name: 'public.diagnosis',
      definitions: shared,
      primaryKey: ['settlement_id', 'seq'],
      indexed: ['settled_at'],
      rows: rows(({ diagnoses }) =>
        diagnoses.map((code, index) => [
          String(index + 1),
          clinicalCodeOf(code),
          index === 0 ? 'Y' : 'N',
        ]),
      ),
    },
    {
      name: 'public.operation',
      definitions: [...shared, 'performed_on date'],
      primaryKey: ['settlement_id', 'seq'],
      indexed: ['settled_at'],
      rows: rows(({ procedures, stay }) =>
        procedures.map((code, index) => [
          String(index + 1),
          code,
          index === 0 ? 'Y' : 'N',
          stay === null ? null : dateOfDay(stay.admittedDay + 1),
        ]),
      ),
    },
  ];
}

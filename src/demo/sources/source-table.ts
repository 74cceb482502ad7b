import type { DemoClaim, DemoLine } from '../claims/model.js';
import { clockOf, dateOfDay } from '../county/calendar.js';
import type { WrongCertificates } from '../county/dirt.js';

export type Cell = string | null;

/** One table of a member's own database, ready to be created and filled. */
export interface SourceTable {
  /** Quoted, with its schema. */
  readonly name: string;
  /** Column definitions, `"JSXH" text NOT NULL` … */
  readonly definitions: readonly string[];
  readonly primaryKey: readonly string[];
  /** Columns that the gateway's windows run over. */
  readonly indexed: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface SourceDatabase {
  /** Name behind the county's prefix. */
  readonly database: string;
  readonly schemas: readonly string[];
  readonly tables: readonly SourceTable[];
}

/** What writing a source needs beside its claims: names by national code, and planted wrong certificates. */
export interface SourceContext {
  readonly names: ReadonlyMap<string, string>;
  readonly wrong: WrongCertificates;
}

/** Fen to yuan with two decimals. */
export function yuanText(fen: bigint): string {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Ten-thousandths of a yuan as a decimal text. */
export function priceText(price: bigint): string {
  const digits = price.toString().padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

export function timestampOf(day: number, minute: number): string {
  return `${dateOfDay(day)} ${clockOf(minute)}`;
}

export function settledAt(claim: DemoClaim): string {
  return timestampOf(claim.settledDay, claim.settledMinute);
}

export const compactDate = (day: number): string => dateOfDay(day).replaceAll('-', '');

/** The name on the bill. */
export function nameOf(line: DemoLine, names: ReadonlyMap<string, string>): string {
  return line.item.name ?? names.get(line.item.code ?? '') ?? line.item.key;
}

/** The agency's code of an insurance pool and of a care type, as many systems keep them. */
export const INSURANCE_CODES = { employee: '310', resident: '390' } as const;
export const CARE_CODES = {
  outpatient: '11',
  emergency: '13',
  chronic: '14',
  'two-disease': '15',
  inpatient: '21',
  'family-planning': '9986',
} as const;

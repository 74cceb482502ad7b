import type { DemoClaim } from '../claims/model.js';
import { clockOf, dateOfDay, demoYear } from '../county/calendar.js';
import { patientsOf } from '../county/county.js';
import { certificateAt, type WrongCertificates } from '../county/dirt.js';
import type { Institution } from '../county/institutions.js';
import { localCodeOf } from '../items/catalogue.js';
import { moneyOf } from './lead-database.js';
import {
  CARE_CODES,
  type Cell,
  compactDate,
  INSURANCE_CODES,
  nameOf,
  priceText,
  type SourceContext,
  type SourceDatabase,
  type SourceTable,
  yuanText,
} from './source-table.js';

const DISCHARGE = { ordered: '1', transfer: '2', 'against-advice': '4' } as const;

/** Three township centres in one database, a schema each: pinyin columns, dates as text, items and drugs in two tables. */
export function townshipDatabase(
  centres: readonly { readonly institution: Institution; readonly claims: readonly DemoClaim[] }[],
  context: SourceContext,
): SourceDatabase {
  return {
    database: 'township_his',
    schemas: centres.map(({ institution }) => schemaOf(institution)),
    tables: centres.flatMap(({ institution, claims }) => tablesOf(institution, claims, context)),
  };
}

export function schemaOf(institution: Institution): string {
  return institution.slug.replace('township-', '');
}

function tablesOf(
  institution: Institution,
  claims: readonly DemoClaim[],
  { names, wrong }: SourceContext,
): SourceTable[] {
  const schema = schemaOf(institution);
  return [
    patients(institution, claims, wrong),
    settlements(schema, claims),
    fees(schema, claims, { table: 'FYXM', names, drugs: false }),
    fees(schema, claims, { table: 'FYYP', names, drugs: true }),
    diagnoses(schema, claims),
  ];
}

const text = (...columns: readonly string[]): string[] =>
  columns.map((name) => `"${name}" text NOT NULL`);
const money = (...columns: readonly string[]): string[] =>
  columns.map((name) => `"${name}" numeric(14,2) NOT NULL`);

function patients(
  institution: Institution,
  claims: readonly DemoClaim[],
  wrong: WrongCertificates,
): SourceTable {
  return {
    name: `${schemaOf(institution)}."BRXX"`,
    definitions: text('YBKH', 'SFZH', 'XB', 'CSRQ', 'DJRQ'),
    primaryKey: ['YBKH'],
    indexed: ['DJRQ'],
    rows: [...patientsOf(claims).values()].map(({ person, day }) => [
      person.id,
      certificateAt(institution, person, wrong),
      person.sex === 'male' ? '1' : '2',
      person.birthDate.replaceAll('-', ''),
      compactDate(day),
    ]),
  };
}

function settlements(schema: string, claims: readonly DemoClaim[]): SourceTable {
  return {
    name: `${schema}."JSXX"`,
    definitions: [
      ...text('JSXH'),
      '"YJSXH" text',
      ...text('YBKH', 'XB', 'CSRQ', 'XZLX', 'YLLB', 'KS', 'RYRQ', 'CYRQ', 'CYFS', 'JSRQ', 'JSSJ'),
      ...money('ZJE', 'FHFW', 'QFX', 'TCZF', 'DBZF', 'DEZF', 'YLJZ', 'JJHJ', 'ZHZF', 'XJZF'),
    ],
    primaryKey: ['JSXH'],
    indexed: ['JSRQ'],
    rows: claims.map((claim) => [...headOf(claim), ...moneyOf(claim)]),
  };
}

const NO_DATE = '00000000';

function headOf(claim: DemoClaim): Cell[] {
  const { person, stay, dirt } = claim;
  const admitted = stay === null ? NO_DATE : compactDate(stay.admittedDay);
  return [
    claim.claimNo,
    claim.refunds?.claimNo ?? null,
    person.id,
    person.sex === 'male' ? '1' : '2',
    person.birthDate.replaceAll('-', ''),
    INSURANCE_CODES[person.pool],
    CARE_CODES[claim.careType],
    claim.department,
    dirt?.kind === 'no-such-admission-date' ? `${demoYear()}0230` : admitted,
    stay === null ? NO_DATE : compactDate(stay.dischargedDay),
    stay === null ? '' : DISCHARGE[stay.mode],
    compactDate(claim.settledDay),
    clockOf(claim.settledMinute).replaceAll(':', ''),
  ];
}

function fees(
  schema: string,
  claims: readonly DemoClaim[],
  { table, names, drugs }: { table: string; names: ReadonlyMap<string, string>; drugs: boolean },
): SourceTable {
  return {
    name: `${schema}."${table}"`,
    definitions: [
      ...text('JSXH', 'MXXH', 'JSRQ', 'JSSJ', 'FYRQ', 'BM', 'MC'),
      '"SL" numeric(14,4) NOT NULL',
      '"DJ" numeric(14,6) NOT NULL',
      ...money('JE', 'FWJE'),
      '"CFH" text',
      ...text('KS', 'YS'),
    ],
    primaryKey: ['JSXH', 'MXXH'],
    indexed: ['JSRQ'],
    rows: claims.flatMap((claim) =>
      claim.lines
        .filter((line) => (line.item.kind === 'drug') === drugs)
        .map((line) => [
          claim.claimNo,
          line.lineNo,
          compactDate(claim.settledDay),
          clockOf(claim.settledMinute).replaceAll(':', ''),
          dateOfDay(line.day).replaceAll('-', ''),
          localCodeOf('township', line.item),
          nameOf(line, names),
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

function diagnoses(schema: string, claims: readonly DemoClaim[]): SourceTable {
  return {
    name: `${schema}."ZDXX"`,
    definitions: [...text('JSXH', 'JSRQ', 'JSSJ'), '"XH" integer NOT NULL', ...text('ZDBM', 'ZZD')],
    primaryKey: ['JSXH', 'XH'],
    indexed: ['JSRQ'],
    rows: claims.flatMap((claim) =>
      claim.diagnoses.map((code, index) => [
        claim.claimNo,
        compactDate(claim.settledDay),
        clockOf(claim.settledMinute).replaceAll(':', ''),
        String(index + 1),
        code,
        index === 0 ? '1' : '0',
      ]),
    ),
  };
}

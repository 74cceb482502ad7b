import type { DemoClaim } from '../claims/model.js';
import { patientsOf } from '../county/county.js';
import { localCodeOf } from '../items/catalogue.js';
import {
  CARE_CODES,
  INSURANCE_CODES,
  nameOf,
  priceText,
  settledAt,
  timestampOf,
  yuanText,
} from '../sources/source-table.js';
import { type Drop, totalsOf } from './drop.js';

const KINDS = { drug: '1', 'tcm-piece': '2', service: '3', material: '4' } as const;

/** The village clinic's XML: people first, then claims with their lines and diagnoses, totals in the root. */
export function xmlText(drop: Drop, names: ReadonlyMap<string, string>): string {
  const totals = totalsOf(drop.claims);
  const head = [
    `institution="${drop.institution.code}"`,
    `persons="${totals.persons}"`,
    `claims="${totals.claims}"`,
    `total="${yuanText(totals.claimFen)}"`,
    `lines="${totals.lines}"`,
    `lineTotal="${yuanText(totals.lineFen)}"`,
    `diagnoses="${totals.diagnoses}"`,
  ].join(' ');
  const people = [...patientsOf(drop.claims).values()].map(
    ({ person }) =>
      `<person no="${person.id}" certificate="${person.certificate}" sex="${person.sex === 'male' ? '1' : '2'}" birth="${person.birthDate}"/>`,
  );
  const claims = drop.claims.map((claim) => claimXml(claim, names));
  return [
    '<?xml version="1.0" encoding="GB18030"?>',
    `<drop ${head}>`,
    ...people,
    ...claims,
    '</drop>',
    '',
  ].join('\n');
}

function claimXml(claim: DemoClaim, names: ReadonlyMap<string, string>): string {
  const { person, money, dirt } = claim;
  const rare = dirt?.kind === 'rare-character' ? '𠮷' : '';
  const cells: readonly (readonly [string, string])[] = [
    ['settledAt', settledAt(claim)],
    ['personNo', person.id],
    ['sex', person.sex === 'male' ? '1' : '2'],
    ['birth', person.birthDate],
    ['insurance', INSURANCE_CODES[person.pool]],
    ['care', CARE_CODES[claim.careType]],
    ['department', claim.department],
    ['total', yuanText(money.total)],
    ['eligible', yuanText(money.eligible)],
    ['deductible', yuanText(money.deductible)],
    ['pooled', yuanText(money.pooled)],
    ['critical', yuanText(money.criticalIllness)],
    ['aid', yuanText(money.medicalAid)],
    ['fund', yuanText(money.fund)],
    ['account', yuanText(money.account)],
    ['cash', yuanText(money.cash)],
  ];
  const diagnoses = claim.diagnoses.map(
    (code, index) =>
      `<diagnosis seq="${index + 1}" code="${code}" main="${index === 0 ? '1' : '0'}"/>`,
  );
  const lines = claim.lines.map(
    (line) =>
      `<line no="${line.lineNo}" at="${timestampOf(line.day, line.minute)}" code="${localCodeOf('clinic', line.item)}" name="${nameOf(line, names)}" kind="${KINDS[line.item.kind]}" quantity="${line.quantity}" price="${priceText(line.item.price)}" amount="${yuanText(line.amount)}" eligible="${yuanText(line.eligible)}" doctor="${rare}${line.doctor}"/>`,
  );
  const fields = cells.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  return `<claim no="${claim.claimNo}">${fields}\n${[...diagnoses, ...lines].join('\n')}\n</claim>`;
}

import { join } from 'node:path';
import { parseYaml } from '../../src/config/yaml-text.js';
import { sum, yuan } from '../../src/kernel/money.js';
import { PolicyGapError } from '../../src/policy/errors.js';
import { loadRegion } from '../../src/policy/policy.loader.js';
import { checkedFactsSchema } from '../../src/settlement/checked-facts.js';
import { computeFile } from '../../src/settlement/compute.js';
import type { FigureReport } from '../../src/settlement/result.js';

/** A region that has every payment method, for facts files of tests (test/regions/methods.yaml). */
const region = loadRegion(join(import.meta.dirname, '../regions'), 'methods');

/** Figures of a facts file, by key below the period: `resident.inpatient-payable`. */
export function figuresOf(text: string): Readonly<Record<string, FigureReport>> {
  const file = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(region) });
  const { figures } = computeFile(region, file, []);
  return Object.fromEntries(
    figures.map((figure) => [figure.id.split('.').slice(2).join('.'), figure]),
  );
}

/** Amounts of the same. */
export function amountsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(figuresOf(text)).map(([key, { amount }]) => [key, amount]),
  );
}

/** Ids of what a facts file leaves open. */
export function gapsOf(text: string): readonly string[] {
  try {
    figuresOf(text);
    return [];
  } catch (error) {
    if (error instanceof PolicyGapError) return error.gaps.map(({ id }) => id);
    throw error;
  }
}

/** Parameters set apart from the region's, in the form of a facts file. */
export function set(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(
    ([id, value]) => `  ${id}: { values: { 2025-01-01: ${value} }, clause: sample-2025-1 §10 }`,
  );
  return `documents: { sample-2025-1: { number: 样例, title: 样例, issued: 2025-01-01 } }
set:
${lines.join('\n')}
`;
}

const bookedInpatient = (inpatient: string) =>
  `{ outpatient: 0, chronic: 0, inpatient: ${inpatient}, bed-day: 0, family-doctor: 0 }`;

/** A member of such a facts file; `more` is YAML within its braces. */
export interface InpatientMember {
  readonly institution: string;
  readonly inpatient: string;
  readonly more: string;
}

interface InpatientFacts {
  readonly values?: Readonly<Record<string, string>>;
  readonly members: readonly InpatientMember[];
  readonly budget?: string;
  readonly filings?: string;
  readonly month?: boolean;
}

/** A facts file of a resident pool with inpatient care alone: a year, or a month of it. */
export function inpatientFacts({
  values = {},
  members,
  budget = '1000.00',
  filings = '',
  month = false,
}: InpatientFacts): string {
  const total = sum(members.map(({ inpatient }) => yuan(inpatient)));
  return `${set({ 'inpatient.method': 'dip', ...values })}
plan: ${month ? 'month' : 'year'}
period: ${month ? '2025-03' : '2025'}
pools:
  resident:
    ${month ? '' : `budget: { approved: { amount: ${budget} } }`}
    filings: { ${filings} }
    booked: ${bookedInpatient(`${total / 100n}.${String(total % 100n).padStart(2, '0')}`)}
    members:${members.length === 0 ? ' []' : ''}
${members.map(({ institution, inpatient, more }) => `      - { institution: ${institution}, level: secondary, booked: ${bookedInpatient(inpatient)}, ${more} }`).join('\n')}`;
}

/** What the members A and B of such a file are paid for inpatient care. */
export function paidToAAndB(
  found: Readonly<Record<string, string>>,
): readonly (string | undefined)[] {
  return ['A', 'B'].map((name) => found[`resident.member.${name}.inpatient-payable`]);
}

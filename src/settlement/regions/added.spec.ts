import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../config/yaml-text.js';
import { PolicyGapError } from '../../policy/errors.js';
import { loadOverlay, loadRegion } from '../../policy/policy.loader.js';
import { checkedFactsSchema } from '../checked-facts.js';
import { computeFile } from '../compute.js';

/** The worked example of docs/adding-a-region.md: a region that consists of two files and no code. */

const folder = join(import.meta.dirname, '../../../docs/adding-a-region');
const chain = loadRegion(folder, 'qingxi');
const overlay = loadOverlay(join(folder, 'qingxi-overlay.yaml'), chain);
const FACTS = `
plan: year
period: 2025
grade: { value: good, clause: sample-2025-7 §1 }
pools:
  resident:
    filings:
      budget.approved: { value: 100000000.00 }
      overspend.cause_recognised: { value: 5000000.00 }
      outside.out_of_area: { value: 20000000.00 }
    booked: { outpatient: 20000000.00, chronic: 5000000.00, inpatient: 60000000.00 }
    prepaid: 80750000.00
    auditDeductions: 250000.00
`;

function amounts(text: string): Readonly<Record<string, string>> {
  const facts = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(chain) });
  const { figures } = computeFile(chain, facts, [overlay]);
  return Object.fromEntries(
    figures.map(({ id, amount }) => [id.split('.').slice(3).join('.'), amount]),
  );
}

describe('a sixth region of two files', () => {
  it('shares an overspend by its own bands: 3 % at 70 %, the next 2 % at 40 %', () => {
    const found = amounts(FACTS);
    expect(found['overspend']).toBe('5000000.00');
    expect(found['overspend-borne']).toBe('2900000.00'); // 3,000,000 × 0.70 + 2,000,000 × 0.40
    expect(found['payable']).toBe('82900000.00'); // 85,000,000 − 2,100,000
    expect(found['final']).toBe('1900000.00'); // less prepaid and audit
  });

  it('lets a surplus be kept by grade up to a tenth of the budget', () => {
    const found = amounts(
      FACTS.replace('20000000.00 }', '3000000.00 }').replace('5000000.00', '0.00'),
    );
    expect(found['surplus']).toBe('12000000.00');
    expect(found['retained']).toBe('8000000.00'); // 10,000,000 × 0.80, nothing of the rest
  });

  it('pays by month at the rate of the month’s year', () => {
    const month = (period: string) =>
      amounts(`
plan: month
period: ${period}
pools: { resident: { booked: { outpatient: 1000.00, chronic: 0.00, inpatient: 9000.01 } } }`);
    expect(month('2025-12')['prepayment']).toBe('9500.01');
    expect(month('2026-01')['prepayment']).toBe('9000.01');
  });

  it('halts on what its text leaves open', () => {
    const facts = parseYaml({ text: FACTS, path: 'facts.yaml', schema: checkedFactsSchema(chain) });
    const asking = () => computeFile(chain, facts, []);
    expect(asking).toThrow(PolicyGapError);
    expect(asking).toThrow('结余留用比例');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { demoYear } from '../county/calendar.js';
import { type Fraction, fraction, total } from './arithmetic.js';
import {
  type DeviationBand,
  type DipEntry,
  type DipInputs,
  fenOf,
  type PolicyInputs,
  type PoolInputs,
} from './policy-inputs.js';
import { YamlFile } from './yaml-file.loader.js';

/**
 * Reads the numbers of the scheme, of the sample overlay and of the records straight from their files, without the gateway's own
 * reader: no resolution of dates and readings, only the values that hold on 1 January 2024.
 */
export function loadPolicyInputs(policyFile: string, siteDirectory: string): PolicyInputs {
  const scheme = YamlFile.read(policyFile);
  const overlays = readdirSync(join(siteDirectory, 'overlays'))
    .sort()
    .map((name) => YamlFile.read(join(siteDirectory, 'overlays', name)));
  const records = YamlFile.read(join(siteDirectory, 'records.yaml'));
  const value = (id: string): YamlFile => valueFor(scheme, overlays, id);
  const rate = (id: string, key?: string): Fraction =>
    fraction(key === undefined ? value(id).text : value(id).at(key).text);
  const grade = records.at('grades').list.find((record) => record.at('year').text === demoYear());
  const byGrade = (id: string): Fraction => rate(id, grade?.at('grade').text ?? '');
  const ceiling = value('overspend.ceiling').text;
  const pool = (name: 'employee' | 'resident'): PoolInputs =>
    poolInputs(records, name, rate('budget.growth_cap', name));
  return {
    prepaymentRate: rate('prepayment.monthly_rate'),
    depositRate: rate('deposit.rate'),
    depositForfeit: byGrade('deposit.forfeit'),
    overspendShare: byGrade('overspend.fund_share'),
    overspendCeiling: ceiling === 'none' ? null : fraction(ceiling),
    surplusRetention: byGrade('surplus.retention'),
    sanctioned: records.at('sanctions').list.map((record) => record.at('institution').text),
    pools: { employee: pool('employee'), resident: pool('resident') },
    dip: dipInputs(join(siteDirectory, 'dip'), value('dip.rules').text),
  };
}

/** The overlay's value, else the scheme's own, else that of the default reading. */
function valueFor(scheme: YamlFile, overlays: readonly YamlFile[], id: string): YamlFile {
  const own = scheme.at('parameters', id);
  const from = `${demoYear()}-01-01`;
  const chosen = own.at('reading', 'default').text;
  const found = [
    ...overlays.map((overlay) => overlay.at('set', id, 'values', from)),
    own.at('values', from),
    own.at('reading', 'choices', chosen, 'values', from),
  ].find((candidate) => candidate.exists);
  if (found === undefined) throw new RangeError(`no value of ${id} for the truth`);
  return found;
}

function poolInputs(records: YamlFile, pool: string, cap: Fraction): PoolInputs {
  const own = (list: string, year: string): readonly YamlFile[] =>
    records
      .at(list)
      .list.filter((record) => record.at('pool').text === pool && record.at('year').text === year);
  const rates = own('growth', demoYear()).flatMap((record) => record.at('rates').list);
  const mean = meanOf(rates.map(({ text }) => fraction(text)));
  const amounts = (list: string): bigint =>
    total(own(list, demoYear()).map((record) => fenOf(record.at('amount').text)));
  const baseline = own('baselines', String(Number(demoYear()) - 1))[0];
  return {
    base: fenOf(baseline?.at('booked').text ?? ''),
    growth: mean.over * cap.under > cap.over * mean.under ? cap : mean,
    adjustments: amounts('budgetAdjustments'),
    otherLines: amounts('otherLines'),
  };
}

function meanOf(rates: readonly Fraction[]): Fraction {
  const sum = rates.reduce(
    (a, b) => ({ over: a.over * b.under + b.over * a.under, under: a.under * b.under }),
    { over: 0n, under: 1n },
  );
  return { over: sum.over, under: sum.under * BigInt(rates.length) };
}

function dipInputs(directory: string, name: string): DipInputs {
  const rules = YamlFile.read(join(directory, `${name}.yaml`));
  const catalogue = readFileSync(join(directory, rules.at('catalogue').text));
  const rows: Record<string, string | undefined>[] = parseCsv(catalogue, {
    columns: true,
    bom: true,
  });
  const fractions = (key: string): Record<string, Fraction> =>
    Object.fromEntries(
      rules.at('coefficients', key).entries.map(([code, node]) => [code, fraction(node.text)]),
    );
  return {
    entries: rows.map(entryOf),
    deviation: rules.at('deviation').list.map(bandOf),
    decimals: Number(rules.at('caseDecimals').text),
    ungrouped: {
      mean: fenOf(rules.at('ungrouped', 'mean').text),
      score: fraction(rules.at('ungrouped', 'score').text),
      coefficient: fraction(rules.at('ungrouped', 'coefficient').text),
    },
    byLevel: fractions('byLevel'),
    byInstitution: fractions('byInstitution'),
  };
}

function bandOf(row: YamlFile): DeviationBand {
  const upTo = row.at('upTo');
  return {
    upTo: upTo.exists ? fraction(upTo.text) : null,
    inclusive: row.at('inclusive').text === 'true',
    slope: fraction(row.at('slope').text),
    constant: fraction(row.at('constant').text),
  };
}

function entryOf(row: Readonly<Record<string, string | undefined>>): DipEntry {
  const coefficient = /coefficient=([\d.]+)/.exec(row['factors'] ?? '')?.[1];
  const operations = row['operations'] ?? '';
  return {
    code: row['code'] ?? '',
    comprehensive: (row['type'] ?? '').startsWith('comprehensive'),
    diagnosis: row['diagnosis'] ?? '',
    operations: operations === '' ? [] : operations.split('+').map((set) => set.split('/')),
    score: fraction(row['score'] ?? ''),
    mean: fenOf(row['mean'] ?? ''),
    coefficient: coefficient === undefined ? null : fraction(coefficient),
  };
}

import {
  type Catalogue,
  type CatalogueEntry,
  catalogueOf,
} from '../../src/grouping/dip/catalogue.js';
import { type RulePackage, rulePackageSchema } from '../../src/grouping/dip/rule-package.js';
import { Decimal } from '../../src/kernel/decimal.js';
import { fen } from '../../src/kernel/money.js';
import { monthsOf } from '../../src/kernel/period.js';
import { once } from '../harness/database.js';

/** A year's stays of thirty members and two pools, a catalogue of DIP groups, and the rule package they are valued by. */

export const DIP = { consortium: 'bench-county', months: ['2024-01'] } as const;
const DIAGNOSES = 1_500;

/** `A00.0` … : the groups' diagnosis prefixes. */
const diagnosis = (n: number): string =>
  `${String.fromCharCode(65 + (n % 20))}${String(Math.trunc(n / 20) % 100).padStart(2, '0')}.${n % 10}`;

/** Two groups a diagnosis, with and without an operation; of every tenth diagnosis the score is 0, every eleventh has no group. */
export function catalogue(): {
  readonly entries: readonly CatalogueEntry[];
  readonly catalogue: Catalogue;
} {
  const entries = Array.from({ length: DIAGNOSES }, (_, n) => n)
    .filter((n) => n % 11 !== 0)
    .flatMap((n) => [entryOf(n, null), entryOf(n, `${10 + (n % 80)}.1`)]);
  return { entries, catalogue: catalogueOf(entries) };
}

function entryOf(n: number, operation: string | null): CatalogueEntry {
  const dearer = operation === null ? 1 : 3;
  return {
    code: operation === null ? diagnosis(n) : `${diagnosis(n)}-${operation}`,
    name: '基准病种',
    type: operation === null ? 'core-conservative' : 'core-surgery',
    diagnosis: diagnosis(n),
    operations: operation === null ? [] : [[operation]],
    score: new Decimal(n % 10 === 0 ? 0 : (300 + ((n * 37) % 2_700)) * dearer).plus(
      n % 10 === 0 ? 0 : '0.25',
    ),
    mean: fen((200_000 + ((n * 7_919) % 900_000)) * dearer),
    meanByLevel: {},
    coefficient: null,
  };
}

export const COEFFICIENTS: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 30 }, (_, n) => [
    `H${String(n).padStart(3, '0')}`,
    `${n < 2 ? 1 : 0}.${n < 2 ? '0' : '8'}${n % 10}3`,
  ]),
);

export const DEVIATION = [
  { upTo: '0.5', inclusive: 'true', slope: '1', constant: '0' },
  { upTo: '2', inclusive: 'false', slope: '0', constant: '1' },
  { upTo: '5', inclusive: 'true', slope: '1', constant: '-1' },
  { slope: '1', constant: '-1', review: 'true' },
] as const;

export const UNGROUPED = { mean: '7955.52', score: '1000', coefficient: '0.8' } as const;

export function rulePackage(): RulePackage {
  return rulePackageSchema.parse({
    package: 'bench',
    title: '基准',
    catalogue: 'catalogue.csv',
    ...{ caseDecimals: '4', pointValueDecimals: '4', zeroScore: 'actual' },
    deviation: DEVIATION,
    ungrouped: UNGROUPED,
    coefficients: { byInstitution: COEFFICIENTS },
  });
}

/** One stay a case, a principal diagnosis each, an operation in three of ten; spread over the first days of the year. */
export async function staysIn(url: string, cases: number, days = 31): Promise<void> {
  for (const month of monthsOf('2024').slice(0, Math.ceil(days / 31)))
    await once(url, `SELECT ensure_claim_partitions('${month}')`);
  await once(url, STAY_TABLE(cases, days));
  await once(url, STAYS);
  await once(url, CODES('claim_diagnosis', `${DIAGNOSIS_SQL} || '00'`));
  await once(url, CODES('claim_procedure', "(10 + m % 80) || '.1200'", 'WHERE n % 10 < 3'));
  await once(url, 'DROP TABLE bench_stay');
  for (const table of ['claim', 'claim_diagnosis', 'claim_procedure'])
    await once(url, `VACUUM ANALYZE ${table}`);
}

const DIAGNOSIS_SQL = `chr(65 + m % 20) || lpad((m / 20 % 100)::text, 2, '0') || '.' || m % 10`;

const STAY_TABLE = (cases: number, days: number) => `
  CREATE TABLE bench_stay AS
  SELECT n, date '2024-01-01' + n % ${days} AS settled_on, 'H' || lpad((h1 % 30)::text, 3, '0') AS institution,
    '32012024' || lpad(n::text, 10, '0') AS claim_no, (h2 % ${DIAGNOSES})::int AS m,
    CASE WHEN h1 % 100 < 70 THEN 'resident' ELSE 'employee' END AS pool, 40000 + h3 % 3000000 AS cost
  FROM (SELECT n, hashint8extended(n, 1) & 2147483647 AS h1, hashint8extended(n, 2) & 2147483647 AS h2,
          hashint8extended(n, 3) & 2147483647 AS h3 FROM generate_series(0, ${cases - 1}) AS n) drawn`;

const STAYS = `
  INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id, raw_row,
    person_id, sex, birth_date, pool, care_type, treatment_area, channel, cause, settled_at, total_fee_fen, eligible_fen,
    deductible_fen, pooled_fund_paid_fen, critical_illness_paid_fen, large_expense_paid_fen, medical_aid_paid_fen, fund_paid_fen,
    account_paid_fen, cash_paid_fen)
  SELECT '${DIP.consortium}', settled_on, institution, claim_no, institution, 'secondary', to_char(settled_on, 'YYYY-MM'), '', 1, n, 'P' || n, 'female',
    NULL, pool, 'inpatient', 'local', 'direct', 'ordinary', settled_on + time '18:00', cost, cost, 0, cost * 6 / 10, 0, 0, 0,
    cost * 6 / 10, 0, cost - cost * 6 / 10
  FROM bench_stay ORDER BY n`;

const CODES = (table: string, code: string, where = '') => `
  INSERT INTO ${table} (consortium, settled_on, institution, claim_no, sequence, code, institution_code, is_principal, batch_id, raw_row)
  SELECT '${DIP.consortium}', settled_on, institution, claim_no, 1, ${code}, ${code}, true, 1, n FROM bench_stay ${where} ORDER BY n`;

import { once } from '../harness/database.js';

/**
 * Landed books, made inside the database from a seed: thirty members, four claims a person, about twelve lines a claim. Figures of a claim fit together. The items are those given, each as often as it stands in the list: codes with X are drugs, with C
 * materials, all others services.
 */
export interface BooksOrder {
  readonly lines: number;
  readonly items: readonly string[];
  readonly seed: number;
  /** Accounting months over which the claims are spread, of those of BOOKS; absent: the first. */
  readonly months?: number;
  /** Stays in a hundred claims; absent: ten. */
  readonly stays?: number;
}

export const BOOKS = {
  consortium: 'bench-county',
  month: '2024-01',
  months: ['2024-01', '2024-02', '2024-03', '2024-04'],
} as const;
/** Days of the first so many months. */
const DAYS = [31, 60, 91, 121];
const LINES_A_CLAIM = 12;
const CLAIMS_A_PERSON = 4;

export async function booksIn(url: string, order: BooksOrder): Promise<void> {
  for (const month of ['2023-12', ...BOOKS.months.slice(0, order.months ?? 1)])
    await once(url, `SELECT ensure_claim_partitions('${month}')`);
  await once(url, itemTable(order.items));
  await once(url, visits(order));
  await once(url, lines(order));
  await once(url, CLAIMS);
  await once(url, DIAGNOSES);
  await once(url, PROCEDURES);
  await once(url, 'DROP TABLE bench_visit');
  for (const table of ['claim', 'claim_line', 'claim_diagnosis', 'claim_procedure', 'bench_item'])
    await once(url, `VACUUM ANALYZE ${table}`);
}

function itemTable(items: readonly string[]): string {
  const codes = items.map((code) => `'${code.replaceAll("'", "''")}'`).join(', ');
  return `CREATE TABLE bench_item AS SELECT n - 1 AS n, code FROM unnest(ARRAY[${codes}]) WITH ORDINALITY AS i(code, n)`;
}

/** Who was where: one row a claim. */
function visits({ lines: rows, seed, months = 1, stays = 10 }: BooksOrder): string {
  const hash = (salt: number) => `(hashint8extended(n, ${seed * 100 + salt}) & 2147483647)`;
  const ofPerson = (salt: number) =>
    `(hashint8extended(n / ${CLAIMS_A_PERSON}, ${seed * 100 + salt}) & 2147483647)`;
  return `
    CREATE TABLE bench_visit AS
    SELECT n, 'P' || lpad((n / ${CLAIMS_A_PERSON})::text, 10, '0') AS person_id,
      'H' || lpad((i % 30)::text, 3, '0') AS institution, '32012024' || lpad(n::text, 10, '0') AS claim_no,
      CASE WHEN i % 30 < 2 THEN 'secondary' WHEN i % 30 < 10 THEN 'primary' ELSE 'village' END AS level,
      CASE WHEN c / 10 % 100 < ${stays} THEN 'inpatient' WHEN c % 10 = 1 THEN 'emergency' WHEN c % 10 = 2 THEN 'chronic' ELSE 'outpatient' END AS care_type,
      date '2024-01-01' + (d % ${DAYS[months - 1]})::int AS settled_on, (1 + d / 31 % 8)::int AS days, (h % 540)::int AS opened,
      CASE WHEN s % 2 = 0 THEN 'male' ELSE 'female' END AS sex, date '1930-01-01' + (b % 34000)::int AS birth_date,
      CASE WHEN s % 10 < 7 THEN 'resident' ELSE 'employee' END AS pool
    FROM (SELECT n, ${hash(1)} AS c, ${hash(2)} AS d, ${hash(3)} AS h, ${hash(4)} % 5 + ${ofPerson(5)} AS i,
            ${ofPerson(6)} AS s, ${ofPerson(7)} AS b
          FROM generate_series(0, ${Math.ceil(rows / LINES_A_CLAIM) - 1}) AS n) drawn;
    CREATE INDEX ON bench_visit (n);
    ANALYZE bench_visit`;
}

function lines({ lines: rows, items, seed }: BooksOrder): string {
  const hash = (salt: number) => `(hashint8extended(k, ${seed * 100 + salt}) & 2147483647)`;
  return `
    INSERT INTO claim_line
    SELECT '${BOOKS.consortium}', settled_on, institution, claim_no, (k % ${LINES_A_CLAIM} + 1)::text, '', 1, k::int,
      CASE WHEN care_type = 'inpatient' THEN settled_on - (h2 % (days + 1))::int ELSE settled_on END,
      (time '08:00' + ((opened + h3 % 90) % 900) * interval '1 minute'), code, 'L' || code, '基准项目' || code,
      CASE WHEN code LIKE 'X%' THEN 'drug' WHEN code LIKE 'C%' THEN 'material' ELSE 'service' END, quantity, price,
      (round(quantity * price, 2) * 100)::bigint, (round(quantity * price, 2) * 100)::bigint * (h3 % 4) / 3,
      CASE WHEN code LIKE 'X%' AND care_type <> 'inpatient' THEN 'R' || v.claim_no || k % 4 END,
      'KS' || lpad((h2 % 60)::text, 3, '0'), 'YS' || lpad((h3 % 900)::text, 5, '0'),
      CASE WHEN code LIKE 'X%' THEN 'western-drug' WHEN code LIKE 'C%' THEN 'material'
        ELSE (ARRAY['bed', 'nursing', 'consultation', 'examination', 'laboratory', 'treatment', 'operation', 'general-visit'])[1 + (hashtext(code) & 2147483647) % 8] END,
      CASE WHEN code NOT LIKE 'X%' OR care_type = 'inpatient' THEN NULL WHEN h3 % 2000 = 7 THEN 90
        WHEN care_type = 'emergency' THEN 1 + h3 % 3 ELSE 1 + h3 % 7 END
    FROM (SELECT k, ${hash(11)} AS h1, ${hash(12)} AS h2, ${hash(13)} AS h3,
            (CASE WHEN ${hash(14)} % 2000 = 0 THEN 9 ELSE 1 + (${hash(14)} % 10) / 8 END)::numeric(18,4) AS quantity,
            ((100 + ${hash(15)} % 60000) / 100.0)::numeric(18,6) AS price
          FROM generate_series(0, ${rows - 1}) AS k) drawn
    JOIN bench_visit v ON v.n = k / ${LINES_A_CLAIM} JOIN bench_item i ON i.n = h1 % ${items.length}
    ORDER BY k`;
}

const CLAIMS = `
  INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id, raw_row,
    person_id, sex, birth_date, pool, care_type, treatment_area, channel, cause, settled_at, admitted_at, discharged_at,
    discharge_mode, total_fee_fen, eligible_fen, deductible_fen, pooled_fund_paid_fen, critical_illness_paid_fen,
    large_expense_paid_fen, medical_aid_paid_fen, fund_paid_fen, account_paid_fen, cash_paid_fen, agency_group_code,
    group_standard_fen)
  SELECT '${BOOKS.consortium}', v.settled_on, v.institution, v.claim_no, v.institution, level, to_char(v.settled_on, 'YYYY-MM'), '', 1, n::int,
    person_id, sex, birth_date, pool, care_type, 'local', 'direct', 'ordinary', v.settled_on + time '18:00',
    CASE WHEN care_type = 'inpatient' THEN to_char(v.settled_on - days, 'YYYY-MM-DD') END,
    CASE WHEN care_type = 'inpatient' THEN to_char(v.settled_on, 'YYYY-MM-DD') END,
    CASE WHEN care_type = 'inpatient' THEN 'ordered' END,
    total, eligible, 0, fund, 0, 0, 0, fund, 0, total - fund,
    CASE WHEN care_type = 'inpatient' THEN 'BZ' || n % 9 END,
    CASE WHEN care_type = 'inpatient' THEN total * (CASE WHEN n % 97 = 0 THEN 40 ELSE 80 + n % 40 END) / 100 ELSE 0 END
  FROM bench_visit v
  JOIN (SELECT settled_on, institution, claim_no, sum(line_amount_fen) AS total, sum(line_eligible_fen) AS eligible,
          sum(line_eligible_fen) * 6 / 10 AS fund FROM claim_line GROUP BY 1, 2, 3) s
    USING (settled_on, institution, claim_no)
  ORDER BY n`;

const DIAGNOSES = `
  INSERT INTO claim_diagnosis
  SELECT '${BOOKS.consortium}', settled_on, institution, claim_no, 1, code, code, true, 1, n::int
  FROM (SELECT *, (ARRAY['I10.x00', 'J18.900', 'E11.900', 'K29.500', 'M54.500'])[1 + (hashint8(n) & 2147483647) % 5] AS code
        FROM bench_visit) v`;

/** Of half of the stays. */
const PROCEDURES = `
  INSERT INTO claim_procedure
  SELECT '${BOOKS.consortium}', settled_on, institution, claim_no, 1, code, code, true, settled_on, 1, n::int
  FROM (SELECT *, (ARRAY['47.0901', '51.2300', '36.0601', '79.3600', '99.2500'])[1 + (hashint8(n) & 2147483647) % 5] AS code
        FROM bench_visit WHERE care_type = 'inpatient' AND n % 2 = 0) v`;

import { once } from '../harness/database.js';

/**
 * A hospital's fee lines of one month, made inside the database from a seed: fifteen columns, about 200 bytes a row, Chinese names,
 * thirteen lines a claim, settled in the order of the claims. One row in a thousand is bad in one of four ways.
 */
export interface FeeOrder {
  readonly rows: number;
  /** `2024-01` */
  readonly month: string;
  readonly seed: number;
}

export const LOCAL_CODES = 4_000;
const LINES_A_CLAIM = 13;

/** Adds a month to table `fee` of the database at `url`, which is created with the first. */
export async function feesIn(url: string, order: FeeOrder): Promise<void> {
  await once(url, TABLE);
  await once(url, rowsOf(order));
  await once(url, 'ANALYZE fee');
}

/** The primary key stands in the order in which a window is read, as an index on the settlement time does in a HIS. */
const TABLE = `
  CREATE TABLE IF NOT EXISTS fee (
    结算时间 timestamp NOT NULL, 结算号 text NOT NULL, 明细号 text NOT NULL, 发生时间 timestamp NOT NULL, 项目 text NOT NULL,
    名称 text NOT NULL, 类别 text NOT NULL, 数量 numeric(18,4) NOT NULL, 单价 numeric(18,6) NOT NULL,
    金额 numeric(18,2) NOT NULL, 范围内 numeric(18,2) NOT NULL, 处方号 text, 科室 text NOT NULL, 医师 text,
    医院 text NOT NULL, PRIMARY KEY (结算时间, 结算号, 明细号))`;

const SHARDS = `ARRAY['注射用头孢曲松钠（进口）', '静脉输液（门诊）', '复方丹参滴丸', '一次性使用无菌注射器', '血常规（五分类）', '彩色多普勒超声检查', '葡萄糖注射液', '床位费（三人间）']`;

function rowsOf({ rows, month, seed }: FeeOrder): string {
  const hash = (salt: number) => `(hashint8extended(n, ${seed * 100 + salt}) & 2147483647)`;
  return `
    INSERT INTO fee
    SELECT settled, '3201' || to_char(settled, 'YYYYMMDD') || lpad(claim::text, 9, '0'), (n % ${LINES_A_CLAIM} + 1)::text,
      settled - (h1 % 86400) * interval '1 second',
      CASE WHEN n % 1000 = 333 THEN '' ELSE 'XM' || lpad((h2 % ${LOCAL_CODES})::text, 6, '0') END,
      (${SHARDS})[h2 % 8 + 1] || lpad((h2 % ${LOCAL_CODES})::text, 6, '0'),
      CASE WHEN n % 1000 = 666 THEN '99' ELSE (ARRAY['1', '2', '3', '4'])[h2 % 4 + 1] END,
      quantity, price, round(quantity * price, 2) + CASE WHEN n % 2000 = 999 THEN 3 ELSE 0 END,
      round(quantity * price * (h3 % 11) / 10, 2),
      CASE WHEN h2 % 8 < 3 THEN 'CF' || to_char(settled, 'YYMMDD') || lpad((claim % 100000)::text, 5, '0') END,
      'KS' || lpad((h1 % 60)::text, 3, '0'), CASE WHEN h3 % 10 < 8 THEN 'YS' || lpad((h1 % 900)::text, 5, '0') END,
      'H32070700001'
    FROM (SELECT n, n / ${LINES_A_CLAIM} AS claim, ${hash(1)} AS h1, ${hash(2)} AS h2, ${hash(3)} AS h3,
            ((1 + ${hash(4)} % 400) / 4.0)::numeric(18,4) AS quantity,
            ((1 + hashint8extended(${hash(2)} % ${LOCAL_CODES}, ${seed}) & 65535) / 100.0)::numeric(18,6) AS price,
            date_trunc('second', timestamp '${month}-01' + (n / ${LINES_A_CLAIM}) * (interval '28 days' / ${Math.ceil(rows / LINES_A_CLAIM)})) AS settled
          FROM generate_series(0, ${rows - 1}) AS n) made`;
}

/** The hospital's own code table, as its IT would hand it over; one code in fifty has no national one. */
export function codeTable(): string {
  const lines = ['local,national,valid_from,valid_to,proposed_by,approved_by'];
  for (let code = 0; code < LOCAL_CODES; code += 1) {
    if (code % 50 === 49) continue;
    const local = `XM${String(code).padStart(6, '0')}`;
    lines.push(`${local},XN${String(code * 7).padStart(20, '0')},2020-01-01,,甲,乙`);
  }
  return `${lines.join('\n')}\n`;
}

import type { ProbeFinding, StreamInspection } from '../connector.js';
import { familyOf } from '../sql/server-findings.js';
import { bareName, tablesOf } from '../sql/tables-of.js';
import { mistakenCharset } from './mistaken-charset.js';
import { type ColumnMeta, columnReader } from './mysql-columns.js';
import { columnMeta, type MysqlConnection } from './mysql-connection.client.js';
import type { MysqlStream } from './mysql-options.js';
import { describeStatement, pageStatement } from './mysql-statements.js';

const FLOAT = 4;
const NOT_NULL = 1;
const SAMPLED_ROWS = 200;
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'decimal',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'float',
  5: 'double',
  7: 'timestamp',
  8: 'bigint',
  9: 'mediumint',
  10: 'date',
  11: 'time',
  12: 'datetime',
  13: 'year',
  16: 'bit',
  245: 'json',
  246: 'decimal',
  252: 'text',
  253: 'varchar',
  254: 'char',
};

export interface MysqlInspection {
  readonly connection: MysqlConnection;
  readonly charsetNames: ReadonlyMap<number, string>;
  readonly stream: MysqlStream;
}

/** Columns with types and character sets, what their bytes really look like, the youngest cursor, an index for it. */
export async function inspectMysql(inspection: MysqlInspection): Promise<StreamInspection> {
  const { connection, charsetNames, stream } = inspection;
  const { flow, fields } = connection.stream(describeStatement(stream), 1);
  await flow.next();
  const metas = fields().map((field) => columnMeta(field, charsetNames));
  const columns = fields().map((field, index) => {
    const type = TYPE_NAMES[field.columnType ?? -1] ?? `#${field.columnType}`;
    const flags = typeof field.flags === 'number' ? field.flags : 0;
    const nullable = (flags & NOT_NULL) === 0;
    const charset = familyOf(type) === 'text' ? ` ${metas[index]?.charset ?? ''}` : '';
    return { name: field.name, type: `${type}${charset}`, family: familyOf(type), nullable };
  });
  const known = columns.some(({ name }) => name === stream.cursor);
  return {
    columns,
    newest: known ? await newestOf(inspection) : null,
    indexed: known ? await indexServes(inspection) : null,
    findings: [...typeFindings(metas, stream), ...(await charsetFindings(inspection, metas))],
  };
}

const quoted = (identifier: string) => `\`${identifier.replaceAll('`', '``')}\``;
const sourceOf = ({ query }: MysqlStream) => `(${query.trim().replace(/;\s*$/, '')}\n) AS source`;

async function newestOf({ connection, stream }: MysqlInspection): Promise<string | null> {
  const [row] = await connection.rows(
    `SELECT CAST(MAX(${quoted(stream.cursor)}) AS CHAR) FROM ${sourceOf(stream)}`,
  );
  return row?.[0] ?? null;
}

/** Of the indexes that the plan of one day could use, whether one begins with the cursor's column. */
async function indexServes({ connection, stream }: MysqlInspection): Promise<boolean | null> {
  const window = { from: '2024-01-01', to: '2024-01-02' };
  try {
    const page = pageStatement(stream, { window, after: null, rows: 1, buffered: false });
    const plan = await connection.rows(`EXPLAIN ${page}`);
    const tables = tablesOf(stream.query).map(
      (table) => `'${bareName(table).replaceAll("'", "''")}'`,
    );
    const starting = await connection.rows(
      `SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE SEQ_IN_INDEX = 1 AND COLUMN_NAME = '${stream.cursor.replaceAll("'", "''")}' AND TABLE_NAME IN (${tables.join(', ') || "''"})`,
    );
    const names = new Set(starting.map(([name]) => name));
    return plan.some((row) =>
      row.some((cell) => (cell ?? '').split(',').some((each) => names.has(each))),
    );
  } catch {
    return null;
  }
}

function typeFindings(metas: readonly ColumnMeta[], stream: MysqlStream): readonly ProbeFinding[] {
  const problems = metas
    .filter(({ name }) => stream.columns.includes(name))
    .flatMap((meta) => {
      const reader = columnReader(meta, stream.charsets[meta.name]);
      if (typeof reader === 'string') return [reader];
      return meta.type === FLOAT
        ? [`列 ${meta.name} 是单精度，来源只给六位有效数字：请在 query 中写 CAST(列 AS DOUBLE)`]
        : [];
    });
  return problems.map((detail) => ({
    check: '列类型',
    ok: false,
    detail,
    remedy: '请核对 query。',
  }));
}

/** Looks at the bytes of some rows: text of another character set than the column's own is shown as it is and as it should be. */
async function charsetFindings(
  { connection, stream }: MysqlInspection,
  metas: readonly ColumnMeta[],
): Promise<readonly ProbeFinding[]> {
  const suspects = metas.filter(
    ({ name, charset }) =>
      charset === 'latin1' && stream.columns.includes(name) && stream.charsets[name] === undefined,
  );
  if (suspects.length === 0) return [];
  const list = suspects.map(({ name }) => quoted(name)).join(', ');
  const sql = `SELECT ${list} FROM ${sourceOf(stream)} LIMIT ${SAMPLED_ROWS}`;
  const { flow } = connection.stream(sql, SAMPLED_ROWS, () => null);
  const rows = (await flow.next()) ?? [];
  await flow.next();
  return suspects.flatMap(({ name }, index) => {
    const cells = rows.map((row) => row[index]).filter((cell) => Buffer.isBuffer(cell));
    const mistaken = mistakenCharset(cells);
    if (mistaken === null) return [];
    return [
      {
        check: '字符集',
        ok: false,
        detail: `列 ${name} 标为 latin1，存的是 ${mistaken.encoding} 字节：“${mistaken.before}” 应读作 “${mistaken.after}”`,
        remedy: `请在该数据流写 charsets: { ${name}: ${mistaken.encoding} }`,
      },
    ];
  });
}

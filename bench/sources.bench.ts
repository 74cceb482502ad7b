import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { landedRatio, monthIn, pipedMonth, pulledMonth } from './data/month.js';
import { readByConnector, readBySaxes, writeFeed } from './data/xml-feed.js';
import {
  type Bench,
  type BenchContext,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { urlOf } from './harness/database.js';
import { psqlMissing, psqlToFile } from './harness/psql.js';
import { rivalMissing } from './harness/rival.js';
import { hasMariadb } from './harness/servers.js';

/**
 * B10: the month of B1 from a hospital on MariaDB, against the same pipe of the rows that come of it; and a clinic's XML feed read by the
 * connector, against saxes alone parsing the same bytes.
 */

const feedLines = ({ quick }: BenchContext) => (quick ? 20_000 : 200_000);
const rowsOf = ({ quick }: BenchContext) => (quick ? 60_000 : 2_000_000);

const TABLE = `
  CREATE TABLE fee (
    结算时间 datetime NOT NULL, 结算号 varchar(64) NOT NULL, 明细号 varchar(64) NOT NULL, 发生时间 datetime NOT NULL,
    项目 varchar(64) NOT NULL, 名称 varchar(200) NOT NULL, 类别 char(2) NOT NULL, 数量 decimal(18,4) NOT NULL,
    单价 decimal(18,6) NOT NULL, 金额 decimal(18,2) NOT NULL, 范围内 decimal(18,2) NOT NULL, 处方号 varchar(64),
    科室 varchar(64) NOT NULL, 医师 varchar(64), 医院 varchar(64) NOT NULL, PRIMARY KEY (结算时间, 结算号, 明细号)
  ) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;

/** The rows of PostgreSQL's table `fee`, by file: COPY's text format is what LOAD DATA reads. */
async function moved(context: BenchContext): Promise<void> {
  const path = join(context.folder, 'fee.txt');
  const from = urlOf(context.url, 'his_b10');
  await psqlToFile({ url: from, sql: 'COPY (SELECT * FROM fee ORDER BY 1, 2, 3) TO STDOUT' }, path);
  const uri = context.mariadbUrl ?? '';
  const admin = await mysql.createConnection({ uri, flags: ['+LOCAL_FILES'] });
  try {
    await admin.query('SET GLOBAL local_infile = 1');
    await admin.query('CREATE DATABASE his CHARACTER SET utf8mb4');
    await admin.query(`CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'only-reads'`);
    await admin.query(`GRANT SELECT ON his.* TO reader@'127.0.0.1'`);
    await admin.query('USE his');
    await admin.query(TABLE);
    await admin.query({
      sql: `LOAD DATA LOCAL INFILE 'fee' INTO TABLE fee CHARACTER SET utf8mb4`,
      infileStreamFactory: () => createReadStream(path),
    });
    await admin.query('ANALYZE TABLE fee');
  } finally {
    await admin.end();
  }
}

function pulled(context: RoundContext) {
  const { port } = new URL(context.mariadbUrl ?? '');
  const login = `user: reader, password: only-reads`;
  const options = `{ host: 127.0.0.1, port: '${port}', database: his, ${login} }`;
  return pulledMonth(context, { connector: 'mysql', options });
}

/** Every line of the feed was seen, or the round does not count. */
async function feed(
  context: RoundContext,
  read: (context: RoundContext) => Promise<number>,
): Promise<Outcome> {
  const lines = await read(context);
  if (lines !== feedLines(context)) throw new Error(`${lines} of ${feedLines(context)} lines`);
  return { units: lines, result: null };
}

export const bench: Bench = {
  code: 'B10',
  title: 'MariaDB and XML as sources',
  unit: 'rows',
  servers: ['mariadb'],
  missing: async () =>
    hasMariadb()
      ? ((await psqlMissing()) ?? rivalMissing('saxes'))
      : 'mariadbd is not installed (Debian: apt-get install mariadb-server)',
  async prepare(context) {
    await monthIn(context, 'b10', rowsOf(context));
    await moved(context);
    writeFeed(context.folder, feedLines(context));
  },
  variants: {
    mariadb: { title: 'pull from MariaDB, key built and attached', run: pulled },
    pipe: {
      title: 'psql COPY TO | COPY FROM, no index',
      run: (context) => pipedMonth(context, 'b10'),
    },
    xml: { title: 'XML feed by the connector', run: (context) => feed(context, readByConnector) },
    saxes: { title: 'the same bytes by saxes alone', run: (context) => feed(context, readBySaxes) },
  },
  figures: (results) => [
    landedRatio('B10 MariaDB ÷ pipe', 0.5, [results['mariadb'], results['pipe']]),
    ratio(results, {
      label: 'XML feed ÷ saxes alone',
      ours: 'xml',
      rival: 'saxes',
      hold: { atLeast: 0.4 },
    }),
  ],
};

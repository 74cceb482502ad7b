import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ProbeReport, probeSource } from '../../src/ingest/probe.service.js';
import { createMariaDatabase, hasMariaDb, NO_MARIADB } from '../connectors/mariadb.js';
import { describeWhen } from '../support/describe-when.js';
import { createEmptyDatabase, type TestDatabase } from '../support/test-database.js';
import { CSV_CLINIC, HOSPITAL, SiteFolder } from './site-folder.js';
import { addClaim, HIS_TABLES, smallHisYaml } from './small-his.js';

const folder = new SiteFolder();
afterAll(() => folder.remove());

const probe = (now?: () => number): Promise<ProbeReport> =>
  probeSource(folder.site, { institution: HOSPITAL, ...(now === undefined ? {} : { now }) });
const red = ({ findings }: ProbeReport) => findings.filter(({ ok }) => !ok);
const named = ({ findings }: ProbeReport, check: string) =>
  findings.find((finding) => finding.check === check);

describe('heyi probe on PostgreSQL', () => {
  const reader = `probe_reader_${process.pid}`;
  let his: TestDatabase;
  const asReader = (password = 'reads') => {
    const url = new URL(his.url);
    url.username = reader;
    url.password = password;
    return url.href;
  };

  beforeAll(async () => {
    his = await createEmptyDatabase();
    await his.pool.query(`CREATE ROLE ${reader} LOGIN PASSWORD 'reads'`);
  });
  afterAll(async () => {
    await his.pool.query(`DROP OWNED BY ${reader}`);
    await his.pool.query(`DROP ROLE ${reader}`);
    await his.drop();
  });
  beforeEach(async () => {
    await his.pool.query(
      `DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO ${reader}`,
    );
    await his.pool.query(HIS_TABLES);
    await his.pool.query(
      `CREATE INDEX ON settlement (at); GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader}`,
    );
    for (const day of ['05', '06']) {
      await addClaim(his.pool, {
        no: `NUMBER-${day}`,
        at: `2024-03-${day} 08:00`,
        total: '12.30',
        certificate: '460200199001011234',
      });
    }
    folder.institution('his', smallHisYaml(asReader()));
  });

  it('is satisfied with a source that can only be read', async () => {
    const report = await probe();
    expect(red(report)).toEqual([]);
    expect(named(report, '试写被拒绝')?.detail).toContain('3 张表');
    expect(named(report, '数据流 claims 的索引')).toMatchObject({
      ok: true,
      detail: 'at 有索引可用',
    });
    expect(named(report, '数据流 lines 的索引')?.remedy).toContain('建索引');
    expect(named(report, '数据流 claims 数量')?.detail).toMatch(/^最近 31 天 2 行，/);
    expect(named(report, '时钟')?.remedy).toBeUndefined();
    const shown = JSON.stringify(report);
    expect(report.samples.find(({ stream }) => stream === 'claims')?.rows).toHaveLength(1);
    expect(shown).not.toContain('460200199001011234');
    expect(shown).not.toContain('NUMBER-06');
  });

  it('says that the password is wrong', async () => {
    folder.institution('his', smallHisYaml(asReader('guessed')));
    expect(red(await probe())).toMatchObject([
      { check: '登录', detail: expect.stringContaining('拒绝登录') },
    ]);
  });

  it('says that nothing answers', async () => {
    folder.institution('his', smallHisYaml(asReader()).replace(/port: '\d+'/, "port: '1'"));
    expect(red(await probe())).toMatchObject([
      { check: '端口', detail: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  it('finds a login that may write, by one right on one table', async () => {
    await his.pool.query(`GRANT UPDATE ON settlement TO ${reader}`);
    const [finding, ...others] = red(await probe());
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      check: '账号只读',
      detail: '账号拥有写权限：public.settlement',
    });
    expect(finding?.remedy).toContain(
      'GRANT SELECT ON settlement, item, diagnosis TO heyi_reader;',
    );
  });

  it('names the mapping that a column which is gone was used by', async () => {
    await his.pool.query('ALTER TABLE settlement DROP COLUMN fund');
    expect(red(await probe())).toMatchObject([
      {
        check: '数据流 claims',
        detail: '字段 fund 在映射 claims.pooledFundPaid、claims.fundPaid 中使用，来源中已不存在',
      },
    ]);
  });

  it('says that a table is gone', async () => {
    await his.pool.query('DROP TABLE diagnosis');
    expect(red(await probe())).toMatchObject([
      { check: '数据流 diagnoses', detail: expect.stringContaining('"diagnosis"') },
    ]);
  });

  it('finds money kept as double that the mapping takes for decimal', async () => {
    await his.pool.query('ALTER TABLE settlement ALTER COLUMN fund TYPE double precision');
    expect(red(await probe()).map(({ remedy }) => remedy)).toContain(
      '浮点列请写 as: yuan-from-double。',
    );
  });

  it('measures the clock against ours', async () => {
    const report = await probe(() => Date.now() - 86_400_000);
    expect(named(report, '时钟')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^来源比本机快 8640\d\.\d 秒$/),
    });
    expect(named(await probe(() => Date.now() + 20_000), '时钟')).toMatchObject({
      ok: true,
      remedy: expect.any(String),
    });
  });
});

describeWhen(hasMariaDb, { name: 'heyi probe on MariaDB', reason: NO_MARIADB }, () => {
  let his: Awaited<ReturnType<typeof createMariaDatabase>>;
  const yaml = (more = '') => {
    const flow = Object.entries(his.options).map(([key, value]) => `${key}: '${value}'`);
    return smallHisYaml('postgresql://u:p@h:1/d')
      .replace('connector: postgres', 'connector: mysql')
      .replace(/options: .*/, `options: { ${flow.join(', ')} }`)
      .replace('key: [no]\n', `key: [no]\n    ${more}\n`);
  };

  beforeEach(async () => {
    his = await createMariaDatabase();
    await his.admin.query(`
      CREATE TABLE settlement (no varchar(20) PRIMARY KEY, refund_of varchar(20), person varchar(20) CHARACTER SET latin1, certificate varchar(18),
        pool varchar(9) DEFAULT 'resident', care varchar(10) DEFAULT 'outpatient', at datetime NOT NULL, total decimal(10,2), fund decimal(10,2), INDEX (at));
      CREATE TABLE item (no varchar(20), at datetime NOT NULL, seq int, code varchar(9), amount decimal(10,2), PRIMARY KEY (no, seq));
      CREATE TABLE diagnosis (no varchar(20), at datetime NOT NULL, seq int, code varchar(9), principal varchar(5), PRIMARY KEY (no, seq));
      INSERT INTO settlement (no, person, at, total, fund) VALUES ('NUMBER-05', x'B0A2C4AACEF7C1D6', '2024-03-05 08:00', 12.30, 12.30);
      INSERT INTO item VALUES ('NUMBER-05', '2024-03-05 08:00', 1, 'I1', 12.30);
      INSERT INTO diagnosis VALUES ('NUMBER-05', '2024-03-05 08:00', 1, 'J06.9', 'true')`);
  });
  afterEach(() => his.drop());

  it('shows GBK bytes in a column of latin1, and is satisfied once they are declared', async () => {
    folder.institution('his', yaml());
    expect(red(await probe())).toMatchObject([
      {
        check: '字符集',
        detail: '列 person 标为 latin1，存的是 gb18030 字节：“°¢…” 应读作 “阿＊”',
        remedy: '请在该数据流写 charsets: { person: gb18030 }',
      },
    ]);
    folder.institution('his', yaml('charsets: { person: gb18030 }'));
    const report = await probe();
    expect(red(report)).toEqual([]);
    expect(named(report, '数据流 claims 的索引')).toMatchObject({ detail: 'at 有索引可用' });
    expect(named(report, '数据流 lines 的索引')?.remedy).toContain('建索引');
    expect(named(report, '试写被拒绝')?.detail).toContain('都因没有权限被拒绝');
  });

  it('tries to write and tells where it was let', async () => {
    await his.admin.query(
      `GRANT DELETE ON ${his.options.database}.item TO ${his.options.user}@'%'`,
    );
    folder.institution('his', yaml('charsets: { person: gb18030 }'));
    const findings = red(await probe());
    expect(findings.map(({ detail }) => detail)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('DELETE item'),
        expect.stringContaining('DELETE'),
      ]),
    );
    const [rows] = await his.admin.query('SELECT * FROM item');
    expect(rows).toHaveLength(1);
  });

  it('names the mapping of a column that is gone, and the wrong password', async () => {
    await his.admin.query('ALTER TABLE diagnosis DROP COLUMN principal');
    folder.institution('his', yaml('charsets: { person: gb18030 }'));
    expect(red(await probe())).toMatchObject([
      { detail: '字段 principal 在映射 diagnoses.isPrincipal 中使用，来源中已不存在' },
    ]);
    folder.institution('his', yaml().replace(his.options.password ?? '', 'guessed'));
    expect(red(await probe())).toMatchObject([{ check: '登录' }]);
  });
});

describe('heyi probe on a folder of drops', () => {
  const yaml = `institution: ${CSV_CLINIC}\nprofile: village-csv\noptions: { folder: drops, encoding: utf-8 }`;
  const look = () => probeSource(folder.site, { institution: CSV_CLINIC });

  it('says that the folder is not there, that a file is not whole, that its bytes are no text', async () => {
    folder.institution('clinic', yaml);
    expect(red(await look())).toMatchObject([{ check: '投放目录' }]);
    folder.write('files/drops/settlements-202403.csv', '结算号,x\n1,2\n');
    const unfinished = red(await look());
    expect(unfinished).toHaveLength(4);
    expect(unfinished[0]?.detail).toContain('没有结尾的 #TOTAL 行');
    folder.write('files/drops/settlements-202404.csv', Buffer.from([0xff, 0xfe, 0xff, 0x0a]));
    expect(red(await look()).map(({ check }) => check)).toContain('文件编码');
  });
});

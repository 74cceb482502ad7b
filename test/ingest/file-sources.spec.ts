import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestService } from '../../src/ingest/ingest.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { CSV_CLINIC, SiteFolder, XML_CLINIC } from './site-folder.js';

const xmlYaml = `
institution: ${XML_CLINIC}
connector: xml
receipts: receipts
options: { folder: xml, files: 'jiesuan-{yyyyMMdd?}*.xml', encoding: gb18030 }
streams:
  persons:
    record: drop/claim
    control: { rows: '@claims' }
    map: { personId: person/@no, sex: { from: person/sex, values: { 男: male, 女: female } } }
  claims:
    record: drop/claim
    control: { rows: '@claims', amount: '@total' }
    map:
      claimNo: '@no'
      refundOf: '@refundOf'
      personId: person/@no
      pool: { constant: resident }
      careType: { constant: outpatient }
      settledAt: settledAt
      totalFee: total
      eligible: total
      deductible: { constant: '0' }
      pooledFundPaid: fund
      fundPaid: fund
      accountPaid: { constant: '0' }
      cashPaid: cash
  lines:
    record: drop/claim/line
    control: { rows: '@lines', amount: '@total' }
    map:
      claimNo: ../@no
      settledAt: ../settledAt
      lineNo: '@no'
      chargedAt: { from: date, format: yyyy/M/d }
      institutionItemCode: code
      itemName: name
      itemKind: { constant: drug }
      quantity: quantity
      unitPrice: price
      lineAmount: amount
      eligibleAmount: amount
`;

const csvYaml = `
institution: ${CSV_CLINIC}
template: clinic-csv.yaml
options: { folder: csv }
`;
const csvTemplate = `
connector: csv
options: { files: '{yyyyMMdd}.csv' }
streams:
  claims:
    distinct: [结算号]
    control: { rows: 3, amount: 2 }
    amount: 总额
    map: &claim
      claimNo: 结算号
      personId: 参保号
      pool: { constant: resident }
      careType: { constant: outpatient }
      settledAt: { from: 时间, format: yyyyMMddHHmmss }
      totalFee: 总额
      eligible: 总额
      deductible: { constant: '0' }
      pooledFundPaid: 基金
      fundPaid: 基金
      accountPaid: { constant: '0' }
      cashPaid: 自付
  lines:
    control: { rows: 1, amount: 2 }
    map:
      claimNo: 结算号
      settledAt: { from: 时间, format: yyyyMMddHHmmss }
      lineNo: 行号
      chargedAt: { from: 时间, format: yyyyMMddHHmmss }
      institutionItemCode: 项目
      itemName: 名称
      itemKind: { constant: drug }
      quantity: 数量
      unitPrice: 单价
      lineAmount: 金额
      eligibleAmount: 金额
`;

interface XmlClaim {
  readonly no: string;
  readonly name?: string;
  readonly amount?: string;
  readonly day: string;
}

function xmlDrop(claims: readonly XmlClaim[], total: string): string {
  const body = claims
    .map(
      ({ no, day, name = '阿莫西林', amount = '5.00' }) =>
        `<claim no="${no}"><person no="P${no}"><sex>男</sex></person><settledAt>${day}T08:00:00</settledAt>` +
        `<total>${amount}</total><fund>${amount}</fund><cash>0.00</cash>` +
        `<line no="1"><date>${day.replaceAll('-', '/')}</date><code>D1</code><name>${name}</name>` +
        `<quantity>1</quantity><price>${amount}</price><amount>${amount}</amount></line></claim>`,
    )
    .join('\n');
  return `<?xml version="1.0" encoding="GB18030"?>\n<drop claims="${claims.length}" lines="${claims.length}" total="${total}">\n${body}\n</drop>\n`;
}

/** Bytes of the characters that GB18030 writes in two bytes, found by decoding all of them. */
const TWO_BYTES = new Map<string, readonly number[]>();
const decoder = new TextDecoder('gb18030');
for (let lead = 0x81; lead <= 0xfe; lead += 1) {
  for (let trail = 0x40; trail <= 0xfe; trail += 1) {
    if (trail !== 0x7f) TWO_BYTES.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
  }
}

/** GB18030 bytes of a text: JavaScript only decodes it. Characters beyond the basic plane take four bytes by rule. */
function gb18030(text: string): Uint8Array {
  return Uint8Array.from(
    [...text].flatMap((character) => {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x80) return [code];
      const rank = code - 0x10000;
      if (rank < 0) return [...(TWO_BYTES.get(character) ?? [])];
      const third = 0x81 + (Math.trunc(rank / 10) % 126);
      const second = 0x30 + (Math.trunc(rank / 1260) % 10);
      return [0x90 + Math.trunc(rank / 12_600), second, third, 0x30 + (rank % 10)];
    }),
  );
}

const BOM = '\ufeff';
const HEADER = '结算号,参保号,时间,总额,基金,自付,行号,项目,名称,数量,单价,金额';
const signal = new AbortController().signal;
const day = (date: string) => ({
  from: date,
  to: `${date.slice(0, 8)}${String(Number(date.slice(8)) + 1).padStart(2, '0')}`,
});

describe('drops of village clinics', () => {
  let own: TestDatabase;
  let ingest: IngestService;
  const folder = new SiteFolder();
  const pullXml = (date: string, late = true) =>
    ingest.pull({ institution: XML_CLINIC, window: day(date), late }, signal);
  const pullCsv = (date: string) =>
    ingest.pull({ institution: CSV_CLINIC, window: day(date) }, signal);
  const states = async (pull: ReturnType<typeof pullXml>) =>
    (await pull).batches.map(({ stream, state, landedRows }) => [stream, state, landedRows]);

  beforeAll(async () => {
    own = await createTestDatabase();
    folder.institution('xml', xmlYaml);
    folder.institution('csv', csvYaml);
    folder.write('site/institutions/templates/clinic-csv.yaml', csvTemplate);
    folder.write('files/xml/.keep', '');
    folder.write('files/csv/.keep', '');
    ingest = folder.ingest(own.pool);
  });
  afterAll(async () => {
    await own.drop();
    folder.remove();
  });

  it('lands claims and their lines from one GB18030 file, rare characters included', async () => {
    const claims = [
      { no: '1', day: '2024-12-01', name: '𠮷林片' },
      { no: '2', day: '2024-12-01' },
    ];
    folder.write('files/xml/jiesuan-20241201.xml', gb18030(xmlDrop(claims, '10.00')));
    expect(await states(pullXml('2024-12-01'))).toEqual([
      ['persons', 'complete', 2],
      ['claims', 'complete', 2],
      ['lines', 'complete', 2],
    ]);
    const { rows } = await own.pool.query(
      'SELECT item_name, charged_on, charged_time, settled_by, level FROM claim_line JOIN claim USING (claim_no) ORDER BY claim_no',
    );
    expect(rows[0]).toEqual({
      item_name: '𠮷林片',
      charged_on: '2024-12-01',
      charged_time: null,
      settled_by: 'H46000000002',
      level: 'village',
    });
    const receipt = folder.read('files/receipts/jiesuan-20241201.xml.receipt.xml');
    expect(receipt).toContain(
      '<stream name="claims" state="complete" landedRows="2" landedYuan="10.00"',
    );
  });

  it('gives the same digest again, and knows the same bytes under another name', async () => {
    const first = await pullXml('2024-12-01');
    folder.write(
      'files/xml/jiesuan-20241202-copy.xml',
      gb18030(
        xmlDrop(
          [
            { no: '1', day: '2024-12-01', name: '𠮷林片' },
            { no: '2', day: '2024-12-01' },
          ],
          '10.00',
        ),
      ),
    );
    expect((await pullXml('2024-12-01')).digest).toBe(first.digest);
    const copied = await pullXml('2024-12-02');
    expect(copied.state).toBe('empty');
    expect(copied.batches.map(({ state }) => state)).toEqual([
      'duplicate',
      'duplicate',
      'duplicate',
    ]);
    expect(copied.batches[0]?.message).toContain('jiesuan-20241201.xml');
  });

  it('leaves a half-written file for the next night', async () => {
    const whole = gb18030(xmlDrop([{ no: '3', day: '2024-12-03' }], '5.00'));
    folder.write('files/xml/jiesuan-20241203.xml', whole.subarray(0, whole.length - 40));
    const night = await pullXml('2024-12-03');
    expect(night.state).toBe('incomplete');
    expect(night.batches[1]).toMatchObject({ landedRows: 0 });
    expect(night.batches[1]?.message).toContain('尚未写完');
    folder.write('files/xml/jiesuan-20241203.xml', whole);
    expect(await states(pullXml('2024-12-04'))).toEqual([
      ['persons', 'complete', 1],
      ['claims', 'complete', 1],
      ['lines', 'complete', 1],
    ]);
  });

  it('takes a late file once, and again only with the window it came in', async () => {
    const again = await pullXml('2024-12-04');
    expect(again.batches.map(({ unit }) => unit)).toEqual(Array(3).fill('jiesuan-20241203.xml'));
    expect((await pullXml('2024-12-05')).state).toBe('empty');
    expect((await pullXml('2024-12-04', false)).state).toBe('empty');
  });

  it('rejects what is not the agreed form: a document type, a missing column, other bytes', async () => {
    const good = xmlDrop([{ no: '6', day: '2024-12-06' }], '5.00');
    folder.write(
      'files/xml/jiesuan-20241206.xml',
      good.replace('<drop', '<!DOCTYPE drop [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<drop'),
    );
    folder.write('files/xml/jiesuan-20241207.xml', good.replaceAll(/<total>.*?<\/total>/g, ''));
    folder.write(
      'files/xml/jiesuan-20241208.xml',
      Buffer.concat([
        Buffer.from('<drop>'),
        Buffer.from([0xff, 0xfe, 0x80, 0xff]),
        Buffer.from('</drop>    '),
      ]),
    );
    const results = [
      await pullXml('2024-12-06'),
      await pullXml('2024-12-07', false),
      await pullXml('2024-12-08', false),
    ];
    expect(results.map(({ state }) => state)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(results.map(({ batches }) => batches[1]?.message)).toEqual([
      '文件 jiesuan-20241206.xml 含有 DOCTYPE',
      '文件 jiesuan-20241207.xml 缺少列 total',
      expect.stringContaining('既不是 UTF-8'),
    ]);
  });

  it('is incomplete when the control record tells of more than there is', async () => {
    folder.write(
      'files/xml/jiesuan-20241210.xml',
      xmlDrop([{ no: '10', day: '2024-12-10' }], '6.00'),
    );
    const { state, batches } = await pullXml('2024-12-10', false);
    expect(state).toBe('incomplete');
    expect(batches[1]?.message).toContain('6.00');
  });

  it('reads a flat CSV with a byte order mark: claims by distinct key, lines row by row', async () => {
    folder.write(
      'files/csv/20241201.csv',
      `${BOM}${HEADER}\r\nC1,P1,20241201080000,8.00,8.00,0.00,1,D1,"阿莫,西林",1,3.00,3.00\r\nC1,P1,20241201080000,8.00,8.00,0.00,2,D2,片,2,2.50,5.00\r\nC2,P2,20241201090000,4.00,4.00,0.00,1,D1,阿,1,4,4.00\r\n#TOTAL,3,12.00,2\r\n`,
    );
    const { batches, state } = await pullCsv('2024-12-01');
    expect(state).toBe('complete');
    expect(batches.map(({ landedRows, landedFen }) => [landedRows, landedFen])).toEqual([
      [2, '1200'],
      [3, '1200'],
    ]);
  });

  it('parks a line of too few cells or bytes that are no text, and lands the others', async () => {
    const bad = Buffer.concat([
      Buffer.from(`${HEADER}\nC3,P1,20241202080000,8.00,8.00,0.00,1,D1,甲,1,8.00,8.00\nC4,短\n`),
      Buffer.from([0x43, 0xff, 0x0a]),
      Buffer.from('#TOTAL,3,8.00,3\n'),
    ]);
    folder.write('files/csv/20241202.csv', bad);
    const { batches } = await pullCsv('2024-12-02');
    expect(batches[1]).toMatchObject({
      stream: 'lines',
      state: 'complete',
      landedRows: 1,
      quarantinedRows: 2,
    });
  });

  it('withdraws what a corrected file of the same name no longer holds', async () => {
    const line = (no: string) => `${no},P1,20241205080000,4.00,4.00,0.00,1,D1,甲,1,4,4.00`;
    const drop = (nos: readonly string[]) =>
      folder.write(
        'files/csv/20241205.csv',
        `${HEADER}\n${nos.map((no) => `${line(no)}\n`).join('')}#TOTAL,${nos.length},${nos.length * 4}.00,${nos.length}\n`,
      );
    const standing = async () => {
      const { rows } = await own.pool.query(
        `SELECT claim_no FROM claim WHERE settled_on = '2024-12-05' ORDER BY 1`,
      );
      return rows.map(({ claim_no }) => claim_no);
    };
    drop(['F1', 'F2', 'F3']);
    await pullCsv('2024-12-05');
    drop(['F1', 'F3']);
    const { state, batches } = await pullCsv('2024-12-05');
    expect([state, batches.map(({ withdrawnRows = 0 }) => withdrawnRows)]).toEqual([
      'complete',
      [1, 0],
    ]);
    expect(await standing()).toEqual(['F1', 'F3']);
  });

  it('waits for the trailer and names a missing column', async () => {
    folder.write('files/csv/20241203.csv', `${HEADER}\nC5,P1,20241203080000,8`);
    folder.write('files/csv/20241204.csv', `${HEADER.replace('总额', '合计')}\n#TOTAL,0,0.00,0\n`);
    expect((await pullCsv('2024-12-03')).state).toBe('incomplete');
    const missing = await pullCsv('2024-12-04');
    expect(missing.state).toBe('rejected');
    const claims = missing.batches.find(
      ({ stream, unit }) => stream === 'claims' && unit === '20241204.csv',
    );
    expect(claims?.message).toContain('缺少列 总额');
  });

  it('answers with the read that landed a late file when its own day is pulled again', async () => {
    folder.write(
      'files/xml/jiesuan-20241220.xml',
      gb18030(xmlDrop([{ no: '20', day: '2024-12-20' }], '5.00')),
    );
    const late = await pullXml('2024-12-21');
    const own = await pullXml('2024-12-20');
    const idsOf = (result: typeof late) =>
      result.batches
        .filter(({ unit }) => unit === 'jiesuan-20241220.xml')
        .map(({ batchId, state, landedRows }) => [batchId, state, landedRows]);
    expect(idsOf(late)).toHaveLength(3);
    expect(idsOf(own)).toEqual(idsOf(late));
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changedPersons, finishedThrough } from '../../src/audit/changed-persons.repository.js';
import { CatalogueService } from '../../src/catalogue/catalogue.service.js';
import { CrosswalkService } from '../../src/catalogue/crosswalk.service.js';
import { CROSSWALK_SHEET } from '../../src/catalogue/crosswalk-export.js';
import { SuggestionService } from '../../src/catalogue/suggestion.service.js';
import { withTransaction } from '../../src/database/transaction.repository.js';
import type { IngestService } from '../../src/ingest/ingest.service.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { csvRows } from '../../src/tables/sheet-reader.js';
import { csvText } from '../../src/tables/spreadsheet.js';
import { workbookBytes, workbookRows } from '../../src/tables/workbook.client.js';
import { HOSPITAL, optionsOf, SiteFolder, TOWNSHIP } from '../ingest/site-folder.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/test-database.js';

const ALL = { consortium: 'test-county', institutions: 'all' } as const;
const BODY = `
connector: postgres
options: OPTIONS
catalogue: { items: tables/items.csv, diagnoses: tables/diagnoses.csv }
streams:
  claims:
    query: SELECT * FROM bill
    cursor: settled
    key: [no]
    map:
      claimNo: no
      personId: person
      pool: { constant: resident }
      careType: { constant: outpatient }
      settledAt: settled
      totalFee: total
      eligible: total
      deductible: { constant: '0' }
      pooledFundPaid: total
      fundPaid: total
      accountPaid: { constant: '0' }
      cashPaid: { constant: '0' }
  lines:
    query: SELECT f.*, b.settled FROM fee f JOIN bill b USING (no)
    cursor: settled
    key: [no, line]
    map:
      claimNo: no
      settledAt: settled
      lineNo: line
      chargedAt: settled
      institutionItemCode: item
      itemCode: national
      itemName: name
      itemKind: { constant: service }
      quantity: { constant: '1' }
      unitPrice: amount
      lineAmount: amount
      eligibleAmount: amount
  diagnoses:
    query: SELECT d.*, b.settled FROM disease d JOIN bill b USING (no)
    cursor: settled
    key: [no, seq]
    map:
      claimNo: no
      settledAt: settled
      sequence: seq
      code: code
      isPrincipal: { constant: 'true' }
`;
const SCHEMA = `
  CREATE TABLE bill (no text, person text, settled timestamp, total text);
  CREATE TABLE fee (no text, line text, item text, national text, name text, amount text);
  CREATE TABLE disease (no text, seq text, code text);
  INSERT INTO bill VALUES ('B1', 'P1', '2024-01-05 08:00', '40.00'), ('B2', 'P2', '2024-02-06 08:00', '100.00'),
    ('B3', 'P3', '2024-02-07 08:00', '30.00');
  INSERT INTO fee VALUES ('B1', '1', 'XM-01', null, '普通门诊诊查费', '40.00'), ('B2', '1', 'XM-01', null, '普通门诊诊查费', '40.00'),
    ('B2', '2', 'XM-02', null, '急诊监护费（次）', '60.00'), ('B3', '1', 'XM-01', '001103000010000', '急诊监护费', '30.00');
  INSERT INTO disease VALUES ('B1', '1', 'A01.001'), ('B2', '1', 'A09.901'), ('B3', '1', 'A09.901');`;

describe('the crosswalk', () => {
  let own: TestDatabase;
  let his: TestDatabase;
  let folder: SiteFolder;
  let ingest: IngestService;
  let crosswalk: CrosswalkService;
  let suggestions: SuggestionService;

  beforeEach(async () => {
    [own, his] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
    await his.pool.query(SCHEMA);
    folder = new SiteFolder();
    for (const [name, code] of [
      ['hospital', HOSPITAL],
      ['township', TOWNSHIP],
    ] as const) {
      folder.institution(
        name,
        `institution: ${code}${BODY.replace('OPTIONS', optionsOf(his.url))}`,
      );
    }
    const header = 'local,national,valid_from,valid_to,proposed_by,approved_by';
    folder.write('site/tables/items.csv', `${header}\nXM-09,001102000010000,2020-01-01,,王,李\n`);
    folder.write('site/tables/diagnoses.csv', `${header}\n`);
    ingest = folder.ingest(own.pool);
    crosswalk = new CrosswalkService(own.pool, folder.site, new JournalService(own.pool));
    suggestions = new SuggestionService(own.pool, crosswalk);
    await read();
  });
  afterEach(async () => {
    await Promise.all([own.drop(), his.drop()]);
    folder.remove();
  });

  const read = (institution = HOSPITAL, service = ingest) =>
    service.pull(
      { institution, window: { from: '2024-01-01', to: '2024-03-01' } },
      new AbortController().signal,
    );
  const sheet = (...lines: readonly string[]) =>
    csvRows(
      new TextEncoder().encode(['类别,本地编码,国家编码,起始日,终止日', ...lines].join('\n')),
    );
  const propose = (...lines: readonly string[]) =>
    crosswalk.import({
      ...ALL,
      institution: HOSPITAL,
      rows: sheet(...lines),
      sourceName: '对照.csv',
      by: '甲',
    });
  const approve = (importId: string | null, by = '乙') =>
    crosswalk.approve({ ...ALL, importId: importId ?? '', by });
  const itemCodes = async () => {
    const { rows } = await own.pool.query(
      'SELECT claim_no, line_no, item_code FROM claim_line ORDER BY 1, 2',
    );
    return rows.map((row) => `${row.claim_no}/${row.line_no} ${row.item_code}`);
  };
  const VISIT = '001102000010000';

  it('ranks what waits by money', async () => {
    const { items } = await crosswalk.list({
      ...ALL,
      institution: HOSPITAL,
      unmapped: true,
      limit: 10,
    });
    expect(items.map(({ kind, localCode, amountFen }) => [kind, localCode, amountFen])).toEqual([
      ['diagnosis', 'A09.901', '13000'],
      ['item', 'XM-01', '8000'],
      ['item', 'XM-02', '6000'],
      ['diagnosis', 'A01.001', '4000'],
    ]);
    const first = await crosswalk.list({ ...ALL, limit: 3 });
    const rest = await crosswalk.list({ ...ALL, limit: 9, after: first.next ?? '' });
    expect([...first.items, ...rest.items]).toHaveLength(5);
    expect((await crosswalk.list({ ...ALL, institutions: [TOWNSHIP], limit: 9 })).items).toEqual(
      [],
    );
  });

  it('holds when another person approves, and gives landed rows of open months their codes', async () => {
    const { importId, changes } = await propose(
      `项目,XM-01,${VISIT},2024-01-01,`,
      '诊断,A09.901,A09.900,2024-01-01,',
    );
    expect(changes).toHaveLength(2);
    expect(await itemCodes()).toContain('B1/1 null');
    await expect(approve(importId, '甲 ')).rejects.toMatchObject({ code: 'crosswalk.same_person' });
    const result = await approve(importId);
    expect(result).toMatchObject({ changes: 2, recodedRows: 4, closedRows: 0, recodedFen: 21000n });
    expect(await itemCodes()).toEqual([
      `B1/1 ${VISIT}`,
      `B2/1 ${VISIT}`,
      'B2/2 null',
      'B3/1 001103000010000', // given by the source itself
    ]);
    const { rows } = await own.pool.query('SELECT code FROM claim_diagnosis ORDER BY claim_no');
    expect(rows.map(({ code }) => code)).toEqual(['A01.001', 'A09.900', 'A09.900']);
    await expect(approve(importId)).rejects.toMatchObject({ code: 'crosswalk.wrong_state' });
    const journal = await own.pool.query(
      `SELECT content FROM journal_entry WHERE subject = 'crosswalk:${importId}' ORDER BY seq`,
    );
    expect(journal.rows.map(({ content }) => content.action)).toEqual(['propose', 'approve']);
    expect(journal.rows[1].content.digestBefore).not.toBe(journal.rows[1].content.digest);
  });

  it('makes the next audit look again at whom it touches', async () => {
    const through = await withTransaction(own.pool, (client) =>
      finishedThrough(client, ALL.consortium),
    );
    expect(await changedPersons(own.pool, ALL.consortium, through)).toEqual([]);
    await approve((await propose(`项目,XM-02,${VISIT},2024-01-01,`)).importId);
    expect(await changedPersons(own.pool, ALL.consortium, through)).toEqual(['P2']);
    await read(TOWNSHIP);
    const later = await withTransaction(own.pool, (client) =>
      finishedThrough(client, ALL.consortium),
    );
    expect(await changedPersons(own.pool, ALL.consortium, later)).toEqual([]);
  });

  it('leaves closed months as they were settled, and says so', async () => {
    await own.pool.query(
      `INSERT INTO settlement_period VALUES ('test-county', '2024-01', now(), 1)`,
    );
    const { importId } = await propose(`项目,XM-01,${VISIT},2024-01-01,`);
    expect(await approve(importId)).toMatchObject({ recodedRows: 1, closedRows: 1 });
    expect(await itemCodes()).toEqual([
      'B1/1 null',
      `B2/1 ${VISIT}`,
      'B2/2 null',
      'B3/1 001103000010000',
    ]);
  });

  it('ends one meaning and begins another, and keeps what was', async () => {
    await approve((await propose(`项目,XM-01,${VISIT},2024-01-01,`)).importId);
    const next = '001102000010700';
    await expect(propose(`项目,XM-01,${next},2024-02-01,`)).rejects.toThrow(
      '第 2 行：XM-01 的有效期与现行的',
    );
    const { importId } = await propose(
      `项目,XM-01,${VISIT},2024-01-01,2024-02-01`,
      `项目,XM-01,${next},2024-02-01,`,
    );
    expect(await approve(importId)).toMatchObject({ changes: 2, recodedRows: 1 });
    expect(await itemCodes()).toEqual([
      `B1/1 ${VISIT}`,
      `B2/1 ${next}`,
      'B2/2 null',
      'B3/1 001103000010000',
    ]);
    const changes = await own.pool.query(
      'SELECT action, before_national_code FROM crosswalk_change ORDER BY import_id, sheet_row',
    );
    expect(changes.rows.map((row) => [row.action, row.before_national_code])).toEqual([
      ['add', null],
      ['change', VISIT],
      ['add', null],
    ]);
    const wrong = await propose(`项目,XM-01,${VISIT},2024-02-01,`);
    expect(wrong.changes[0]?.before).toMatchObject({ nationalCode: next, validTo: null });
  });

  it('goes before a table file for the codes that it speaks for', async () => {
    await approve((await propose('项目,XM-09,001102000010700,2020-01-01,')).importId);
    folder.write(
      'site/tables/items.csv',
      `local,national,valid_from,valid_to,proposed_by,approved_by\nXM-09,${VISIT},2020-01-01,,王,李\nXM-02,${VISIT},2020-01-01,,王,李\n`,
    );
    const catalogue = new CatalogueService(own.pool, folder.site);
    const tables = {
      items: 'tables/items.csv',
      diagnoses: 'tables/diagnoses.csv',
      procedures: 'national',
    };
    await catalogue.load(ALL.consortium, { institution: HOSPITAL, catalogue: tables });
    const { rows } = await own.pool.query(
      'SELECT local_code, national_code, origin FROM code_map ORDER BY local_code',
    );
    expect(rows).toEqual([
      { local_code: 'XM-02', national_code: VISIT, origin: 'file' },
      { local_code: 'XM-09', national_code: '001102000010700', origin: 'crosswalk' },
    ]);
    expect(await itemCodes()).toContain(`B2/2 ${VISIT}`);
  });

  it('takes nothing of a sheet that is wrong in one row', async () => {
    const wrong = propose(
      `项目,XM-01,${VISIT},2024-01-01,`,
      '项目,XM-02,1102000010000,2024-01-01,',
      '诊断,A09.901,Z99.999x,2024-01-01,',
      '项目,XM-03,1.1E+12,2024-01-01,',
      `项目,XM-04,${VISIT},2024-02-30,`,
      `项目,XM-05,${VISIT},2024-02-01,2024-02-01`,
      `药,XM-06,${VISIT},2024-02-01,`,
    );
    await expect(wrong).rejects.toThrow('001102000010000');
    const { problems } = await wrong.catch((error) => error);
    expect(problems.map(({ row }: { row: number }) => row)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(await crosswalk.imports(ALL)).toEqual([]);
  });

  it('keeps two imports out of each other’s way', async () => {
    const { importId } = await propose(`项目,XM-01,${VISIT},2024-01-01,`);
    await expect(propose('项目,XM-01,001102000010700,2024-01-01,')).rejects.toThrow(
      `待复核的导入 ${importId}`,
    );
    await crosswalk.reject({ ...ALL, importId: importId ?? '', by: '乙', reason: '名称不符' });
    await expect(propose('项目,XM-01,001102000010700,2024-01-01,')).resolves.toMatchObject({
      unchanged: 0,
    });
    expect(await crosswalk.imports(ALL)).toMatchObject([
      { state: 'proposed' },
      { state: 'rejected' },
    ]);
    const foreign = { ...ALL, institutions: [TOWNSHIP], importId: importId ?? '', by: '乙' };
    await expect(crosswalk.approve(foreign)).rejects.toMatchObject({
      code: 'crosswalk.unknown_import',
    });
  });

  it('cannot be approved by its proposer, whatever program writes it', async () => {
    await propose(`项目,XM-01,${VISIT},2024-01-01,`);
    await expect(
      own.pool.query(
        `UPDATE crosswalk_import SET state = 'approved', decided_by = '甲', decided_at = now()`,
      ),
    ).rejects.toThrow('two_people_import');
  });

  it.each(['xlsx', 'csv'])('goes out as %s and comes back without a change', async (format) => {
    await approve((await propose(`项目,XM-01,${VISIT},2024-01-01,2024-06-01`)).importId);
    const rows = await suggestions.exported({ ...ALL, institution: HOSPITAL, limit: 10 });
    const back =
      format === 'csv'
        ? csvRows(new TextEncoder().encode(csvText(CROSSWALK_SHEET, rows)))
        : await workbookRows(await workbookBytes('对照', CROSSWALK_SHEET, rows));
    const result = await crosswalk.import({
      ...ALL,
      institution: HOSPITAL,
      rows: back,
      sourceName: 'x',
      by: '甲',
    });
    expect(result).toMatchObject({ importId: null, changes: [], unchanged: 2, blank: 3 });
  });

  it('proposes codes with reasons: by name, by what other members use, by price', async () => {
    await own.pool.query(
      `INSERT INTO claim_line SELECT (jsonb_populate_record(l, jsonb_build_object('institution', $1::text))).*
       FROM claim_line l WHERE institution = $2`,
      [TOWNSHIP, HOSPITAL],
    );
    await own.pool.query(
      `UPDATE claim_line SET item_code = '${VISIT}' WHERE institution = $1 AND item_name = '普通门诊诊查费'`,
      [TOWNSHIP],
    );
    const codes = await suggestions.suggest({
      ...ALL,
      institution: HOSPITAL,
      kind: 'item',
      limit: 10,
    });
    expect(codes[0]?.suggestions[0]).toMatchObject({ nationalCode: VISIT, score: '0.90' });
    expect(codes[0]?.suggestions[0]?.reasons.join()).toContain('1 家其他成员');
    expect(codes[0]?.suggestions[0]?.reasons.join()).toContain('单价接近（36.67 与 40.00 元）');
    expect(codes[1]?.suggestions[0]).toMatchObject({ nationalCode: '001103000010000' });
    expect(await itemCodes()).toContain('B1/1 null');
    await expect(
      suggestions.suggest({ ...ALL, institutions: [TOWNSHIP], institution: HOSPITAL, limit: 1 }),
    ).rejects.toMatchObject({
      code: 'crosswalk.unknown_institution',
    });
  });
});

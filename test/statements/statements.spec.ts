import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Site } from '../../src/config/site.js';
import { JournalService } from '../../src/journal/journal.service.js';
import { toYuan } from '../../src/kernel/money.js';
import { BookReader } from '../../src/settlement/books.service.js';
import { SettlementService } from '../../src/settlement/settlement.service.js';
import {
  IncompleteResponseError,
  ResponseStateError,
  UnknownDisputeError,
  UnknownLineError,
  UnknownPartyError,
  UnknownRunError,
} from '../../src/statements/errors.js';
import { ResponseService } from '../../src/statements/response.service.js';
import { StatementService } from '../../src/statements/statement.service.js';
import { workbookRows } from '../../src/tables/workbook.client.js';
import { CONSORTIUM, landClaims, makeSite } from '../settlement/site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Statements of runs in the books, and what their parties say to them. */

const consortium = CONSORTIUM;
const choice = { kind: 'month', period: '2024-01' } as const;
const T = { consortium, choice, institution: 'T', by: '张会计' };

let database: TestDatabase;
let site: Site;
let settlement: SettlementService;
let statements: StatementService;
let responses: ResponseService;
let journal: JournalService;

beforeAll(async () => {
  database = await createTestDatabase();
  site = makeSite();
  journal = new JournalService(database.pool);
  const books = new BookReader(database.pool, site);
  settlement = new SettlementService(database.pool, site, books, journal);
  statements = new StatementService(database.pool, site, journal);
  responses = new ResponseService(database.pool, statements, journal);
  await landClaims(database.pool, [
    { claimNo: 'o1', on: '2024-01-05', pooled: 100_000 },
    { claimNo: 'c1', on: '2024-01-06', institution: 'C', pooled: 20_000 },
    { claimNo: 'c2', on: '2024-01-07', institution: 'C', careType: 'two-disease', pooled: 3_000 },
    { claimNo: 'c3', on: '2024-01-07', institution: 'C', channel: 'manual', pooled: 9_999 },
    { claimNo: 't1', on: '2024-01-31', institution: 'T', careType: 'chronic', pooled: 10_000 },
    { claimNo: 'e1', on: '2024-01-31', pool: 'employee', pooled: 50_000 },
  ]);
  await settlement.settleMonth({ consortium, month: '2024-01' });
});

afterAll(async () => {
  rmSync(site.siteDir, { recursive: true, force: true });
  await database.drop();
});

const amountsFor = async (party: string) => {
  const { amounts } = await statements.build({ consortium, choice, for: party });
  return amounts.map(({ amount, capitals }) => [toYuan(amount), capitals]);
};

describe('a statement of a stored run', () => {
  it('states to each party what it is paid; members add up to the lead', async () => {
    expect(await amountsFor('agency')).toEqual([
      ['1197.00', '壹仟壹佰玖拾柒元整'],
      ['450.00', '肆佰伍拾元整'],
      ['1647.00', '壹仟陆佰肆拾柒元整'],
    ]);
    expect(await amountsFor('lead')).toEqual(await amountsFor('agency'));
    expect((await amountsFor('L')).at(-1)?.[0]).toBe('1350.00');
    expect((await amountsFor('T')).at(-1)?.[0]).toBe('297.00');
  });

  it('tells a clinic what it booked itself, without what is out of scope', async () => {
    const { overview } = await statements.build({ consortium, choice, for: 'C' });
    expect(overview[0]?.rows.map((row) => row.slice(1))).toEqual([
      ['普通门诊', '1', '200.00'],
      ['门诊“两病”', '1', '30.00'],
      ['', '2', '230.00'],
    ]);
  });

  it('is printed as PDF with its fonts, and as xlsx', async () => {
    const pdf = await statements.print({ consortium, choice, for: 'T' }, 'pdf');
    const text = Buffer.from(pdf.bytes).toString('latin1');
    expect(text.startsWith('%PDF-')).toBe(true);
    expect(text).toContain('NotoSansSC');
    expect(pdf.name).toBe('医共体成员单位月度结算单_2024-01_镇卫生院_v1.pdf');
    const xlsx = await statements.print({ consortium, choice, for: 'T' }, 'xlsx');
    const cells = (await workbookRows(xlsx.bytes)).flatMap((row) => row.cells);
    expect(cells).toContainEqual({ kind: 'number', text: '297' });
    expect(cells).toContainEqual({ kind: 'text', text: '人民币贰佰玖拾柒元整' });
    expect(cells.map((cell) => cell.text)).toContain(`SHA-256 ${pdf.statement.digest}`);
  });

  it('says what does not exist', async () => {
    const year = { kind: 'year', period: '2024' } as const;
    await expect(statements.build({ consortium, choice: year, for: 'lead' })).rejects.toThrow(
      UnknownRunError,
    );
    await expect(statements.build({ consortium, choice, for: 'X' })).rejects.toThrow(
      UnknownPartyError,
    );
  });
});

describe('acknowledging, disputing, answering', () => {
  it('refuses what says nothing or belongs to nobody', async () => {
    await expect(responses.acknowledge({ ...T, by: ' ' })).rejects.toThrow(IncompleteResponseError);
    await expect(responses.dispute({ ...T, line: '1', reason: '' })).rejects.toThrow(
      IncompleteResponseError,
    );
    await expect(responses.dispute({ ...T, line: '99', reason: '金额不符' })).rejects.toThrow(
      UnknownLineError,
    );
    await expect(
      responses.dispute({
        ...T,
        line: 'sanya.2024-01.resident.member.L.prepayment',
        reason: '不是本单位',
      }),
    ).rejects.toThrow(UnknownLineError);
    await expect(responses.acknowledge({ ...T, institution: 'C' })).rejects.toThrow(
      ResponseStateError,
    );
    await expect(
      responses.answer({
        consortium,
        responseId: '99',
        outcome: 'refused',
        reason: '没有',
        by: '李',
      }),
    ).rejects.toThrow(UnknownDisputeError);
  });

  it('holds back the signature until the dispute is answered; every word is in the journal', async () => {
    const before = await journal.head(consortium);
    const dispute = await responses.dispute({ ...T, line: '1', reason: '慢病费用少计一笔' });
    await expect(responses.dispute({ ...T, line: '1', reason: '再提一次' })).rejects.toThrow(
      ResponseStateError,
    );
    await expect(responses.acknowledge(T)).rejects.toThrow(/1 项异议未答复/);
    const answer = { consortium, responseId: dispute, by: '李结算' };
    await responses.answer({ ...answer, outcome: 'refused', reason: '该笔结算日期为二月' });
    await expect(
      responses.answer({ ...answer, outcome: 'accepted', reason: '改变主意' }),
    ).rejects.toThrow(ResponseStateError);
    await responses.acknowledge(T);
    await expect(responses.acknowledge(T)).rejects.toThrow(/已经确认/);
    await expect(responses.dispute({ ...T, line: '2', reason: '迟了' })).rejects.toThrow(
      ResponseStateError,
    );
    const listed = await responses.list({ consortium, period: '2024-01' });
    expect(listed.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['dispute', null],
      ['answer', 'refused'],
      ['acknowledgement', null],
    ]);
    const after = await journal.head(consortium);
    expect(BigInt(after.seq) - BigInt(before.seq)).toBe(3n);
    expect((await journal.verify({ consortium })).fault).toBeNull();
  });

  it('keeps what was said as it was said', async () => {
    await expect(
      database.pool.query(`UPDATE statement_response SET reason = '改写'`),
    ).rejects.toThrow(/append-only/);
  });

  it('wants a word to the version that counts', async () => {
    const { runId = '' } = (await statements.stated({ consortium, choice, for: 'T' })).run;
    await landClaims(database.pool, [{ claimNo: 'late', on: '2024-01-20', pooled: 100 }]);
    await settlement.settleMonth({ consortium, month: '2024-01' });
    await expect(responses.acknowledge({ ...T, choice: { runId } })).rejects.toThrow(/取代/);
    await responses.acknowledge(T);
    const old = await statements.build({ consortium, choice: { runId }, for: 'T' });
    expect(old.heading.find(([label]) => label === '结算运行')?.[1]).toContain(
      '已被后来的版本取代',
    );
  });
});

import { createHash } from 'node:crypto';
import { type BookQuery, type Books, toFen, totalsOf } from './books.js';
import { compareRows, readUploadedRows } from './comparison.js';
import { type Lists, rowsOf, textOf } from './lists.js';
import { unzipOne, zipOne } from './zip.js';

/** The envelope as it arrives; only what the agency looks at. */
export interface Request {
  readonly infno: string;
  readonly msgid: string;
  readonly fixmedins_code: string;
  readonly opter: string;
  readonly inf_time: string;
  readonly sign_no: string;
  readonly input: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export type Answer =
  | { readonly kind: 'output'; readonly output: object }
  | { readonly kind: 'file'; readonly content: Buffer }
  | { readonly kind: 'refusal'; readonly text: string };

/** Files are kept by number, wherever the caller keeps them. */
export interface FileShelf {
  saveFile(number: string, content: Buffer): void;
  readFile(number: string): Buffer | null;
}

type Fields = Readonly<Partial<Record<string, string>>>;

/** What the agency does with a message. Sign-in is stateless: the number says for whom and which day it was issued. */
export class AgencyBusiness {
  constructor(
    private readonly books: Books,
    private readonly shelf: FileShelf,
    private readonly lists: Lists,
  ) {}

  answer(request: Request): Answer {
    const handler = this.handlers[request.infno];
    if (handler === undefined) return refusal(`不支持的交易 ${request.infno}`);
    if (request.infno !== '9001' && request.sign_no !== signInNumber(request)) {
      return refusal('请先签到');
    }
    return handler(request);
  }

  private readonly handlers: Readonly<Record<string, (request: Request) => Answer>> = {
    '9001': (request) =>
      output('signinoutb', { sign_time: request.inf_time, sign_no: signInNumber(request) }),
    '3201': (request) => this.compareTotals(request),
    '9101': (request) => this.takeFile(request),
    '3202': (request) => this.compareDetail(request),
    '9102': (request) => this.giveFile(request),
    '3103': takeFeedback,
    '4101A': (request) => this.takeList(request),
    '4102': (request) => this.markLists(request),
    '4105': (request) => this.countLists(request),
  };

  private compareTotals(request: Request): Answer {
    const fields = node(request, 'data');
    const all = this.books.rows(bookQuery(request, fields));
    const own = totalsOf(
      fields['refd_setl_flag'] === '0' ? all.filter((row) => row.refd_setl_flag !== '1') : all,
    );
    const same =
      own.count === Number(fields['fixmedins_setl_cnt']) &&
      own.medfee === toFen(fields['medfee_sumamt'] ?? '') &&
      own.fund === toFen(fields['fund_pay_sumamt'] ?? '') &&
      own.acct === toFen(fields['acct_pay'] ?? '');
    return output('stmtinfo', {
      setl_optins: fields['setl_optins'] ?? '',
      stmt_rslt: same ? '0' : '1',
      stmt_rslt_dscr: same ? '平' : '不平',
    });
  }

  private takeFile(request: Request): Answer {
    const fields = node(request, 'fsUploadIn');
    const number = `F${digestOf(request.msgid).slice(0, 29)}`;
    this.shelf.saveFile(number, Buffer.from(fields['in'] ?? '', 'base64'));
    return {
      kind: 'output',
      output: {
        file_qury_no: number,
        filename: fields['filename'] ?? '',
        fixmedins_code: request.fixmedins_code,
      },
    };
  }

  private compareDetail(request: Request): Answer {
    const fields = node(request, 'data');
    const upload = this.shelf.readFile(fields['file_qury_no'] ?? '');
    if (upload === null) return refusal('文件查询号不存在');
    const uploaded = readUploadedRows(unzipOne(upload).toString('utf8'));
    if (uploaded.length !== Number(fields['fixmedins_setl_cnt']))
      return refusal('文件行数与结算笔数不符');
    const result = compareRows(uploaded, this.books.rows(bookQuery(request, fields)));
    const number = `R${digestOf(request.msgid).slice(0, 29)}`;
    this.shelf.saveFile(number, zipOne('result.txt', Buffer.from(result, 'utf8')));
    return output('fileinfo', {
      file_qury_no: number,
      filename: 'result.txt.zip',
      dld_endtime: request.inf_time,
    });
  }

  private giveFile(request: Request): Answer {
    const file = this.shelf.readFile(node(request, 'fsDownloadIn')['file_qury_no'] ?? '');
    return file === null ? refusal('文件不存在或已过期') : { kind: 'file', content: file };
  }

  private takeList(request: Request): Answer {
    const [head] = rowsOf(request.input['setlinfo']);
    const settlement = this.books.settlement(request.fixmedins_code, textOf(head?.['setl_id']));
    const taken = this.lists.take(request.input, settlement);
    return typeof taken === 'string'
      ? refusal(taken)
      : output('data', { setl_list_id: taken.listId });
  }

  private markLists(request: Request): Answer {
    const [data] = rowsOf(request.input['data']);
    const wrong = this.lists.mark(rowsOf(data?.['stastinfo']));
    return wrong === null ? { kind: 'output', output: {} } : refusal(wrong);
  }

  /** Counts what the books say was settled in the period, refunds' own rows apart, and how many of these have a list. */
  private countLists(request: Request): Answer {
    const fields = node(request, 'data');
    const settled = this.books.rows({
      fixmedins_code: fields['fixmedins_code'] ?? '',
      clr_type: (fields['medtype_list'] ?? '').split(',')[0] ?? '',
      begndate: (fields['stt_begntime'] ?? '').slice(0, 10),
      enddate: (fields['stt_endtime'] ?? '').slice(0, 10),
    });
    const needed = settled.filter((row) => row.refd_setl_flag !== '1');
    const uploaded = needed.filter((row) => this.lists.has(row));
    return {
      kind: 'output',
      output: { needUploadCnt: needed.length, uploadedCnt: uploaded.length },
    };
  }
}

/** What the message is about, without who carries it: effects are counted by this key. */
export function businessKey({ infno, fixmedins_code, input }: Request): string {
  const [first] = rowsOf(Object.values(input)[0]);
  const fields = first ?? {};
  if (infno.startsWith('410')) {
    const lists = rowsOf(fields['stastinfo'] ?? fields).map(({ setl_id }) => textOf(setl_id));
    const period = [fields['stt_begntime'], fields['stt_endtime']].map(textOf);
    return [infno, fixmedins_code, ...lists, ...period].join('|');
  }
  if (infno === '3103') {
    const warnings = rowsOf(fields['warns']).map((row) => textOf(row['warn_rslt_id']));
    return [infno, fixmedins_code, ...warnings].join('|');
  }
  const parts = ['insutype', 'clr_type', 'stmt_begndate', 'stmt_enddate', 'filename', 'opter_no'];
  return [infno, fixmedins_code, ...parts.map((name) => String(fields[name] ?? ''))].join('|');
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** 3103: whoever went on in spite of a warning says why. */
function takeFeedback({ input }: Request): Answer {
  const [data] = rowsOf(input['data']);
  const warnings = rowsOf(data?.['warns']);
  if (!['1', '2'].includes(textOf(data?.['warn_type']))) return refusal('反馈类型不在代码表中');
  if (warnings.length === 0) return refusal('没有处理数据');
  for (const warning of warnings) {
    const way = textOf(warning['dspo_way']);
    if (textOf(warning['warn_rslt_id']) === '') return refusal('违规标识为空');
    if (!['1', '2'].includes(way)) return refusal('处理方式不在代码表中');
    if (way === '1' && textOf(warning['dspo_way_rea']) === '')
      return refusal('继续执行须填处理原因');
  }
  return { kind: 'output', output: {} };
}

function signInNumber({ fixmedins_code, opter, inf_time }: Request): string {
  return `S${digestOf(`${fixmedins_code}|${opter}|${inf_time.slice(0, 10)}`).slice(0, 29)}`;
}

function bookQuery(request: Request, fields: Fields): BookQuery {
  const { insutype } = fields;
  return {
    fixmedins_code: request.fixmedins_code,
    clr_type: fields['clr_type'] ?? '',
    begndate: fields['stmt_begndate'] ?? '',
    enddate: fields['stmt_enddate'] ?? '',
    ...(insutype === undefined || insutype === '' ? {} : { insutype }),
  };
}

/** The fields of an input node as text, whether they were sent as numbers or strings. */
function node(request: Request, name: string): Fields {
  return Object.fromEntries(
    Object.entries(request.input[name] ?? {}).map(([key, value]) => [key, String(value ?? '')]),
  );
}

function output(name: string, fields: object): Answer {
  return { kind: 'output', output: { [name]: fields } };
}

function refusal(text: string): Answer {
  return { kind: 'refusal', text };
}

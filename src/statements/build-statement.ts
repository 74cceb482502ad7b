import { POOLS, type Pool } from '../claims/claim.js';
import { type Canonical, digest } from '../kernel/hash.js';
import {
  type Fen,
  least,
  negate,
  subtract,
  sum,
  toReadableYuan,
  yuan,
  ZERO_FEN,
} from '../kernel/money.js';
import { byText } from '../kernel/order.js';
import { buildLines, figuresFor } from './build-lines.js';
import { inCapitals } from './capitals.js';
import { fileNameOf } from './file-name.js';
import type {
  ClinicBooking,
  RunKind,
  StatedPosting,
  StatementNames,
  StatementSource,
} from './source.js';
import type { AmountTable, CitedDocument, Party, StatedAmount, Statement } from './statement.js';
import { accountWords, PAID, POOL_WORDS, periodWords, titleOf } from './words.js';

/** Pools as statements print them: residents first. */
const PRINTED: readonly Pool[] = POOLS.toReversed();

/** One party's statement of a stored run. The same run gives the same statement. */
export function buildStatement(source: StatementSource, party: Party): Statement {
  const { run, names } = source;
  const { tables, annex } = buildLines(source, party);
  const title = titleOf(run, party.role);
  const content = {
    title,
    party,
    heading: headingOf(source, party),
    amounts: amountsOf(source, party),
    tables,
    overview: overviewOf(source, party),
    annex,
    documents: documentsOf(source, party),
    signatures: signaturesOf(party, names.lead),
    sample: figuresFor(source, party).some(({ report }) => report.sample === true),
    runDay: run.day,
    fileName: fileNameOf([title, run.period, party.name, `v${run.version}`]),
  };
  return { ...content, digest: contentDigest(content) };
}

function contentDigest({ amounts, ...content }: Omit<Statement, 'digest'>): string {
  const stated = amounts.map(({ amount, label }) => ({ label, amount: amount.toString() }));
  return digest(JSON.parse(JSON.stringify({ ...content, amounts: stated })) as Canonical);
}

function headingOf({ run, names }: StatementSource, party: Party): Statement['heading'] {
  const state = run.closed ? '已关账' : '未关账，仅供核对';
  const superseded = run.current ? '' : '；已被后来的版本取代';
  return [
    ['医共体', names.consortium],
    ...partiesOf(party, run.kind, names),
    ['期间', periodWords(run.period)],
    ['适用政策', names.region],
    ['结算运行', `第 ${run.version} 版（运行 ${run.runId}，${run.day}），${state}${superseded}`],
    ['结果摘要', run.resultDigest],
  ];
}

function partiesOf(
  { role, name, code }: Party,
  kind: RunKind,
  { lead, members, clinics }: StatementNames,
): Statement['heading'] {
  const settledBy = clinics.get(code)?.settledBy ?? '';
  if (role === 'clinic')
    return [
      ['机构', `${name}（${code}）`],
      ['结算单位', `${members.get(settledBy) ?? settledBy}（${settledBy}）`],
    ];
  if (role === 'member')
    return [
      ['拨付方', `${lead}（牵头医院）`],
      ['收款方', `${name}（${code}）`],
    ];
  if (kind === 'release')
    return [
      ['拨付方', `${lead}（牵头医院）`],
      ['收款方', '各成员单位'],
    ];
  return [
    ['拨付方', '医疗保障经办机构'],
    ['收款方', `${lead}（牵头医院）`],
  ];
}

function signaturesOf({ role, name }: Party, lead: string): readonly string[] {
  if (role === 'clinic') return [];
  if (role === 'member') return [`${lead}（牵头医院）`, name];
  return ['医疗保障经办机构', `${lead}（牵头医院）`];
}

/**
 * What the party is paid, by pool and in all. A pool below zero is owed and carried on, not set off against the other: the totals of
 * what is paid and what is owed stand apart.
 */
function amountsOf(source: StatementSource, party: Party): readonly StatedAmount[] {
  if (party.role === 'clinic') return totalsOf(source.clinicBookings);
  const label = PAID[source.run.kind];
  const pools = PRINTED.filter((pool) => source.figures.some((figure) => figure.pool === pool));
  const parts = pools.map((pool) => ({ pool, amount: paidTo(source, party, pool) }));
  const amounts = parts.map(({ amount }) => amount);
  const owed = sum(amounts.map((amount) => least(amount, ZERO_FEN)));
  return [
    ...parts.map(({ pool, amount }) => stated(`${POOL_WORDS[pool]}${label}`, amount)),
    { ...stated(`${label}合计`, subtract(sum(amounts), owed)), strong: true },
    ...(owed === ZERO_FEN
      ? []
      : [{ ...stated('应收合计（结转，不与其他险种抵扣）', owed), strong: true as const }]),
  ];
}

function totalsOf(bookings: readonly ClinicBooking[]): readonly StatedAmount[] {
  const total = sum(bookings.map(({ amount }) => amount));
  return [{ ...stated('医保基金记账金额合计', total), strong: true }];
}

function stated(label: string, amount: Fen): StatedAmount {
  return { label, amount, capitals: inCapitals(amount) };
}

/** What is left to pay after earlier receivables where the run says so; else what it books. */
function paidTo({ run, figures, postings }: StatementSource, party: Party, pool: Pool): Fen {
  const prefix = party.role === 'member' ? `member.${party.code}.` : '';
  const net = figures.find(
    (figure) => figure.pool === pool && figure.key === `${prefix}net-payment`,
  );
  if (net !== undefined) return yuan(net.report.amount);
  const own = postings.filter((posting) => posting.pool === pool);
  if (party.role !== 'member') return paidToGroup(run.kind, own);
  return totalOn(own, (account) => account === `member:${party.code}`);
}

/**
 * What the agency pays the lead hospital: what goes only into or out of a reserve (a risk fund) is no payment to it. Money released
 * comes from what the lead hospital kept back, and goes to its members.
 */
function paidToGroup(kind: RunKind, postings: readonly StatedPosting[]): Fen {
  if (kind === 'release') return totalOn(postings, (account) => account.startsWith('member:'));
  const toLead = new Set(
    postings.filter(({ account }) => account === 'lead').map(({ voucher }) => voucher),
  );
  const paid = postings.filter(({ voucher }) => toLead.has(voucher));
  return negate(totalOn(paid, (account) => account === 'agency'));
}

function totalOn(postings: readonly StatedPosting[], is: (account: string) => boolean): Fen {
  return sum(postings.filter(({ account }) => is(account)).map(({ amount }) => amount));
}

function overviewOf(source: StatementSource, party: Party): readonly AmountTable[] {
  if (party.role === 'clinic') return [clinicTable(source.clinicBookings)];
  return party.role === 'lead' ? [ledgerTable(source)] : [];
}

/** Where the money of the run goes: every account with its change, by pool; they sum to zero. */
function ledgerTable({ postings, names }: StatementSource): AmountTable {
  const accounts = [...new Set(postings.map(({ account }) => account))].sort(byText);
  const balance = (account: string, pools: readonly Pool[]): Fen =>
    sum(
      postings
        .filter((posting) => posting.account === account && pools.includes(posting.pool))
        .map(({ amount }) => amount),
    );
  const moved = accounts.filter((account) =>
    PRINTED.some((pool) => balance(account, [pool]) !== ZERO_FEN),
  );
  return {
    title: '资金去向（收为正，付为负）',
    columns: ['账户', ...PRINTED.map((pool) => POOL_WORDS[pool]), '合计'],
    rows: moved.map((account) => [
      accountWords(account, names),
      ...PRINTED.map((pool) => toReadableYuan(balance(account, [pool]))),
      toReadableYuan(balance(account, PRINTED)),
    ]),
    textColumns: 1,
  };
}

function clinicTable(bookings: readonly ClinicBooking[]): AmountTable {
  const rows = PRINTED.flatMap((pool) => {
    const own = bookings.filter((booking) => booking.pool === pool);
    return own.map(({ category, claims, amount }) => [
      POOL_WORDS[pool],
      category,
      String(claims),
      toReadableYuan(amount),
    ]);
  });
  const claims = bookings.reduce((total, booking) => total + booking.claims, 0);
  const amount = bookings.reduce((total, booking) => sum([total, booking.amount]), ZERO_FEN);
  return {
    title: '本机构记账情况（随乡镇卫生院结算，供参考）',
    columns: ['险种', '费用类别', '结算人次', '记账金额（元）'],
    rows: [...rows, ['合计', '', String(claims), toReadableYuan(amount)]],
    textColumns: 2,
  };
}

/** The documents behind the party's figures, in order of their numbers. */
function documentsOf(source: StatementSource, party: Party): readonly CitedDocument[] {
  const codes = new Set(
    figuresFor(source, party).flatMap(({ report }) =>
      [report.clause, ...report.inputs.flatMap(({ clause }) => clause ?? [])].map(
        (clause) => clause.split(' ')[0] ?? '',
      ),
    ),
  );
  return [...codes]
    .flatMap((code) => source.documents.get(code) ?? [])
    .sort((a, b) => byText(a.number, b.number));
}

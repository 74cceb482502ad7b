import { POOLS } from '../claims/claim.js';
import { type Canonical, digest } from '../kernel/hash.js';
import { maskIdentifier } from '../kernel/mask.js';
import { add, type Fen, sum, toReadableYuan } from '../kernel/money.js';
import { byText } from '../kernel/order.js';
import { inCapitals } from './capitals.js';
import type {
  DeductionSheet,
  SheetEntry,
  SheetRow,
  SheetRowKind,
  SheetSource,
  SheetTotal,
  Signature,
  StageOpinion,
} from './deduction-sheet.js';
import { fileNameOf } from './file-name.js';
import { POOL_WORDS, periodWords } from './words.js';

const SEX_WORDS = { male: '男', female: '女', unknown: '未知' } as const;
const CONCLUSIONS: Readonly<Record<SheetRowKind, string>> = {
  deduction: '扣款',
  reversal: '冲回',
  dismissed: '不扣款',
};
/** What a unit may not read: what another unit's patient did there. */
const ELSEWHERE = '涉及其他成员单位的就诊，说明请向牵头医院了解';
const ITEMS_NAMED = 2;

/** One party's deduction sheet of a month. The same books give the same sheet. */
export function buildDeductionSheet(source: SheetSource): DeductionSheet {
  const entries = source.entries.toSorted(inOrder);
  const whole = source.party.role === 'agency' || source.party.role === 'lead';
  const title = whole ? '智能审核扣款汇总表' : '智能审核扣款表';
  const content = {
    title,
    party: source.party,
    month: source.month,
    heading: headingOf(source, entries),
    rows: entries.map((entry, index) => rowOf(entry, index + 1, source)),
    byPool: byPool(entries),
    byUnit: whole ? byUnit(entries, source) : [],
    signatures: signaturesOf(source, whole),
    fileName: fileNameOf([title, source.month, source.party.name]),
  };
  return { ...content, digest: digest(asJson(content)) };
}

function asJson(content: Omit<DeductionSheet, 'digest'>): Canonical {
  const text = JSON.stringify(content, (_, each) =>
    typeof each === 'bigint' ? each.toString() : each,
  );
  return JSON.parse(text) as Canonical;
}

/** By unit, institution, patient's settlement; a reversal after what it gives back. */
function inOrder(a: SheetEntry, b: SheetEntry): number {
  return (
    byText(a.settledBy, b.settledBy) ||
    byText(a.institution, b.institution) ||
    byText(a.settledOn ?? '', b.settledOn ?? '') ||
    byText(a.claimNo ?? '', b.claimNo ?? '') ||
    byText(a.ruleId, b.ruleId) ||
    byText(a.id, b.id)
  );
}

function headingOf(
  { party, month, consortium, lead, open }: SheetSource,
  entries: readonly SheetEntry[],
): DeductionSheet['heading'] {
  const claims = new Set(entries.map(({ institution, claimNo }) => `${institution} ${claimNo}`));
  const { times, dismissed, reversals } = totalOf('', entries);
  return [
    ['医共体', consortium],
    ['牵头医院', lead],
    party.role === 'agency' || party.role === 'lead'
      ? ['范围', '全部成员单位']
      : ['医疗机构', `${party.name}（${party.code}）`],
    ['扣款月份', periodWords(month)],
    [
      '人次',
      `扣款 ${times} 人次，冲回 ${reversals} 人次，审定不扣款 ${dismissed} 人次；涉及就诊 ${claims.size} 笔`,
    ],
    ...(open === 0
      ? []
      : [['未列入', `本月另有 ${open} 条疑点仍在审核，审定后列入其扣款月份`] as const]),
  ];
}

function rowOf(entry: SheetEntry, number: number, { party, names }: SheetSource): SheetRow {
  const { institution, personId, sex, items } = entry;
  const own = party.role === 'agency' || party.role === 'lead';
  const readable = own || entry.speaksOf.every((unit) => unit === entry.settledBy);
  return {
    number,
    kind: entry.kind,
    institution,
    institutionName: names.get(institution) ?? institution,
    patient: personId === null ? '' : maskIdentifier(personId),
    sex: sex === null ? '' : SEX_WORDS[sex],
    pool: entry.pool === 'employee' ? '职工' : '居民',
    settledOn: entry.settledOn ?? '',
    claimNo: entry.claimNo ?? '',
    item: itemWords(items),
    rule: `${entry.ruleTitle}（${entry.ruleId}）`,
    content: readable ? entry.content : ELSEWHERE,
    suspected: toReadableYuan(entry.suspected),
    ...chain(entry),
    firstOpinion: opinionWords(entry.first),
    appealOpinion: opinionWords(entry.appeal),
    secondOpinion: opinionWords(entry.second),
    conclusion: CONCLUSIONS[entry.kind],
    finalOpinion: opinionWords(entry.final),
    deducted: toReadableYuan(entry.deducted),
    decidedAt: entry.decidedAt ?? '',
    secondFeedback: entry.secondFeedback,
    remark: entry.remark,
  };
}

function chain({
  proposed,
  appealed,
  confirmed,
}: SheetEntry): Pick<SheetRow, 'proposed' | 'appealed' | 'confirmed'> {
  const shown = (amount: Fen | null) => (amount === null ? '' : toReadableYuan(amount));
  return {
    proposed: shown(proposed),
    appealed: shown(appealed),
    confirmed: shown(confirmed),
  };
}

function itemWords(items: readonly string[]): string {
  if (items.length === 0) return '整笔结算';
  const named = items.slice(0, ITEMS_NAMED).join('、');
  return items.length > ITEMS_NAMED ? `${named}等 ${items.length} 项` : named;
}

function opinionWords(opinion: StageOpinion | null): string {
  return opinion === null ? '' : `${opinion.opinion}（${opinion.by}）`;
}

function byPool(entries: readonly SheetEntry[]): readonly SheetTotal[] {
  const pools = POOLS.map((pool) =>
    totalOf(
      POOL_WORDS[pool],
      entries.filter((entry) => entry.pool === pool),
    ),
  );
  return [...pools, totalOf('合计', entries)];
}

function byUnit(entries: readonly SheetEntry[], { names }: SheetSource): readonly SheetTotal[] {
  const units = [...new Set(entries.map(({ settledBy }) => settledBy))].sort(byText);
  return units.map((unit) =>
    totalOf(
      `${names.get(unit) ?? unit}（${unit}）`,
      entries.filter(({ settledBy }) => settledBy === unit),
    ),
  );
}

function totalOf(label: string, entries: readonly SheetEntry[]): SheetTotal {
  const of = (kind: SheetRowKind) => entries.filter((entry) => entry.kind === kind);
  const deducted = (kind: SheetRowKind) => sum(of(kind).map((entry) => entry.deducted));
  const [taken, givenBack] = [deducted('deduction'), deducted('reversal')];
  const net = add(taken, givenBack);
  return {
    label,
    times: of('deduction').length,
    dismissed: of('dismissed').length,
    reversals: of('reversal').length,
    suspected: sum(
      entries.filter(({ kind }) => kind !== 'reversal').map(({ suspected }) => suspected),
    ),
    taken,
    givenBack,
    net,
    capitals: inCapitals(net),
  };
}

function signaturesOf({ party, lead }: SheetSource, whole: boolean): readonly Signature[] {
  const reviewers = { party: whole ? '审核机构' : lead, roles: ['初审', '复核', '审批', '日期'] };
  return whole
    ? [reviewers]
    : [{ party: party.name, roles: ['经办人', '医保科负责人', '单位负责人', '日期'] }, reviewers];
}

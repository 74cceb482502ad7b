import { POOLS } from '../claims/claim.js';
import type { FigureInput } from '../settlement/figure.js';
import type { StatedFigure, StatementSource } from './source.js';
import type { AnnexInput, AnnexItem, LineTable, Party, StatementLine } from './statement.js';
import { POOL_WORDS, shownValue, unitWord } from './words.js';

/** The code of the member a figure's key is about; null: it speaks of the group. */
export function memberOfKey(key: string): string | null {
  return /^member\.([^.]+)\./.exec(key)?.[1] ?? null;
}

/** The figures a party sees: a member its own, agency and lead those of the group, the lead its members' too. */
export function figuresFor(source: StatementSource, party: Party): readonly StatedFigure[] {
  return source.figures.filter(({ key }) => {
    const member = memberOfKey(key);
    if (party.role === 'member') return member === party.code;
    if (party.role === 'lead') return true;
    return party.role === 'agency' && member === null;
  });
}

/** A figure with the number it has in the statement. */
interface Numbered extends StatedFigure {
  readonly number: number;
}

export interface Lines {
  readonly tables: readonly LineTable[];
  readonly annex: readonly AnnexItem[];
}

/** Numbered lines by pool, the group's before the members', and the annex that explains each. */
export function buildLines(source: StatementSource, party: Party): Lines {
  const own = figuresFor(source, party);
  const groups = POOLS.toReversed().flatMap((pool) => {
    const figures = own.filter((figure) => figure.pool === pool);
    const group = figures.filter(({ key }) => memberOfKey(key) === null);
    const members = figures.filter(({ key }) => memberOfKey(key) !== null);
    const title = POOL_WORDS[pool];
    return [
      { title, figures: group },
      { title: party.role === 'member' ? title : `${title}：成员单位`, figures: members },
    ].filter((each) => each.figures.length > 0);
  });
  const numbered = numberedGroups(groups);
  const numbers = new Map(
    numbered.flatMap(({ figures }) =>
      figures.map(({ report, number }): [string, number] => [report.id, number]),
    ),
  );
  return {
    tables: numbered.map(({ title, figures }) => ({
      title,
      lines: figures.map((figure) => lineOf(figure, source, party)),
    })),
    annex: numbered.flatMap(({ title, figures }) =>
      figures.map((figure) => annexItem(figure, { source, party, numbers, pool: title })),
    ),
  };
}

interface Group {
  readonly title: string;
  readonly figures: readonly StatedFigure[];
}

function numberedGroups(groups: readonly Group[]) {
  let number = 0;
  return groups.map(({ title, figures }) => ({
    title,
    figures: figures.map((figure): Numbered => {
      number += 1;
      return { ...figure, number };
    }),
  }));
}

function lineOf(
  { number, report }: Numbered,
  source: StatementSource,
  party: Party,
): StatementLine {
  return {
    number,
    figureId: report.id,
    label: labelFor(report.label, source, party),
    value: shownValue(report.unit, report.amount),
    unit: unitWord(report.unit),
    clause: clauseText(report.clause, source),
    sample: report.sample === true,
  };
}

interface AnnexContext {
  readonly source: StatementSource;
  readonly party: Party;
  /** Figure id → its number in this statement. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly pool: string;
}

function annexItem({ number, report }: Numbered, context: AnnexContext): AnnexItem {
  const { source, party } = context;
  const unit = unitWord(report.unit);
  return {
    number,
    label: `${labelFor(report.label, source, party)}（${context.pool.split('：')[0] ?? ''}）`,
    value: `${shownValue(report.unit, report.amount)} ${unit}`.trim(),
    formula: named(report.formula, source),
    clause: clauseText(report.clause, source),
    inputs: report.inputs
      .filter((input) => mayKnow(input, context))
      .map((input) => annexInput(input, context)),
    note: report.note === undefined ? null : named(report.note, source),
    sample: report.sample === true,
  };
}

/** A member does not learn of another member from what its own figures were computed from. */
function mayKnow({ figure = '', label }: FigureInput, { source, party }: AnnexContext): boolean {
  if (party.role !== 'member') return true;
  const others = [...source.names.members.keys()].filter((code) => code !== party.code);
  return !others.some((code) => figure.includes(`.member.${code}.`) || label.includes(code));
}

function annexInput(input: FigureInput, { source, numbers }: AnnexContext): AnnexInput {
  const number = input.figure === undefined ? undefined : numbers.get(input.figure);
  const parts = [
    number === undefined ? null : `见第 ${number} 项`,
    input.clause === undefined ? null : clauseText(input.clause, source),
    input.reading === undefined ? null : `解读：${input.reading}`,
    input.sample === true ? '样例' : null,
  ].filter((part) => part !== null);
  return {
    label: named(input.label, source),
    value: shownValue(input.unit, textValue(input, source)),
    basis: parts.join('；'),
  };
}

/** A choice, or a list of them, by name; of a table the number of its rows. */
function textValue(
  { parameter = '', value }: FigureInput,
  { choices, tables }: StatementSource,
): string {
  if (tables.has(parameter)) return `见政策参数表，共 ${value.split('；').length} 行`;
  const names = choices.get(parameter) ?? {};
  return value.replace(/[^、；]+/g, (part) => names[part] ?? part);
}

/** Members by name where the run says their code. */
function named(text: string, { names }: StatementSource): string {
  let shown = text;
  for (const [code, name] of names.members)
    shown = shown
      .replaceAll(code, name)
      .replaceAll(`成员单位 ${name}`, name)
      .replaceAll(`${name} 的`, `${name}的`);
  return shown;
}

/** The same without the name in the member's own statement, where it goes without saying. */
function labelFor(text: string, source: StatementSource, party: Party): string {
  const shown = named(text, source);
  if (party.role !== 'member' || !shown.startsWith(party.name)) return shown;
  return shown.slice(party.name.length).replace(/^ ?的? ?/, '');
}

/** A clause with the number its document is known by: `三医保〔2024〕6号 §三(二)`. */
function clauseText(clause: string, { documents }: StatementSource): string {
  const [code = '', ...rest] = clause.split(' ');
  const document = documents.get(code);
  return document === undefined ? clause : [document.number, ...rest].join(' ');
}

import { endOfCode, type LinesProbe, type PersonLines } from '../pass/probe.js';

/** Contained code number → numbers of the codes that contain it. */
export type ContainedBy = ReadonlyMap<number, ReadonlySet<number>>;

interface Span {
  readonly from: number;
  readonly end: number;
}

/** An item and one that contains it, at one institution, in one claim or within a day of each other. */
export function pairProbe(containedBy: ContainedBy): LinesProbe {
  return (lines) => {
    const spans = spansOf(lines);
    if (spans.size < 2) return false;
    for (const [code, contained] of spans) {
      const primaries = containedBy.get(code);
      if (primaries !== undefined && meetsAny(lines, contained, { spans, primaries })) return true;
    }
    return false;
  };
}

/** Where the lines of each code stand. */
function spansOf(lines: PersonLines): Map<number, Span> {
  const spans = new Map<number, Span>();
  for (let from = 0; from < lines.count; from = endOfCode(lines, from))
    spans.set(lines.code[from] ?? 0, { from, end: endOfCode(lines, from) });
  return spans;
}

function meetsAny(
  lines: PersonLines,
  contained: Span,
  {
    spans,
    primaries,
  }: { readonly spans: ReadonlyMap<number, Span>; readonly primaries: ReadonlySet<number> },
): boolean {
  for (const [code, span] of spans)
    if (primaries.has(code) && anyMeet(lines, contained, span)) return true;
  return false;
}

function anyMeet(lines: PersonLines, a: Span, b: Span): boolean {
  for (let i = a.from; i < a.end; i += 1)
    for (let j = b.from; j < b.end; j += 1) if (meet(lines, i, j)) return true;
  return false;
}

function meet({ institution, claim, day }: PersonLines, i: number, j: number): boolean {
  if (institution[i] !== institution[j]) return false;
  return claim[i] === claim[j] || Math.abs((day[i] ?? 0) - (day[j] ?? 0)) <= 1;
}

/** Two different items at one institution on one day. */
export function sameDayProbe(lines: PersonLines): boolean {
  const { count, code, day, institution } = lines;
  for (let i = 1; i < count; i += 1)
    for (let j = 0; j < i; j += 1)
      if (code[i] !== code[j] && day[i] === day[j] && institution[i] === institution[j])
        return true;
  return false;
}

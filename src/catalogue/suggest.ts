import { Decimal } from '../kernel/decimal.js';
import type { CodeKind } from './catalogue.repository.js';
import { codeLikeness, codeRoot, plainCode, SURE_CODE } from './code-shape.js';
import { type ComparableName, comparable, nameSimilarity } from './name-similarity.js';
import type { NationalCode, NationalCodes } from './national-codes.js';

/** A local code that has no national one. */
export interface LocalCode {
  readonly kind: CodeKind;
  readonly code: string;
  /** '' when nobody said what it is called. */
  readonly name: string;
  /** Yuan. */
  readonly unitPrice: string | null;
}

/** What other members call a national code, and what they charge for it. */
export interface KnownUse {
  readonly nationalCode: string;
  readonly name: string;
  readonly unitPrice: string | null;
  readonly members: number;
}

/** A proposal with its reasons. It is never applied by itself: a person writes the code into the sheet. */
export interface Suggestion {
  readonly nationalCode: string;
  readonly nationalName: string;
  /** 0.00 … 1.00, two decimals. */
  readonly score: string;
  readonly reasons: readonly string[];
}

interface Candidate {
  readonly code: string;
  readonly name: string;
  readonly comparable: ComparableName;
  readonly unitPrice: string | null;
  /** How many other members use it under this name; 0: the national list's own name. */
  readonly members: number;
}

const MOST_BY_NAME = 60;
/** Rare grams say most. The common ones are looked up only while there is nothing better. */
const LEAST_GRAMS = 2;
const MOST_PLACES = 3_000;
const LEAST_SCORE = 0.4;
const MOST_SUGGESTIONS = 3;

/** Finds national codes for the local ones of one kind: by the shape of the code, by name, by price. */
export class CodeSuggester {
  private readonly candidates: Candidate[] = [];
  private readonly byCode = new Map<string, number[]>();
  private readonly byGram = new Map<string, number[]>();

  constructor(
    private readonly kind: CodeKind,
    private readonly national: NationalCodes,
    uses: readonly KnownUse[] = [],
  ) {
    for (const listed of national.list(kind)) {
      this.add({ ...listed, comparable: comparableOf(listed), members: 0 });
    }
    for (const { nationalCode: code, name, unitPrice, members } of uses) {
      if (national.has(kind, code)) {
        this.add({ code, name, comparable: comparable(name), unitPrice, members });
      }
    }
  }

  /** The best three, best first; none below a score of 0.40. */
  suggest(local: LocalCode): readonly Suggestion[] {
    const name = comparable(local.name);
    const best = new Map<string, Scored>();
    for (const index of this.likely(local, name)) {
      const candidate = this.candidates[index];
      if (candidate === undefined) continue;
      const scored = this.score(local, name, candidate);
      const known = best.get(candidate.code);
      if (known === undefined || known.score < scored.score) best.set(candidate.code, scored);
    }
    return [...best]
      .filter(([, { score }]) => score >= LEAST_SCORE)
      .sort(([codeA, a], [codeB, b]) => b.score - a.score || (codeA < codeB ? -1 : 1))
      .slice(0, MOST_SUGGESTIONS)
      .map(([code, { score, reasons }]) => ({
        nationalCode: code,
        nationalName: this.national.find(this.kind, code)?.name ?? '',
        score: score.toFixed(2),
        reasons,
      }));
  }

  private add(candidate: Candidate): void {
    const index = this.candidates.push(candidate) - 1;
    for (const key of this.codeKeys(candidate.code)) append(this.byCode, key, index);
    const { plainGrams, bareGrams } = candidate.comparable;
    for (const gram of new Set([...plainGrams, ...bareGrams])) append(this.byGram, gram, index);
  }

  /** Ways of writing a code under which it is looked up. */
  private codeKeys(code: string): readonly string[] {
    const plain = plainCode(code);
    const icd = this.kind === 'item' ? [codeRoot(code)] : [plain.slice(0, 4)];
    return [...new Set([code, plain, ...icd])].filter((key) => key !== '');
  }

  private likely(local: LocalCode, name: ComparableName): ReadonlySet<number> {
    const found = new Set<number>();
    const clinical = this.national.ofClinical(this.kind, local.code);
    const keys = [...this.codeKeys(local.code), ...(clinical === null ? [] : [clinical.code])];
    for (const key of keys) for (const index of this.byCode.get(key) ?? []) found.add(index);
    for (const part of this.embedded(local.code)) {
      for (const index of this.byCode.get(part) ?? []) found.add(index);
    }
    for (const index of this.byName(name)) found.add(index);
    return found;
  }

  /** Pieces of a local item code that could be a national one: fifteen digits, or nine of its middle. */
  private embedded(code: string): readonly string[] {
    if (this.kind !== 'item') return [];
    const plain = plainCode(code);
    const pieces: string[] = [];
    for (const length of [20, 23, 15, 11, 9]) {
      for (let at = 0; at + length <= plain.length; at += 1) {
        const piece = plain.slice(at, at + length);
        pieces.push(piece, codeRoot(piece));
      }
    }
    return pieces;
  }

  private byName({ plainGrams, bareGrams }: ComparableName): readonly number[] {
    const hits = new Map<number, number>();
    const grams = [...new Set([...plainGrams, ...bareGrams])]
      .map((gram) => this.byGram.get(gram) ?? [])
      .sort((a, b) => a.length - b.length);
    let looked = 0;
    for (const [rank, places] of grams.entries()) {
      looked += places.length;
      if (rank >= LEAST_GRAMS && looked > MOST_PLACES) break;
      for (const index of places) hits.set(index, (hits.get(index) ?? 0) + 1);
    }
    const length = (index: number): number =>
      this.candidates[index]?.comparable.plainGrams.length ?? 0;
    return [...hits]
      .map(([index, count]) => [index, (2 * count) / (length(index) + plainGrams.length)] as const)
      .sort(([a, one], [b, other]) => other - one || a - b)
      .slice(0, MOST_BY_NAME)
      .map(([index]) => index);
  }

  private score(local: LocalCode, name: ComparableName, candidate: Candidate): Scored {
    const clinical = this.national.ofClinical(this.kind, local.code);
    const code =
      clinical?.code === candidate.code && local.code !== candidate.code
        ? { score: 0.96, reason: '国家临床版编码，对应此医保版编码' }
        : codeLikeness(this.kind, local.code, candidate.code);
    const likeness = local.name === '' ? null : nameSimilarity(name, candidate.comparable);
    const price = priceLikeness(local.unitPrice, candidate.unitPrice);
    const reasons = [code.reason, nameReason(likeness, candidate), price?.reason ?? null];
    const score = bounded(combined(code.score, likeness) + (price?.bonus ?? 0));
    return { score, reasons: reasons.filter((reason) => reason !== null) };
  }
}

/** The national lists are asked again and again. */
const PREPARED = new WeakMap<NationalCode, ComparableName>();

function comparableOf(listed: NationalCode): ComparableName {
  const known = PREPARED.get(listed);
  if (known !== undefined) return known;
  const prepared = comparable(listed.name);
  PREPARED.set(listed, prepared);
  return prepared;
}

interface Scored {
  readonly score: number;
  readonly reasons: readonly string[];
}

/** A code that agrees is worth much, but the same code under an unlike name is another hospital's extension, not the national one. */
function combined(code: number, name: number | null): number {
  if (name === null) return code >= SURE_CODE ? code : code / 2;
  if (code >= SURE_CODE)
    return name >= UNLIKE_NAME ? (code + name + 1) / 3 : code * 0.55 + name * 0.3;
  return name * 0.85 + code * 0.3;
}

/** Below this the names say different things. */
const UNLIKE_NAME = 0.3;
const SAME_NAME = 0.995;
const SHOWN_NAME = 0.3;

function nameReason(likeness: number | null, { name, members }: Candidate): string | null {
  if (likeness === null || likeness < SHOWN_NAME)
    return likeness === null ? null : '名称不相近，请核对';
  const whose = members > 0 ? `${members} 家其他成员用于「${name}」，` : '';
  if (likeness >= SAME_NAME) return `${whose}名称相同`;
  return `${whose}名称相近（${Math.round(likeness * 100)}%）`;
}

/** Within a tenth: the same price for all purposes; beyond a half: not the same thing. */
function priceLikeness(
  here: string | null,
  there: string | null,
): { readonly bonus: number; readonly reason: string } | null {
  if (here === null || there === null) return null;
  const [local, national] = [new Decimal(here), new Decimal(there)];
  const larger = Decimal.max(local, national);
  if (larger.isZero()) return null;
  const apart = local.minus(national).abs().dividedBy(larger);
  const shown = `${local.toFixed(2)} 与 ${national.toFixed(2)} 元`;
  if (apart.lessThanOrEqualTo('0.1')) return { bonus: 0.05, reason: `单价接近（${shown}）` };
  if (apart.greaterThan('0.5')) return { bonus: -0.05, reason: `单价悬殊（${shown}），请核对` };
  return null;
}

function bounded(score: number): number {
  if (score > 1) return 1;
  return score < 0 ? 0 : score;
}

function append(index: Map<string, number[]>, key: string, entry: number): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [entry]);
  else known.push(entry);
}

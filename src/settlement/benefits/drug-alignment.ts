import type { Claim } from '../../claims/claim.js';
import { add, type Fen, yuan, ZERO_FEN } from '../../kernel/money.js';
import { byText } from '../../kernel/order.js';
import { standing } from './benefit-finding.js';

/** A drug that patients get at county level and nobody dispensed at primary level. */
interface MissingDrug {
  /** National code, or the institution's own where it has none. */
  readonly code: string;
  readonly name: string;
  /** What county members dispensed of it. */
  readonly amount: Fen;
}

interface DrugAlignment {
  /** Drugs of outpatient and chronic care at county members. */
  readonly county: number;
  /** Those of them that primary members dispensed too. */
  readonly aligned: number;
  /** The others, the most money first. */
  readonly missing: readonly MissingDrug[];
}

const PRIMARY: readonly Claim['level'][] = ['village', 'primary'];
const CARE: readonly Claim['careType'][] = ['outpatient', 'chronic', 'two-disease'];
const DRUGS: readonly string[] = ['drug', 'tcm-piece'];

/**
 * Whether county, township and village stock the same drugs for patients who are referred down (县乡村用药衔接), as far as dispensing
 * shows it: drugs of outpatient and chronic care at county members that no primary member dispensed.
 *
 * @source jilin-2025-13 §三(一)
 */
export function drugAlignment(claims: readonly Claim[]): DrugAlignment {
  const county = new Map<string, MissingDrug>();
  const primary = new Set<string>();
  for (const { level, careType, lines } of standing(claims)) {
    if (!CARE.includes(careType)) continue;
    for (const line of lines.filter(({ itemKind }) => DRUGS.includes(itemKind))) {
      const code = line.itemCode ?? line.institutionItemCode;
      if (PRIMARY.includes(level)) primary.add(code);
      else county.set(code, withAmount(county.get(code), { code, ...line }));
    }
  }
  const missing = [...county.values()].filter(({ code }) => !primary.has(code));
  return {
    county: county.size,
    aligned: county.size - missing.length,
    missing: missing.sort((a, b) => compare(b.amount, a.amount) || byText(a.code, b.code)),
  };
}

interface Line {
  readonly code: string;
  readonly itemName: string;
  readonly lineAmount: string;
}

function withAmount(before: MissingDrug | undefined, line: Line): MissingDrug {
  const amount = add(before?.amount ?? ZERO_FEN, yuan(line.lineAmount));
  return { code: line.code, name: before?.name ?? line.itemName, amount };
}

function compare(a: Fen, b: Fen): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

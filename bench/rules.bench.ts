import { compileAudit } from '../src/audit/compile.js';
import { ROW, ROW_WIDTH } from '../src/audit/screen/positional-row.js';
import { Verdict } from '../src/audit/screen/verdict.js';
import type { KnowledgeBase } from '../src/knowledge/knowledge.js';
import { loadKnowledgeBase } from '../src/knowledge/knowledge.loader.js';
import { closures } from './data/closures.js';
import { type FeeRow, feeRows } from './data/fee-rows.js';
import { plainRules } from './data/plain-rules.js';
import { jsonRules, zenRules } from './data/rival-rules.js';
import { manyPredicates, twentyRules } from './data/twenty-rules.js';
import {
  type Bench,
  figureOf,
  type Measurement,
  type Outcome,
  type RoundContext,
  ratio,
} from './harness/bench.js';
import { rivalMissing } from './harness/rival.js';

/** B4: twenty rules over the same rows in memory: compiled, as closures written by hand, and in two rule engines. */

const RULES = 20;
/** All variants must give the same hits by rule over the first so many rows. */
const COMPARED = 2_000;

type Judge = (rows: readonly FeeRow[], counts: number[]) => Promise<void> | void;

async function judged(context: RoundContext, rows: number, judge: Judge): Promise<Outcome> {
  const fees = feeRows(loadKnowledgeBase(), context.quick ? Math.min(rows, COMPARED) : rows);
  const counts = new Array<number>(RULES).fill(0);
  await judge(fees.slice(0, COMPARED), counts);
  const result = counts.join(' ');
  if (counts.some((count) => count === 0)) throw new Error(`a rule without a hit: ${result}`);
  await context.measure(async () => judge(fees, counts));
  return { units: fees.length, result };
}

/** The product's function, from the same rows: code, profile and numbers go into the positional row one by one. */
function compiledJudge(knowledge: KnowledgeBase, more = 0): Judge {
  const book = twentyRules(knowledge);
  const rules = [...book.rules, ...manyPredicates(more)];
  const { screen } = compileAudit({ ...book, rules }, knowledge);
  const verdict = new Verdict(screen);
  const row = new Float64Array(ROW_WIDTH);
  return (rows, counts) => {
    for (const fee of rows) {
      row[ROW.code] = screen.codeOf(fee.itemCode);
      row[ROW.profile] = screen.profiles.indexOf(fee);
      row[ROW.chargedOn] = fee.chargedOn;
      row[ROW.birthDate] = fee.birthDate;
      row[ROW.quantity] = fee.quantity;
      row[ROW.unitPrice] = fee.unitPrice;
      row[ROW.amount] = fee.amount;
      row[ROW.eligible] = fee.eligible;
      const flags = screen.judge(row, 0);
      if (flags === 0 || !anyHit(screen.words, screen.checkWords)) continue;
      verdict.read(flags);
      for (const rule of verdict.hits) counts[rule] = (counts[rule] ?? 0) + 1;
    }
  };
}

function anyHit(words: Int32Array, checkWords: number): boolean {
  for (let word = 0; word < checkWords; word += 1) if (words[word] !== 0) return true;
  return false;
}

function closureJudge(knowledge: KnowledgeBase): Judge {
  const rules = closures(knowledge);
  return (rows, counts) => {
    for (const row of rows)
      for (let rule = 0; rule < rules.length; rule += 1)
        if (rules[rule]?.(row) === true) counts[rule] = (counts[rule] ?? 0) + 1;
  };
}

/** A pass that only counts the rows that any rule hits: what more rules add is not what more hits add. */
async function scaling(context: RoundContext, more: number): Promise<Outcome> {
  const knowledge = loadKnowledgeBase();
  const rows = feeRows(knowledge, context.quick ? COMPARED : 200_000);
  const book = twentyRules(knowledge);
  const all = { ...book, rules: [...book.rules, ...manyPredicates(more)] };
  const { screen } = compileAudit(all, knowledge);
  const packed = new Float64Array(rows.length * ROW_WIDTH);
  rows.forEach((fee, index) => {
    const at = index * ROW_WIDTH;
    packed.set([screen.codeOf(fee.itemCode), screen.profiles.indexOf(fee)], at);
    packed.set([fee.chargedOn, fee.birthDate, fee.quantity, fee.unitPrice], at + ROW.chargedOn);
    packed.set([fee.amount, fee.eligible], at + ROW.amount);
  });
  let hits = 0;
  const once = () => {
    for (let at = 0; at < packed.length; at += ROW_WIDTH)
      if (screen.judge(packed, at) !== 0) hits += 1;
  };
  once();
  const rounds = context.quick ? 2 : 20;
  await context.measure(async () => {
    for (let round = 0; round < rounds; round += 1) once();
  });
  return { units: rows.length * rounds, result: null, extra: { hits } };
}

const microseconds = ({ wallSeconds, units }: Measurement): number => (wallSeconds / units) * 1e6;
const MORE_RULES = 400;

export const bench: Bench = {
  code: 'B4',
  title: 'rules',
  unit: 'rows',
  async missing() {
    return (await rivalMissing('json-rules-engine')) ?? rivalMissing('@gorules/zen-engine');
  },
  async prepare() {},
  variants: {
    compiled: {
      title: 'twenty rules compiled',
      run: (context) => judged(context, 2_000_000, compiledJudge(loadKnowledgeBase())),
    },
    closures: {
      title: 'the same as closures written by hand',
      run: (context) => judged(context, 2_000_000, closureJudge(loadKnowledgeBase())),
    },
    json: {
      title: 'json-rules-engine, sets as an operator of its own',
      run: async (context) =>
        judged(context, 20_000, await jsonRules(plainRules(loadKnowledgeBase()))),
    },
    zen: {
      title: '@gorules/zen-engine, batches of 1,000 rows',
      run: async (context) =>
        judged(context, 100_000, await zenRules(plainRules(loadKnowledgeBase()))),
    },
    few: { title: 'the function alone, 20 rules', run: (context) => scaling(context, 0) },
    many: {
      title: `the function alone, ${RULES + MORE_RULES} rules`,
      run: (context) => scaling(context, MORE_RULES),
    },
  },
  figures: (results) => [
    ratio(results, {
      label: 'compiled ÷ json-rules-engine',
      ours: 'compiled',
      rival: 'json',
      hold: { atLeast: 100 },
    }),
    ratio(results, {
      label: 'compiled ÷ zen-engine',
      ours: 'compiled',
      rival: 'zen',
      hold: { atLeast: 30 },
    }),
    ratio(results, {
      label: 'compiled ÷ closures',
      ours: 'compiled',
      rival: 'closures',
      hold: { atLeast: 1 },
    }),
    added(results['few'] ?? [], results['many'] ?? []),
  ],
};

function added(few: readonly Measurement[], many: readonly Measurement[]) {
  const base = figureOf(few, { label: '', of: microseconds }).value;
  return figureOf(many, {
    label: 'µs a row added by 100 rules',
    of: (round) => ((microseconds(round) - base) / MORE_RULES) * 100,
    hold: { atMost: 0.15 },
    places: 3,
  });
}

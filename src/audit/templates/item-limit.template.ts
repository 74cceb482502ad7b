import { z } from 'zod';
import { yesNo } from '../../config/values.js';
import type { LineFacts } from '../facts.js';
import type { NotApplicableReason } from '../not-applicable.js';
import { startsWithAny } from '../param-kinds.js';
import { CARE_WORDS, LEVEL_WORDS } from '../rule-param-words.js';
import { type ItemLimit, itemLimit } from '../tables/item-limit.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({
  /** Rows about materials, whose codes begin with C, or about everything else. */
  materials: yesNo,
});
type Params = z.infer<typeof params>;

/** T1 of a local table: the member, the department, the person or the diagnosis does not fit what the table says of an item. */
export const itemLimits = defineTemplate<Params>({
  name: 'item-limit',
  params,
  trigger: 'codes',
  needs: () => ({ tables: [itemLimit] }),
  codes: ({ materials }, _knowledge, tables) =>
    [...tables.get(itemLimit).codes()].filter((code) => isMaterial(code) === materials),
  rowChecks: ({ materials }, _knowledge, tables) => [
    {
      codes: [...tables.get(itemLimit).codes()].filter((code) => isMaterial(code) === materials),
      ...{ effectiveFrom: null, effectiveUntil: null, withinScope: true, tests: [] },
      // Departments and diagnoses stand in no row: whoever has such an item is asked about.
      profile: () => 'unsure',
    },
  ],

  evaluate(_person, lines, context) {
    return lines
      .filter(({ eligibleFen }) => eligibleFen > 0n)
      .flatMap((line) => judge(line, context) ?? []);
  },
});

const MATERIAL = 'C';

function isMaterial(code: string): boolean {
  return code.startsWith(MATERIAL);
}

function judge(line: LineFacts, { tables, notApplicable }: EvaluationContext<Params>): Hit | null {
  for (const { row, cells } of tables.get(itemLimit).at(line.itemCode ?? '', line.chargedOn)) {
    const verdicts = LIMITS.map((limit) => limit(row, line));
    const words = verdicts.flatMap((verdict) => (isMisfit(verdict) ? [verdict.words] : []));
    if (words.length > 0)
      return lineHit({
        windowKey: line.chargedOn,
        violating: [wholeLine(line)],
        facts: { item: line.itemName, on: line.chargedOn, why: words.join('；') },
        point: null,
        tableRow: { table: itemLimit.name, cells },
      });
    for (const verdict of verdicts)
      if (verdict !== null && 'reason' in verdict) notApplicable(verdict.reason, line.claim);
  }
  return null;
}

type Verdict = { readonly words: string } | { readonly reason: NotApplicableReason } | null;

function isMisfit(verdict: Verdict): verdict is { readonly words: string } {
  return verdict !== null && 'words' in verdict;
}

const SEX_WORDS = { male: '男性', female: '女性' } as const;

/** One limit after the other: null = it fits, or there is none. */
const LIMITS: readonly ((row: ItemLimit, line: LineFacts) => Verdict)[] = [
  ({ levels }, { claim: { level } }) =>
    levels === null || levels.includes(level)
      ? null
      : {
          words: `限${levels.map((each) => LEVEL_WORDS[each]).join('、')}，本机构为${LEVEL_WORDS[level]}`,
        },
  ({ careTypes }, { claim: { careType } }) =>
    careTypes === null || careTypes.includes(careType)
      ? null
      : {
          words: `限${careTypes.map((each) => CARE_WORDS[each]).join('、')}，本次为${CARE_WORDS[careType]}`,
        },
  ({ departments }, line) => {
    const department = line.department ?? line.claim.department;
    if (departments === null) return null;
    if (department === null) return { reason: 'missing-department' };
    return departments.includes(department)
      ? null
      : { words: `限${departments.join('、')}，本次为${department}` };
  },
  ({ sex }, { claim }) => {
    if (sex === null || claim.sex === sex) return null;
    if (claim.sex === 'unknown') return { reason: 'unknown-sex' };
    return { words: `限${SEX_WORDS[sex]}` };
  },
  ({ diagnoses }, { claim }) => {
    if (diagnoses === null) return null;
    if (claim.diagnoses.length === 0) return { reason: 'missing-diagnoses' };
    return claim.diagnoses.some((code) => startsWithAny(code, diagnoses))
      ? null
      : { words: `限诊断 ${diagnoses.join('、')}` };
  },
];

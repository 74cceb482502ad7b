import { z } from 'zod';
import { ageInYears, dateOf, daysBetween } from '../../kernel/dates.js';
import type { ClaimFacts } from '../facts.js';
import type { LoadedTable, TableRow } from '../local-table.js';
import type { NotApplicableReason } from '../not-applicable.js';
import {
  BLOCK_CHARS,
  CODE_KINDS,
  type CodePerson,
  codePerson,
  isNamed,
} from '../tables/code-person.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;
type Row = TableRow<CodePerson>;

const SEX_NAMES = { male: '男', female: '女' } as const;
const KIND_NAMES = { diagnosis: '诊断', procedure: '手术操作' } as const;
/** No bound, in the query's whole numbers. */
const NONE = -1;
const ALWAYS = 100_000;
const SHORTEST_YEAR = 365;
const LONGEST_YEAR = 366;

/** T1 of coded diagnoses and operations: a code that a person of that sex or age cannot have (诊断、手术与性别年龄不符). */
export const codePersons = defineTemplate<Params>({
  name: 'code-person',
  params,
  trigger: 'claims',
  strongest: 'SUSP',
  needs: () => ({ tables: [codePerson] }),
  codes: () => [],
  suspects: (_params, tables) => ({
    query: 'codesOfOthers',
    values: valuesOf(tables.get(codePerson)),
  }),

  evaluate({ claims }, _lines, context) {
    return claims.flatMap((claim) => ofClaim(claim, context) ?? []);
  },
});

function valuesOf(table: LoadedTable<CodePerson>) {
  const rows = table.rows.flatMap(({ row }) =>
    codePerson.codesOf(row).map((key) => ({ row, block: key.slice(key.indexOf(' ') + 1) })),
  );
  return {
    blocks: rows.map(({ block }) => block),
    sexes: rows.map(({ row }) => row.sex ?? ''),
    minDays: rows.map(({ row }) => String(hasAge(row) ? leastDays(row) : NONE)),
    maxDays: rows.map(({ row }) => String(mostDays(row))),
  };
}

function hasAge({ minYears, maxYears, maxDays }: CodePerson): boolean {
  return minYears !== null || maxYears !== null || maxDays !== null;
}

/** Days at which everybody is old enough. */
function leastDays({ minYears }: CodePerson): number {
  return (minYears ?? 0) * LONGEST_YEAR;
}

/** Days up to which nobody is too old. */
function mostDays({ maxYears, maxDays }: CodePerson): number {
  if (maxDays !== null) return maxDays;
  return maxYears === null ? ALWAYS : (maxYears + 1) * SHORTEST_YEAR - 1;
}

/** All that does not fit stands in one finding: it is one record that has to be checked. */
function ofClaim(claim: ClaimFacts, context: EvaluationContext<Params>): Hit | null {
  const table = context.tables.get(codePerson);
  const misfits = CODE_KINDS.flatMap((kind) =>
    codesOf(claim, kind).flatMap((code) => {
      const words = rowsFor(table, kind, code, claim).flatMap((row) => {
        const verdict = misfitOf(row, claim);
        if (verdict !== null && 'reason' in verdict) context.notApplicable(verdict.reason, claim);
        return verdict !== null && 'words' in verdict ? [{ words: verdict.words, row }] : [];
      });
      return words.slice(0, 1).map(({ words: why, row }) => ({
        row,
        text: `${KIND_NAMES[kind]} ${code}（${why}）`,
      }));
    }),
  );
  const [first] = misfits;
  if (first === undefined) return null;
  return {
    certainty: 'core',
    windowKey: claim.key,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: 1, ofDays: 1 }],
    involvedClaims: [],
    facts: { codes: [...new Set(misfits.map(({ text }) => text))].join('；') },
    point: null,
    tableRow: { table: codePerson.name, cells: first.row.cells },
  };
}

function codesOf(claim: ClaimFacts, kind: CodePerson['kind']): readonly string[] {
  return kind === 'diagnosis' ? claim.diagnoses : claim.procedures;
}

function rowsFor(
  table: LoadedTable<CodePerson>,
  kind: CodePerson['kind'],
  code: string,
  claim: ClaimFacts,
): readonly Row[] {
  return table
    .at(
      `${kind} ${code.slice(0, BLOCK_CHARS[kind])}`,
      dateOf(claim.dischargedAt ?? claim.settledOn),
    )
    .filter(({ row }) => isNamed(code, row.codes));
}

type Verdict = { readonly words: string } | { readonly reason: NotApplicableReason } | null;

function misfitOf({ row }: Row, claim: ClaimFacts): Verdict {
  return sexMisfit(row, claim) ?? ageMisfit(row, claim);
}

function sexMisfit({ sex }: CodePerson, claim: ClaimFacts): Verdict {
  if (sex === null || claim.sex === sex) return null;
  return claim.sex === 'unknown' ? { reason: 'unknown-sex' } : { words: `限${SEX_NAMES[sex]}性` };
}

function ageMisfit(row: CodePerson, claim: ClaimFacts): Verdict {
  if (!hasAge(row)) return null;
  const { birthDate } = claim;
  const on = dateOf(claim.admittedAt ?? claim.settledOn);
  if (birthDate === null || birthDate > on) return { reason: 'missing-birth-date' };
  const [years, days] = [ageInYears(birthDate, on), daysBetween(birthDate, on)];
  const fits =
    years >= (row.minYears ?? 0) &&
    years <= (row.maxYears ?? ALWAYS) &&
    days <= (row.maxDays ?? ALWAYS);
  return fits ? null : { words: `年龄不符，就诊时 ${years} 周岁，出生 ${days} 天` };
}

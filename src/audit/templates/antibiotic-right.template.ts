import { z } from 'zod';
import { CARE_TYPES } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import type { ClaimFacts, LineFacts } from '../facts.js';
import type { LocalTables } from '../local-table.js';
import {
  ANTIBIOTIC_CLASSES,
  type AntibioticClass,
  antibiotic,
  antibioticRight,
} from '../tables/antibiotic.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';

const params = z.strictObject({
  careTypes: z.array(z.enum(CARE_TYPES)).min(1),
  /** Days for which any doctor may prescribe any class in an emergency. */
  emergencyDays: whole(0, 30),
});
type Params = z.infer<typeof params>;
type Context = EvaluationContext<Params>;

/** An antibiotic of a class higher than its doctor may prescribe (抗菌药物越级使用). */
export const antibioticRights = defineTemplate<Params>({
  name: 'antibiotic-right',
  params,
  trigger: 'claims',
  strongest: 'SUSP',
  needs: () => ({ tables: [antibiotic, antibioticRight] }),
  codes: () => [],
  suspects: ({ careTypes }, tables) => ({
    query: 'antibioticsBeyondRight',
    values: { careTypes, ...ranksOf(tables) },
    unjudged: { query: 'antibioticsWithoutDoctor', reason: 'missing-doctor' },
  }),

  evaluate({ claims }, _lines, context) {
    return claims
      .filter(({ careType }) => context.params.careTypes.includes(careType))
      .flatMap((claim) => ofClaim(claim, context));
  },
});

const rankOf = (name: AntibioticClass): number => ANTIBIOTIC_CLASSES.indexOf(name);

/** Drugs that not everybody may prescribe; and of doctors those whose right has been one and the same all the time. */
function ranksOf(tables: LocalTables) {
  const drugs = tables.get(antibiotic).rows.filter(({ row }) => rankOf(row.class) > 0);
  const rights = tables.get(antibioticRight);
  const constant = rights.rows.filter(
    ({ row, from, until }) =>
      from === null &&
      until === null &&
      rights.rows.filter((other) => other.row.doctor === row.doctor).length === 1,
  );
  return {
    codes: drugs.map(({ row }) => row.code),
    codeRanks: drugs.map(({ row }) => String(rankOf(row.class))),
    doctors: constant.map(({ row }) => row.doctor),
    doctorRanks: constant.map(({ row }) => String(rankOf(row.class))),
  };
}

function ofClaim(claim: ClaimFacts, context: Context): Hit[] {
  const { tables, notApplicable } = context;
  const listed = claim.lines.flatMap((line) => {
    const [row] = tables.get(antibiotic).at(line.itemCode ?? '', line.chargedOn);
    return row === undefined || line.quantity <= 0 || rankOf(row.row.class) === 0
      ? []
      : [{ line, row }];
  });
  if (listed.some(({ line }) => line.doctor === null)) notApplicable('missing-doctor', claim);
  return listed.flatMap(({ line, row }) => judge(line, row.row.class, context) ?? []);
}

const WORDS: Readonly<Record<AntibioticClass, string>> = {
  unrestricted: '非限制使用级',
  restricted: '限制使用级',
  special: '特殊使用级',
};

function judge(line: LineFacts, needed: AntibioticClass, context: Context): Hit | null {
  const { params: limits, tables, notApplicable } = context;
  if (line.doctor === null) return null;
  if (line.daysSupply !== null && line.daysSupply <= limits.emergencyDays) return null;
  const rights = tables.get(antibioticRight).at(line.doctor, line.chargedOn);
  const [right] = rights.toSorted((a, b) => rankOf(b.row.class) - rankOf(a.row.class));
  if (right === undefined) {
    notApplicable('doctor-not-listed', line.claim);
    return null;
  }
  if (rankOf(right.row.class) >= rankOf(needed)) return null;
  return lineHit({
    windowKey: line.chargedOn,
    violating: [wholeLine(line)],
    facts: {
      ...{ item: line.itemName, on: line.chargedOn, doctor: line.doctor },
      ...{ needed: WORDS[needed], right: WORDS[right.row.class] },
    },
    point: null,
    tableRow: { table: antibioticRight.name, cells: right.cells },
  });
}

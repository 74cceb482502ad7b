import { z } from 'zod';
import { whole } from '../../config/values.js';
import { dateOf } from '../../kernel/dates.js';
import { type Fen, subtract, toDecimalFen, toYuan } from '../../kernel/money.js';
import type { ClaimFacts } from '../facts.js';
import { feeClassOf } from '../fee-class.js';
import { type Priced, priceCase, priceDeclared } from '../group-standards.js';
import { declaredCase, withoutCodes } from '../grouping.js';
import { feeClassesParam, prefixesParam, startsWithAny } from '../param-kinds.js';
import { notForGrouping, severityEvidence } from '../tables/coding.js';
import { groupStandard } from '../tables/group-standard.js';
import { defineTemplate, type EvaluationContext, type Hit } from '../template.js';

const params = z.strictObject({
  /** The standard must fall by at least this many hundredths for a code to matter. */
  minDiffPct: whole(0, 100),
  /** Fee classes that an operation leaves behind: the operation itself and its anaesthesia. */
  operationClasses: feeClassesParam,
  /** Beginnings of procedure codes that are charged as tests or treatment, not as operations. */
  notOperations: prefixesParam,
});
type Params = z.infer<typeof params>;

/** Codes nothing stands behind, and why. */
interface Unfounded {
  readonly codes: readonly string[];
  readonly why: string;
}

/**
 * T14: a packaged case grouped again without the codes that nothing stands behind (升级诊断、高套). A hit only where that lowers what the
 * group stands for; the difference of the standards is at stake, never more than the fund paid.
 *
 * @source Order 7 of the National Healthcare Security Administration, article 35: loss under case payment is the difference of the standards
 */
export const regroupDifference = defineTemplate<Params>({
  name: 'regroup-difference',
  params,
  trigger: 'claims',
  codes: () => [],
  needs: () => ({ tables: [groupStandard], grouper: true }),
  suspects: ({ operationClasses, notOperations }, tables) => ({
    query: 'codedWithoutCharge',
    values: {
      ...{ prefixes: notOperations, classes: operationClasses },
      diagnoses: [...tables.get(notForGrouping).codes(), ...tables.get(severityEvidence).codes()],
    },
  }),

  evaluate: ({ stays }, _lines, context) => stays.flatMap(({ claim }) => judged(claim, context)),
});

function judged(claim: ClaimFacts, context: EvaluationContext<Params>): Hit[] {
  const found = unfoundedOf(claim, context);
  if (found.length === 0) return [];
  const declared = priceDeclared(claim, context);
  const codes = new Set(found.flatMap((each) => each.codes));
  const right =
    'unknown' in declared
      ? declared
      : priceCase(withoutCodes(declaredCase(claim), codes), claim, context);
  if ('unknown' in declared || 'unknown' in right) {
    context.notApplicable('unknown' in right ? right.unknown : 'no-group-standard', claim);
    return [];
  }
  const amountFen = subtract(declared.standard, right.standard);
  const least = toDecimalFen(declared.standard).times(context.params.minDiffPct).div(100);
  if (amountFen <= 0n || toDecimalFen(amountFen).lt(least)) return [];
  return [hitOf(claim, { declared, right, found, amountFen })];
}

function unfoundedOf(claim: ClaimFacts, context: EvaluationContext<Params>): Unfounded[] {
  return [
    ...unfitPrincipal(claim, context),
    ...chargelessOperations(claim, context),
    ...chargelessSeverity(claim, context),
  ];
}

function unfitPrincipal(claim: ClaimFacts, { tables }: EvaluationContext<Params>): Unfounded[] {
  const { principalDiagnosis: code } = claim;
  if (code === null || tables.get(notForGrouping).at(code, dayOf(claim)).length === 0) return [];
  return [{ codes: [code], why: `主要诊断 ${code} 不得作为分组主诊断` }];
}

function chargelessOperations(claim: ClaimFacts, context: EvaluationContext<Params>): Unfounded[] {
  const { params: limits, tables, notApplicable } = context;
  const codes = claim.procedures.filter((code) => !startsWithAny(code, limits.notOperations));
  if (codes.length === 0) return [];
  const classes = claim.lines.map((line) => ({ line, feeClass: feeClassOf(line, tables) }));
  if (
    classes.some(({ feeClass }) => feeClass !== null && limits.operationClasses.includes(feeClass))
  )
    return [];
  const unmapped = classes.some(
    ({ line, feeClass }) => feeClass === null && line.itemCode === null,
  );
  if (claim.lines.length === 0 || unmapped) {
    notApplicable(unmapped ? 'unmapped-items' : 'missing-lines', claim);
    return [];
  }
  return [{ codes, why: `手术 ${codes.join('、')} 没有手术、麻醉收费` }];
}

function chargelessSeverity(claim: ClaimFacts, context: EvaluationContext<Params>): Unfounded[] {
  const { tables, notApplicable } = context;
  const others = claim.diagnoses.filter((code) => code !== claim.principalDiagnosis);
  const bare = others.filter((code) => {
    const rows = tables.get(severityEvidence).at(code, dayOf(claim));
    const items = rows.flatMap(({ row }) => row.items);
    if (rows.length === 0) return false;
    return !claim.lines.some(({ itemCode }) => itemCode !== null && startsWithAny(itemCode, items));
  });
  if (bare.length === 0) return [];
  if (claim.lines.some(({ itemCode }) => itemCode === null)) {
    notApplicable('unmapped-items', claim);
    return [];
  }
  return [{ codes: bare, why: `合并症 ${bare.join('、')} 没有检查、用药等收费佐证` }];
}

function dayOf({ dischargedAt, settledOn }: ClaimFacts): string {
  return dateOf(dischargedAt ?? settledOn);
}

function hitOf(
  claim: ClaimFacts,
  found: {
    readonly declared: Priced;
    readonly right: Priced;
    readonly found: readonly Unfounded[];
    readonly amountFen: Fen;
  },
): Hit {
  const { declared, right, amountFen } = found;
  return {
    certainty: 'core',
    windowKey: `${declared.group} ${right.group}`,
    violating: [],
    involvedLines: [],
    violatingClaims: [{ claim, days: 1, ofDays: 1, amountFen }],
    involvedClaims: [],
    facts: {
      why: found.found.map(({ why }) => why).join('；'),
      declared: declared.group,
      declaredStandard: toYuan(declared.standard),
      right: right.group,
      rightStandard: toYuan(right.standard),
      difference: toYuan(amountFen),
    },
    point: null,
  };
}

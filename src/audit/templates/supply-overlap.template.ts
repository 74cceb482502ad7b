import { z } from 'zod';
import { CARE_TYPES } from '../../claims/claim.js';
import { whole } from '../../config/values.js';
import { addDays, daysBetween, type IsoDate } from '../../kernel/dates.js';
import { type DrugIdentity, drugOf, drugsOf } from '../drug-identity.js';
import type { LineFacts, PersonHistory } from '../facts.js';
import type { LocalTables } from '../local-table.js';
import type { LineWatch } from '../pass/line-watch.js';
import { quantityText } from '../scaled.js';
import { drugClass } from '../tables/drug-class.js';
import {
  defineTemplate,
  type EvaluationContext,
  type Hit,
  lineHit,
  wholeLine,
} from '../template.js';
import { DaysOfSupply } from '../watches/days-of-supply.js';
import { suppliedDrugs } from '../watches/supplied-drugs.js';
import { supplyProbe } from '../watches/supply-probe.js';
import { latestUnits, unitsOf } from '../windows/latest-units.js';
import { byChargeTime, byPayment, groupLines } from '../windows/line-groups.js';

const careTypes = z.array(z.enum(CARE_TYPES)).min(1);
const params = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('duplicate'),
    careTypes,
    /** Days that two supplies of one drug, or of two drugs of one class, run side by side. */
    overlapDays: whole(1, 366),
  }),
  z.strictObject({
    mode: z.literal('refill'),
    careTypes,
    /** Days of supply that may be left when more of it is given; of the care types named, the longer one. */
    toleranceDays: whole(0, 366),
    chronicToleranceDays: whole(0, 366),
    chronicCareTypes: z.array(z.enum(CARE_TYPES)),
  }),
]);
type Params = z.infer<typeof params>;
type Context = EvaluationContext<Params>;

/** A drug as handed out in one claim on one day. */
interface Supply {
  readonly lines: readonly LineFacts[];
  readonly first: LineFacts;
  readonly drug: DrugIdentity;
  readonly from: IsoDate;
  readonly days: number;
}

/**
 * T10: supplies of drugs to one person that run side by side, whichever members handed them out: different products of one ingredient or
 * one class (重复开药), or more of the same product while much of it is left (提前配药). Drugs are told by a local table, else by the
 * ingredient in their national code.
 */
export const supplyOverlap = defineTemplate<Params>({
  name: 'supply-overlap',
  params,
  trigger: 'claims',
  codes: () => [],
  watch: (limits, tables) => supplies(limits, tables),

  evaluate(person, _lines, context) {
    const supplies = suppliesOf(person, context);
    const limits = context.params;
    return limits.mode === 'duplicate'
      ? supplies.flatMap((supply, at) =>
          duplicateOf(supply, supplies.slice(0, at), limits.overlapDays),
        )
      : refills(supplies, limits);
  },
});

/** Both kinds of rule look at the same supplies. */
function supplies(limits: Params, tables: LocalTables): LineWatch {
  const { careTypes: seen } = limits;
  const table = tables.get(drugClass);
  return {
    key: `supplies ${seen}`,
    kinds: ['drug'],
    concerns: ({ careType }) => seen.includes(careType),
    start: ({ items }) => new DaysOfSupply(suppliedDrugs(items, (code) => drugsOf(code, table))),
    probe: supplyProbe(leastOverlap(limits)),
    unjudged: 'missing-days-supply',
  };
}

/** Days of a drug that are left when it is found to be given again. */
function leastOverlap(limits: Params): number {
  return limits.mode === 'duplicate'
    ? limits.overlapDays
    : Math.min(limits.toleranceDays, limits.chronicToleranceDays) + 1;
}

function suppliesOf(person: PersonHistory, context: Context): Supply[] {
  const claims = person.claims.filter(({ careType }) =>
    context.params.careTypes.includes(careType),
  );
  return claims
    .flatMap((claim) => {
      const drugs = claim.lines.filter(({ kind }) => kind === 'drug');
      if (drugs.some(({ daysSupply }) => daysSupply === null))
        context.notApplicable('missing-days-supply', claim);
      const byDrug = groupLines(drugs, ({ itemCode, chargedOn }) => `${itemCode} ${chargedOn}`);
      return [...byDrug.values()].flatMap((lines) => supplyOf(lines, context) ?? []);
    })
    .sort((a, b) => byPayment(a.first, b.first));
}

function supplyOf(lines: LineFacts[], { tables }: Context): Supply | null {
  const [first] = lines.sort(byPayment);
  const drug = first === undefined ? null : drugOf(first, tables.get(drugClass));
  const days = Math.max(...lines.map(({ daysSupply }) => daysSupply ?? 0));
  if (first === undefined || drug === null || days === 0) return null;
  return { lines, first, drug, from: first.chargedOn, days };
}

/** Days that two supplies run side by side. */
function overlapOf(a: Supply, b: Supply): number {
  const [earlier, later] = a.from <= b.from ? [a, b] : [b, a];
  return Math.min(earlier.days - daysBetween(earlier.from, later.from), later.days);
}

function sameDrug(a: DrugIdentity, b: DrugIdentity): boolean {
  return a.ingredient === b.ingredient || (a.subclass !== null && a.subclass === b.subclass);
}

/** Another product of the same ingredient or class, given before; more of the same product is the business of refills. */
function duplicateOf(supply: Supply, before: readonly Supply[], overlapDays: number): Hit[] {
  const others = before.filter(
    (other) =>
      other.first.itemCode !== supply.first.itemCode &&
      sameDrug(other.drug, supply.drug) &&
      overlapOf(other, supply) >= overlapDays,
  );
  const [other] = others;
  if (other === undefined) return [];
  return [
    lineHit({
      windowKey: `${supply.first.itemCode} ${supply.from}`,
      violating: supply.lines.map(wholeLine),
      involvedLines: others.flatMap(({ lines }) => lines),
      involvedClaims: [...new Set(others.map(({ first }) => first.claim))],
      facts: {
        item: supply.first.itemName,
        other: other.first.itemName,
        from: other.from,
        at: other.first.claim.institution,
        on: supply.from,
        why:
          other.drug.ingredient === supply.drug.ingredient ? '同一成分' : '同一小类、同一给药途径',
        days: overlapOf(other, supply),
      },
      point: null,
    }),
  ];
}

/** What is found in excess is not counted as being at hand later. */
function refills(supplies: readonly Supply[], limits: Extract<Params, { mode: 'refill' }>): Hit[] {
  const hits: Hit[] = [];
  const held = new Map<string, { until: IsoDate; before: Supply }>();
  for (const supply of supplies.toSorted((a, b) => byChargeTime(a.first, b.first))) {
    const code = supply.first.itemCode ?? '';
    const known = held.get(code);
    const left = known === undefined ? 0 : Math.max(0, daysBetween(supply.from, known.until));
    const tolerance = limits.chronicCareTypes.includes(supply.first.claim.careType)
      ? limits.chronicToleranceDays
      : limits.toleranceDays;
    const excessDays = Math.min(supply.days, Math.max(0, left - tolerance));
    if (known !== undefined && excessDays > 0)
      hits.push(refillHit(supply, known.before, { left, tolerance, excessDays }));
    const from = left > 0 && known !== undefined ? known.until : supply.from;
    held.set(code, { until: addDays(from, supply.days - excessDays), before: supply });
  }
  return hits;
}

function refillHit(
  supply: Supply,
  before: Supply,
  { left, tolerance, excessDays }: { left: number; tolerance: number; excessDays: number },
): Hit {
  const units = Math.floor((unitsOf(supply.lines) * excessDays) / supply.days);
  return lineHit({
    windowKey: `${supply.first.itemCode} ${supply.from}`,
    violating: latestUnits(supply.lines, units),
    involvedLines: before.lines,
    involvedClaims: [before.first.claim],
    facts: {
      item: supply.first.itemName,
      from: before.from,
      at: before.first.claim.institution,
      on: supply.from,
      left,
      limit: tolerance,
      days: excessDays,
      excess: quantityText(units),
    },
    point: null,
  });
}

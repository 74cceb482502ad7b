import { z } from 'zod';
import type { LineFacts } from '../facts.js';
import type { LoadedTable, TableRow } from '../local-table.js';
import { quantityText } from '../scaled.js';
import { addOn, type Companion, companion } from '../tables/companion.js';
import { defineTemplate, type EvaluationContext, type Hit, lineHit } from '../template.js';
import { companionProbe } from '../windows/companion-probe.js';
import { latestUnits, unitsOf } from '../windows/latest-units.js';
import { byPayment, groupLines } from '../windows/line-groups.js';
import { unmappedClaim, WindowLines } from '../windows/window-lines.js';

const TABLES = { 'add-on': addOn, companion } as const;
const params = z.strictObject({ table: z.enum(['add-on', 'companion']) });
type Params = z.infer<typeof params>;

interface Question {
  readonly around: WindowLines;
  readonly table: LoadedTable<Companion>;
  readonly context: EvaluationContext<Params>;
}

/**
 * T5: an item without the one it belongs to, on the same day or in the same visit (加收无主项；关联操作缺失), or more units of it than what
 * it belongs to allows. Only charges of the same institution count; where some of them have no national code it cannot be judged.
 */
export const companionMissing = defineTemplate<Params>({
  name: 'companion-missing',
  params,
  trigger: 'codes',
  needs: ({ table }) => ({ tables: [TABLES[table]] }),
  codes: ({ table }, _knowledge, tables) =>
    tables.get(TABLES[table]).rows.flatMap(({ row }) => [row.code, ...exactCodes(row)]),

  suspectsLines({ table }, _knowledge, codes, tables) {
    return companionProbe(
      tables.get(TABLES[table]).rows.map(({ row }) => ({
        code: codes.get(row.code) ?? 0,
        required: new Set(exactCodes(row).map((each) => codes.get(each) ?? 0)),
        maxRatio: row.maxRatio,
      })),
    );
  },

  evaluate(person, lines, context) {
    const table = context.tables.get(TABLES[context.params.table]);
    const question = { around: new WindowLines(person), table, context };
    const byRow = new Map<TableRow<Companion>, LineFacts[]>();
    for (const line of lines)
      for (const row of table.at(line.itemCode ?? '', line.chargedOn))
        byRow.set(row, [...(byRow.get(row) ?? []), line]);
    return [...byRow].flatMap(([row, charged]) =>
      [...groupLines(charged, (line) => windowOf(row.row, line)).values()].flatMap(
        (ofWindow) => hitOf(row, ofWindow, question) ?? [],
      ),
    );
  },
});

function exactCodes({ required }: Companion): string[] {
  return required.filter((code) => !code.endsWith('*'));
}

function windowOf({ window }: Companion, { claim, chargedOn }: LineFacts): string {
  return window === 'visit' ? claim.key : `${claim.institution} ${chargedOn}`;
}

function hitOf(
  row: TableRow<Companion>,
  charged: readonly LineFacts[],
  { around, table, context }: Question,
): Hit | null {
  const sorted = charged.toSorted(byPayment);
  const [first] = sorted;
  if (first === undefined) return null;
  const within = [...new Set(sorted.flatMap((line) => around.around(line, row.row.window)))];
  const mains = within.filter((line) => isMain(row.row, line, table));
  const allowed = allowedUnits(row.row, mains);
  const excess = unitsOf(sorted) - allowed;
  if (excess <= 0) return null;
  const unmapped = unmappedClaim(within);
  if (unmapped !== null) {
    context.notApplicable('unmapped-items', first.claim);
    return null;
  }
  return lineHit({
    windowKey: `${row.row.code} ${windowOf(row.row, first)}`,
    violating: latestUnits(sorted, excess),
    involvedLines: mains,
    facts: {
      item: first.itemName,
      on: first.chargedOn,
      window: row.row.window === 'day' ? '同日' : '同次就诊',
      found: mains.length === 0 ? '没有收取其主项目' : `主项目只够 ${quantityText(allowed)} 次`,
      count: quantityText(unitsOf(sorted)),
      excess: quantityText(excess),
    },
    point: null,
    tableRow: { table: table.table.name, cells: row.cells },
  });
}

/** No main item, no units; without a ratio one main item is enough for any number. */
function allowedUnits({ maxRatio }: Companion, mains: readonly LineFacts[]): number {
  if (mains.length === 0) return 0;
  return maxRatio === null ? Number.POSITIVE_INFINITY : Math.round(unitsOf(mains) * maxRatio);
}

/** An item that needs a main one itself is nobody's main item by the beginning of its code alone. */
function isMain(
  { required }: Companion,
  { itemCode, chargedOn }: LineFacts,
  table: LoadedTable<Companion>,
): boolean {
  if (itemCode === null) return false;
  if (required.includes(itemCode)) return true;
  return (
    required.some((code) => code.endsWith('*') && itemCode.startsWith(code.slice(0, -1))) &&
    table.at(itemCode, chargedOn).length === 0
  );
}

import { z } from 'zod';
import { type Fen, fen, greatest, least, sum, toYuan } from '../../kernel/money.js';
import { FUNDS, type Fund, type LineFacts, type PersonHistory } from '../facts.js';
import type { LocalTables, TableRow } from '../local-table.js';
import type { LineWatch } from '../pass/line-watch.js';
import { type ItemFundCap, itemFundCap } from '../tables/fund-cap.js';
import { defineTemplate, type Hit, lineHit, WHOLE_PART } from '../template.js';
import { sumProbe } from '../watches/cap-probe.js';
import { FundOfItems } from '../watches/fund-of-items.js';
import { byPayment, groupLines } from '../windows/line-groups.js';
import { fenOf } from './fund-cap.template.js';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/**
 * T3 in money, by item: what the fund paid for some items together is more than their cap, in a visit or a calendar year (超报销总额). The
 * fund's part of a line goes by its eligible amount; what was paid last is beyond the cap.
 */
export const itemFundCaps = defineTemplate<Params>({
  name: 'item-fund-cap',
  params,
  trigger: 'claims',
  needs: () => ({ tables: [itemFundCap] }),
  codes: () => [],
  watch: (_params, tables) => itemsUnderCaps(tables),

  evaluate(person, _lines, { tables, settings: { funds } }) {
    const table = tables.get(itemFundCap);
    const byRow = new Map<TableRow<ItemFundCap>, LineFacts[]>();
    for (const line of linesOf(person))
      for (const row of table.at(line.itemCode ?? '', line.chargedOn))
        byRow.set(row, [...(byRow.get(row) ?? []), line]);
    return [...byRow].flatMap(([row, charged]) =>
      [...groupLines(charged.sort(byPayment), (line) => windowOf(row.row, line))].flatMap(
        ([window, lines]) => beyond(row, { window, lines, funds }),
      ),
    );
  },
});

/** What the funds may have paid for the items of each row. */
function itemsUnderCaps(tables: LocalTables): LineWatch {
  const rows = tables.get(itemFundCap).rows.map(({ row }) => row);
  const capsOfCode = new Map<string, number[]>();
  for (const [position, { codes }] of rows.entries())
    for (const code of codes) capsOfCode.set(code, [...(capsOfCode.get(code) ?? []), position]);
  return {
    key: 'itemsUnderCaps',
    kinds: null,
    concerns: () => true,
    start: ({ items }) =>
      new FundOfItems((item) => capsOfCode.get(items.codeOf(item) ?? '') ?? NONE),
    probe: sumProbe(rows.map((row) => ({ window: row.window, cap: Number(fenOf(row)) }))),
  };
}

const NONE: readonly number[] = [];

function linesOf({ claims }: PersonHistory): LineFacts[] {
  return claims.flatMap(({ lines }) => lines);
}

function windowOf({ window }: ItemFundCap, { claim, chargedOn }: LineFacts): string {
  return window === 'visit' ? claim.key : chargedOn.slice(0, 4);
}

/** Lines that count together against a cap, and the funds whose money counts. */
interface Charged {
  readonly window: string;
  readonly lines: readonly LineFacts[];
  readonly funds: readonly Fund[];
}

/** One hit a claim. */
function beyond({ row, cells }: TableRow<ItemFundCap>, { window, lines, funds }: Charged): Hit[] {
  let paid = fen(0n);
  const over = new Map<LineFacts, { readonly excess: Fen; readonly paid: Fen }>();
  for (const line of lines) {
    const own = fundOf(line, funds);
    paid = fen(paid + own);
    const excess = least(fen(paid - fenOf(row)), own);
    if (excess > 0n) over.set(line, { excess, paid });
  }
  const claims = groupLines(over.keys(), ({ claim }) => claim.key);
  return [...claims.values()].map((ofClaim) => {
    const last = ofClaim.at(-1);
    return lineHit({
      windowKey: `${row.codes.join(' ')} ${window}`,
      violating: ofClaim.map((line) => ({
        line,
        from: 0,
        to: line.quantity,
        part: Number(((over.get(line)?.excess ?? 0n) * BigInt(WHOLE_PART)) / fundOf(line, funds)),
      })),
      involvedLines: lines.filter(
        (line) => !over.has(line) && line.claim.period <= (last?.claim.period ?? ''),
      ),
      facts: {
        item: last?.itemName ?? '',
        window: row.window === 'visit' ? '同次就诊' : `${window} 年`,
        total: toYuan(last === undefined ? paid : (over.get(last)?.paid ?? paid)),
        cap: toYuan(fenOf(row)),
        excess: toYuan(sum(ofClaim.map((line) => over.get(line)?.excess ?? fen(0n)))),
      },
      point: null,
      tableRow: { table: itemFundCap.name, cells },
    });
  });
}

/** The line's part of what the funds paid for its claim, to the fen. */
function fundOf({ claim, eligibleFen }: LineFacts, funds: readonly Fund[]): Fen {
  const paid = sum(
    FUNDS.map((fund, at) => (funds.includes(fund) ? claim.fundsFen[at] : null) ?? fen(0n)),
  );
  const eligible = sum(claim.lines.map((line) => greatest(line.eligibleFen, fen(0n))));
  if (eligible === 0n || eligibleFen <= 0n || paid <= 0n) return fen(0n);
  return fen((2n * paid * eligibleFen + eligible) / (2n * eligible));
}

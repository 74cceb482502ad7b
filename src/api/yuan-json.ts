import { fen, toYuan } from '../kernel/money.js';

/** `amountFen` → `amountYuan`, `fen` → `yuan`. */
const NAME = /(^f|F)en$/;

/** What a use case answers, as JSON carries it: every amount in fen becomes yuan text, every other bigint its decimal text. */
export function inYuan(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(inYuan);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) =>
      NAME.test(name) && isAmount(each)
        ? [name.replace(NAME, (ending) => (ending === 'fen' ? 'yuan' : 'Yuan')), yuanOf(each)]
        : [name, inYuan(each)],
    ),
  );
}

type Amount = bigint | string | null;

function isAmount(value: unknown): value is Amount {
  return value === null || typeof value === 'bigint' || /^-?\d{1,20}$/.test(String(value));
}

function yuanOf(amount: Amount): string | null {
  return amount === null ? null : toYuan(fen(BigInt(amount)));
}

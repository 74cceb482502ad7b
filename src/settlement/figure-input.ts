import { type Fen, ZERO_FEN } from '../kernel/money.js';
import { type Figure, type FigureInput, valueText } from './figure.js';

/** A figure of the same step as input of another: it is not among the earlier ones yet. */
export function inputOf({ key, label, unit, value, clause }: Figure): FigureInput {
  return { label, value: valueText(value), unit, figure: key, clause };
}

/** A figure's amount; zero for one that is no amount. */
export function amountOf({ value }: Figure): Fen {
  return typeof value === 'bigint' ? value : ZERO_FEN;
}

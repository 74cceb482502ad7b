import { type Fen, toYuan, yuan } from '../kernel/money.js';
import type { CaseAction, CaseState } from '../review/review-states.js';
import type { PreviewQuery } from './requests.js';

/** What the caller said in words: a code, and an opinion of their own if any. */
export function said({
  reasonCode,
  opinion,
}: {
  readonly reasonCode: string;
  readonly opinion?: string | undefined;
}) {
  return { reasonCode, ...(opinion === undefined ? {} : { opinion }) };
}

/** The amount of a body, if it names one; its form was checked before. */
export function amountOf({ amountYuan }: { readonly amountYuan?: string | undefined }): {
  readonly amountFen?: Fen;
} {
  return amountYuan === undefined ? {} : { amountFen: yuan(amountYuan) };
}

interface Step {
  readonly findingId: string;
  readonly action: CaseAction;
  readonly from: CaseState;
  readonly to: CaseState;
  readonly amountFen: Fen | null;
  readonly dueOn: string | null;
}

/** What an action did, or with `?preview=true` would do. */
export function takenOf({ amountFen, ...step }: Step, { preview }: PreviewQuery) {
  const { findingId, action, from, to, dueOn } = step;
  const amountYuan = amountFen === null ? null : toYuan(amountFen);
  return { findingId, action, from, to, amountYuan, dueOn, preview: preview === 'true' };
}

/** The same of an action on many. */
export function bulkOf(
  { cases, amountFen }: { readonly cases: number; readonly amountFen: Fen },
  { preview }: PreviewQuery,
) {
  return { cases, amountYuan: toYuan(amountFen), preview: preview === 'true' };
}

import type { DemoClaim } from '../claims/model.js';
import { dateOfDay, monthNumber } from '../county/calendar.js';
import { allClaims, type County } from '../county/county.js';
import { CARE_CODES, INSURANCE_CODES, settledAt, yuanText } from '../sources/source-table.js';
import { bookedOf, QUARANTINED } from './books.js';
import type { ReconciliationTruth } from './truth.js';

/** One row of the stand-in agency's own books, in the national field names of its interface. */
export type LedgerRow = Readonly<Record<string, string>>;

export interface AgencyBooks {
  readonly rows: readonly LedgerRow[];
  readonly differences: readonly ReconciliationTruth[];
}

const HUNDRED_YUAN = 10_000n;

/**
 * The agency's books agree with the county's claims but for three planted differences: one settlement only the agency knows, one it
 * does not know, one with another fund amount. Claims whose record was quarantined are known to the agency alone, too.
 */
export function agencyBooks(county: County): AgencyBooks {
  const claims = allClaims(county).filter(({ channel }) => channel === 'direct');
  const ordinary = (month: number): DemoClaim | undefined =>
    claims.find(
      (claim) =>
        claim.institution.source === 'lead' &&
        monthNumber(claim.settledDay) === month &&
        claim.refunds === null &&
        claim.dirt === null &&
        claim.careType === 'outpatient' &&
        bookedOf(claim) > HUNDRED_YUAN / 4n,
    );
  const [extra, missing, differing] = [ordinary(3), ordinary(6), ordinary(9)];
  const rows = claims.flatMap((claim, index) => {
    if (claim === missing) return [];
    const row = ledgerRow(claim, index);
    return [
      claim === differing
        ? { ...row, fund_pay_sumamt: yuanText(claim.money.fund + HUNDRED_YUAN) }
        : row,
    ];
  });
  const unknown = extra === undefined ? [] : [unknownRow(extra)];
  const quarantined = claims.filter(({ dirt }) => dirt !== null && QUARANTINED.has(dirt.kind));
  return {
    rows: [...rows, ...unknown],
    differences: [
      ...unknown.flatMap((row) => difference('agency-extra', extra, row['setl_id'])),
      ...quarantined.flatMap((claim) => difference('agency-extra', claim)),
      ...difference('gateway-extra', missing),
      ...difference('amount-differs', differing),
    ],
  };
}

function ledgerRow(claim: DemoClaim, index: number): LedgerRow {
  const { institution, person, money } = claim;
  const sign = signOf(claim);
  const stamp = settledAt(claim).replace(/[^0-9]/g, '');
  return {
    setl_id: claim.claimNo,
    mdtrt_id: claim.claimNo,
    psn_no: person.id,
    fixmedins_code: institution.settledBy,
    insutype: INSURANCE_CODES[person.pool],
    clr_type: CARE_CODES[claim.careType],
    setl_time: settledAt(claim),
    medfee_sumamt: yuanText(sign * money.total),
    fund_pay_sumamt: yuanText(sign * money.fund),
    acct_pay: yuanText(sign * money.account),
    refd_setl_flag: claim.refunds === null ? '0' : '1',
    msgid: `${institution.settledBy}${stamp}${String(index % 10_000).padStart(4, '0')}`,
  };
}

/** A settlement that no member knows of, like one of January but of another number. */
function unknownRow(model: DemoClaim): LedgerRow {
  return {
    ...ledgerRow(model, 9_999),
    setl_id: `A${model.claimNo.slice(1)}`,
    mdtrt_id: `A${model.claimNo.slice(1)}`,
  };
}

function difference(
  kind: ReconciliationTruth['kind'],
  claim: DemoClaim | undefined,
  claimNo?: string,
): ReconciliationTruth[] {
  if (claim === undefined) return [];
  const { institution, person, money } = claim;
  return [
    {
      kind,
      month: dateOfDay(claim.settledDay).slice(0, 7),
      settledBy: institution.settledBy,
      claimNo: claimNo ?? claim.claimNo,
      pool: person.pool,
      amount: yuanText(kind === 'amount-differs' ? HUNDRED_YUAN : signOf(claim) * money.fund),
    },
  ];
}

/** The agency holds what really happened: a bill turned negative by mistake is positive there. */
function signOf({ dirt }: DemoClaim): bigint {
  return dirt?.kind === 'negative-without-refund' ? -1n : 1n;
}
